namespace Contacts.Core;

/// <summary>A custom attribute that every contact of a workspace has, set or not.</summary>
public sealed class Field
{
    /// <summary>The longest label, in characters.</summary>
    public const int MaxLabelLength = 36;

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>What values are stored under, so that a field made anew under an old key does not show old values.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name in URLs and JSON: made from the first label, never changed.</summary>
    public required string Key { get; init; }

    /// <summary>The name for people.</summary>
    public required string Label { get; set; }

    /// <summary>The label folded by <see cref="NameKey"/>: unique in the workspace.</summary>
    public required string LabelKey { get; set; }

    /// <summary>How values are answered; a change loses nothing.</summary>
    public required FieldType ValueType { get; set; }

    /// <summary>When the field was made.</summary>
    public required DateTime CreatedOn { get; init; }
}
