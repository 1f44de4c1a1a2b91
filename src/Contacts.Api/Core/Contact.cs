using Contacts.Urns;

namespace Contacts.Core;

/// <summary>What may be sent to a contact.</summary>
public enum ContactStatus
{
    /// <summary>An ordinary contact.</summary>
    Active = 0,

    /// <summary>Shut out by the workspace: it leaves its static groups.</summary>
    Blocked = 1,

    /// <summary>The contact asked to be left alone.</summary>
    Stopped = 2,

    /// <summary>Put away by the workspace.</summary>
    Archived = 3,
}

/// <summary>One person of a workspace's book.</summary>
/// <remarks>
/// The engine never changes an instance that an answer may hold: each change works on a <see cref="Copy"/>.
/// Times are UTC with whole microseconds, PostgreSQL's own resolution.
/// </remarks>
public sealed class Contact
{
    /// <summary>How many tags a contact may have.</summary>
    public const int MaxTags = 100;

    /// <summary>How many URNs a contact may come to have by a merge: as many as a dialect's list may name.</summary>
    public const int MaxUrns = 100;

    /// <summary>The workspace that the contact belongs to, for good.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The public uuid: version 7, ordered by <see cref="CreatedOn"/> (see <see cref="RowId"/>).</summary>
    public required Guid Id { get; init; }

    /// <summary>The full name, at most 100 characters, or null.</summary>
    public string? Name { get; set; }

    /// <summary>The ISO 639-3 code in the letter case that it was given in, or null.</summary>
    public string? Language { get; set; }

    /// <summary>Active, blocked, stopped or archived.</summary>
    public ContactStatus Status { get; set; }

    /// <summary>The values of the workspace's fields.</summary>
    public FieldValues Fields { get; set; } = new();

    /// <summary>Words that people sort contacts by, each once, in the order in which they were given. Empty for most.</summary>
    public IReadOnlyList<string> Tags { get; set; } = [];

    /// <summary>What customer relations know of it. Empty for most.</summary>
    public ContactProfile Profile { get; set; } = ContactProfile.Empty;

    /// <summary>The stage of the funnel that it is in, or null. A stage that is not there any more is none.</summary>
    public Guid? StageId { get; set; }

    /// <summary>When the contact was made.</summary>
    public required DateTime CreatedOn { get; init; }

    /// <summary>When anything of it last changed; never runs backwards.</summary>
    public DateTime ModifiedOn { get; set; }

    /// <summary>When the contact was last heard of, or null.</summary>
    public DateTime? LastSeenOn { get; set; }

    /// <summary>When the contact was deleted; null while it lives. A deleted contact is a tombstone without personal data.</summary>
    public DateTime? DeletedOn { get; set; }

    /// <summary>The URNs, most wanted first. Not a column: rows of <see cref="ContactUrn"/>.</summary>
    public IReadOnlyList<Urn> Urns { get; set; } = [];

    /// <summary>The groups it is a member of, in no order. Not a column: rows of <see cref="GroupMember"/>.</summary>
    public IReadOnlyList<Guid> GroupIds { get; set; } = [];

    /// <summary>Whether the contact was deleted.</summary>
    public bool IsDeleted => DeletedOn is not null;

    /// <summary>A copy to change; the values of fields are shared until <see cref="Fields"/> is replaced.</summary>
    public Contact Copy() => (Contact)MemberwiseClone();
}
