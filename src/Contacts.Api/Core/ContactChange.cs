using Contacts.Urns;
using Contacts.Workspaces;

namespace Contacts.Core;

/// <summary>What one request wants of one contact, in no dialect's words. What it does not name stays as it is.</summary>
public sealed record ContactChange
{
    /// <summary>The claim that the change is made under, noted in the transaction that writes it: that of the call that made this object, or null.</summary>
    public Claim? Claim { get; init; } = Claim.Current;

    /// <summary>Where the change is noted when it is written: the journal of the call that made this object, or null.</summary>
    public ChangeJournal? Journal { get; init; } = ChangeJournal.Current;

    /// <summary>The name of the token that makes the change, for whoever is told of it; null when it is no call's.</summary>
    public string? By { get; init; }

    /// <summary>The contact by its id. With neither this nor <see cref="Urn"/> a contact is made.</summary>
    public Guid? Id { get; init; }

    /// <summary>The contact by a URN; when nobody has it, a contact is made with it.</summary>
    public Urn? Urn { get; init; }

    /// <summary>Whether the contact is made under <see cref="Id"/> when there is none with it: a change that is repeated then makes one contact.</summary>
    public bool MakesId { get; init; }

    /// <summary>
    /// The contact as its maker saw it was last changed at this time; when it changed since, the change is refused. Null to change it all the same.
    /// </summary>
    public DateTime? SeenOn { get; init; }

    /// <summary>
    /// The contact that is made has numbers that nobody has, in whatever form and on whatever channel. Without this only a URN itself must be free.
    /// </summary>
    public bool MustBeNew { get; init; }

    /// <summary>Delete the contact; nothing else is looked at then.</summary>
    public bool Delete { get; init; }

    /// <summary>Another contact to join to the one named by <see cref="Id"/>: it gives what that one lacks and is deleted. Nothing else is looked at then.</summary>
    public Guid? Merge { get; init; }

    /// <summary>The new name.</summary>
    public Optional<string?> Name { get; init; }

    /// <summary>The new language.</summary>
    public Optional<string?> Language { get; init; }

    /// <summary>
    /// All its URNs, most wanted first; null leaves them. An existing contact takes over those that others have;
    /// a contact that is made may not.
    /// </summary>
    public IReadOnlyList<Urn>? Urns { get; init; }

    /// <summary>
    /// URNs to add behind those it has, unless it has them in any form. Without <see cref="Id"/> and <see cref="Urn"/> the contact is named by the
    /// first of these that anybody has. What is another contact's is refused.
    /// </summary>
    public IReadOnlyList<Urn> AddUrns { get; init; } = [];

    /// <summary>URNs to replace, scheme by scheme; others stay as they are. Unlike with <see cref="Urns"/>, nothing is taken from another contact.</summary>
    public IReadOnlyList<UrnReplacement> Replace { get; init; } = [];

    /// <summary>All its tags, each once; null leaves them.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Tags to add behind those that are there.</summary>
    public IReadOnlyList<string>? AddTags { get; init; }

    /// <summary>Tags to take away; a tag that is both added and taken away is gone.</summary>
    public IReadOnlyList<string>? RemoveTags { get; init; }

    /// <summary>What changes of the profile; null for nothing.</summary>
    public ProfileChange? Profile { get; init; }

    /// <summary>The stage to move to, known to exist; null for none.</summary>
    public Optional<Guid?> StageId { get; init; }

    /// <summary>Active, blocked, stopped or archived; null leaves it. Whoever is not active leaves the static groups.</summary>
    public ContactStatus? Status { get; init; }

    /// <summary>A static group to put the contact into, beside those it is in.</summary>
    public NamedGroup? AddTo { get; init; }

    /// <summary>Whether <see cref="Urns"/> takes none that is another contact's in any form: the change is refused then.</summary>
    public bool TakesNothing { get; init; }

    /// <summary>Several such groups.</summary>
    public IReadOnlyList<NamedGroup> AddGroups { get; init; } = [];

    /// <summary>A static group to take the contact out of.</summary>
    public Group? RemoveFrom { get; init; }

    /// <summary>All its static groups; null leaves them.</summary>
    public IReadOnlyList<NamedGroup>? Groups { get; init; }

    /// <summary>Values by field id, null to clear; fields that are not named stay.</summary>
    public IReadOnlyDictionary<Guid, FieldValue?>? Fields { get; init; }

    /// <summary>Whether a value that reads as the stored one's moment changes nothing, however it is written: lists are exported in ISO 8601.</summary>
    public bool ComparesMoments { get; init; }

    /// <summary>The groups that it puts its contact into.</summary>
    internal IEnumerable<NamedGroup> Joined()
    {
        var groups = AddGroups.Concat(Groups ?? []);
        return AddTo is { } group ? groups.Append(group) : groups;
    }
}

/// <summary>A group that a request names, for the case that it goes while the request is on its way.</summary>
/// <param name="Group">The group.</param>
/// <param name="Reference">How the request named it.</param>
public readonly record struct NamedGroup(Group Group, string Reference);

/// <summary>What became of a change.</summary>
public enum ContactEffect
{
    /// <summary>Nothing was written: see the refusal.</summary>
    Refused,

    /// <summary>A contact was made.</summary>
    Created,

    /// <summary>The contact is now as asked, whether or not anything had to change.</summary>
    Updated,

    /// <summary>The contact is deleted.</summary>
    Deleted,
}

/// <summary>The answer to one change.</summary>
/// <param name="Effect">What became of it.</param>
/// <param name="Contact">The contact right after this change; null when refused.</param>
/// <param name="Refusal">Why it was refused, or null.</param>
public readonly record struct ContactOutcome(ContactEffect Effect, Contact? Contact, Refusal? Refusal)
{
    /// <summary>The contact right before this change; null when it was made, or nothing of it changed.</summary>
    public Contact? Before { get; init; }

    /// <summary>A refused change.</summary>
    /// <param name="refusal">Why.</param>
    public static ContactOutcome Refused(Refusal refusal) => new(ContactEffect.Refused, null, refusal);
}
