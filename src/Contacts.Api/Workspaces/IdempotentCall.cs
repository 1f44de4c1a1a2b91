namespace Contacts.Workspaces;

/// <summary>What a call came to in the book, as far as an answer can be made of it again.</summary>
public enum CallEffect
{
    /// <summary>Several objects were changed.</summary>
    Several = 0,

    /// <summary>One object was made.</summary>
    Created = 1,

    /// <summary>One object is now as asked.</summary>
    Updated = 2,

    /// <summary>One object was deleted.</summary>
    Deleted = 3,
}

/// <summary>A call that its client named by a key, so that sending it again does not carry it out again.</summary>
public sealed class IdempotentCall
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The claim of whoever carries the call out: see <see cref="Claim"/>.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose call. Keys of different tokens are different keys.</summary>
    public required Guid TokenId { get; init; }

    /// <summary>The client's key.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of what makes two calls the same, as the dialect sees it.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>Until when nobody else may carry the call out, while it has no answer.</summary>
    public required DateTime LeasedUntil { get; init; }

    /// <summary>From when on the key is free again.</summary>
    public required DateTime ExpiresOn { get; init; }

    /// <summary>What it came to, written in the transaction that changed the book; null as long as nothing was changed.</summary>
    public CallEffect? Effect { get; init; }

    /// <summary>The one object that it is about: a uuid, or a field's key.</summary>
    public string? Subject { get; init; }

    /// <summary>The answer's status; null until there is one.</summary>
    public int? Status { get; init; }

    /// <summary>The answer's content type, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>The answer's body; null when it was not kept.</summary>
    public byte[]? Body { get; init; }
}
