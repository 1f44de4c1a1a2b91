namespace Contacts.Core;

/// <summary>One step of a workspace's funnel. A contact is in one at most.</summary>
public sealed class Stage
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>How many stages a workspace may have.</summary>
    public const int MaxCount = 100;

    /// <summary>The colour of a stage that was given none.</summary>
    public const string DefaultColor = "#6366f1";

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The public uuid.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name for people; two stages may share one.</summary>
    public required string Name { get; set; }

    /// <summary>Its place in the funnel, from 0, without gaps.</summary>
    public required int Position { get; set; }

    /// <summary>The colour, as <c>#rrggbb</c>.</summary>
    public required string Color { get; set; }

    /// <summary>When it was made.</summary>
    public required DateTime CreatedOn { get; init; }

    /// <summary>When its name, colour or place last changed.</summary>
    public required DateTime ModifiedOn { get; set; }
}

/// <summary>A stage with the number of contacts in it.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Count">Its contacts.</param>
public sealed record CountedStage(Stage Stage, long Count);
