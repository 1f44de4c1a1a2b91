namespace Contacts.Core;

/// <summary>A series of messages to a group. Here a record with the group it uses, so that the group can't be deleted meanwhile.</summary>
public sealed class Campaign
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The public uuid.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name, unique among the workspace's campaigns in use.</summary>
    public required string Name { get; set; }

    /// <summary>The name folded by <see cref="Core.NameKey"/>.</summary>
    public required string NameKey { get; set; }

    /// <summary>The group that it addresses.</summary>
    public required Guid GroupId { get; set; }

    /// <summary>When the campaign was made.</summary>
    public required DateTime CreatedOn { get; init; }

    /// <summary>When it was put away, or null. An archived campaign no longer holds its group.</summary>
    public DateTime? ArchivedOn { get; set; }
}
