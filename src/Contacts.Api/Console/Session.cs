namespace Contacts.Console;

/// <summary>Somebody who is signed in, or a link that signs in once. It acts as one token, and ends with it.</summary>
public sealed class Session
{
    /// <summary>SHA-256 of the cookie's value, or of the link's key.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The workspace that it is in.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The token that it acts as.</summary>
    public required Guid TokenId { get; init; }

    /// <summary>Whether this is a link that nobody has used yet.</summary>
    public required bool IsLink { get; init; }

    /// <summary>When it began.</summary>
    public required DateTime BegunOn { get; init; }

    /// <summary>When it ends unless it is used before; links end then whatever happens.</summary>
    public required DateTime ExpiresOn { get; set; }
}

/// <summary>One of the keys that guard forms, as the framework writes it.</summary>
public sealed class FormKey
{
    /// <summary>The row's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The key.</summary>
    public required string Xml { get; init; }
}
