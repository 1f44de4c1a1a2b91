namespace Contacts.Workspaces;

/// <summary>How many calls of one token and scope one server let through within a minute, or five seconds. Only that server writes the row.</summary>
public sealed class RequestCount
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>When the first of the calls came; all of them fall out of the count a period after it.</summary>
    public required DateTime BeganOn { get; init; }

    /// <summary>Whose calls.</summary>
    public required Guid TokenId { get; init; }

    /// <summary>What they are counted under, as the dialect names it.</summary>
    public required string Scope { get; init; }

    /// <summary>The server that let them through.</summary>
    public required Guid ServerId { get; init; }

    /// <summary>How many calls.</summary>
    public required int Count { get; init; }
}
