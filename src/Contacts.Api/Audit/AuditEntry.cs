namespace Contacts.Audit;

/// <summary>What somebody did to a workspace through the management API, the console or the command line. Written before it is done, so that nothing is done without.</summary>
public sealed class AuditEntry
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The entry's id: begins with the time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The token of whoever did it; null at the command line.</summary>
    public Guid? TokenId { get; init; }

    /// <summary>The token's name at that time.</summary>
    public string? TokenName { get; init; }

    /// <summary>The token's role: <c>administrator</c>.</summary>
    public string? Role { get; init; }

    /// <summary>Where: <c>management</c>, <c>console</c> or <c>command</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>What: the operation's name (<c>createToken</c>), or the page and its form (<c>tokens/new create</c>).</summary>
    public required string Action { get; init; }

    /// <summary>The path, escaped, which names what it was done to; null at the command line.</summary>
    public string? Path { get; init; }

    /// <summary>What it came to, such as <c>token 0197…</c>, the first few of it; null when nothing, or when it is gone with its rows.</summary>
    public string? Subject { get; set; }

    /// <summary>The address that it came from; null at the command line.</summary>
    public string? Address { get; init; }

    /// <summary>The id that log lines and the answer carry; null at the command line.</summary>
    public string? RequestId { get; init; }

    /// <summary>The status that it was answered with; null while it runs, and for good when the server fell over it.</summary>
    public int? Status { get; set; }
}
