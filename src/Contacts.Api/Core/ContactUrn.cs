namespace Contacts.Core;

/// <summary>One URN of a contact, as a row. The identity is unique in its workspace: one person per address.</summary>
public sealed class ContactUrn
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary><c>scheme:path</c>, normalised.</summary>
    public required string Identity { get; init; }

    /// <summary>Whose URN it is.</summary>
    public required Guid ContactId { get; set; }

    /// <summary>Its place in the contact's list, from 0; the first is the most wanted.</summary>
    public required int Position { get; set; }

    /// <summary>How people know the address (a user name beside a numeric id), or null.</summary>
    public string? Display { get; set; }
}
