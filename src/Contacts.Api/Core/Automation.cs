namespace Contacts.Core;

/// <summary>The kinds of automation, in the order in which they are looked for when a group is to be deleted.</summary>
public enum AutomationKind
{
    /// <summary>What starts a flow.</summary>
    Trigger,

    /// <summary>A conversation that runs by itself.</summary>
    Flow,

    /// <summary>A series of messages to a group.</summary>
    Campaign,
}

/// <summary>
/// A trigger, flow or campaign: here a record with the groups it uses, so that none of them is deleted meanwhile. Nothing is sent and nothing runs.
/// </summary>
public sealed class Automation
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The public uuid.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is.</summary>
    public required AutomationKind Kind { get; init; }

    /// <summary>Counts up from 1 within the workspace and kind, and is never given twice: what triggers are called by.</summary>
    public required int Number { get; init; }

    /// <summary>The name, unique among those of its kind in use.</summary>
    public required string Name { get; set; }

    /// <summary>The name folded by <see cref="Core.NameKey"/>.</summary>
    public required string NameKey { get; set; }

    /// <summary>What sort of flow or trigger it is (<c>message</c>, <c>keyword</c>); empty for campaigns.</summary>
    public required string Type { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTime CreatedOn { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTime ModifiedOn { get; set; }

    /// <summary>When it was put away, or null while it is in use. What is archived holds no group.</summary>
    public DateTime? ArchivedOn { get; set; }
}

/// <summary>A group that an automation uses.</summary>
public sealed class AutomationGroup
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The automation.</summary>
    public required Guid AutomationId { get; init; }

    /// <summary>The group.</summary>
    public required Guid GroupId { get; init; }
}
