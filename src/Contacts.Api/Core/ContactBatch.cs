using Contacts.Urns;
using Contacts.Webhooks;
using Contacts.Workspaces;

namespace Contacts.Core;

/// <summary>
/// The contacts that one transaction holds, as they were read and as they are now. Changes of a batch see each other here;
/// what is written in the end is the difference between the two, however many changes led to it.
/// </summary>
internal sealed class ContactBatch
{
    private readonly Dictionary<Guid, Contact> _read = [];
    private readonly Dictionary<Guid, Contact> _now = [];
    private readonly Dictionary<string, Guid> _readOwners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> _owners = new(StringComparer.Ordinal);
    private List<(ChangeJournal Journal, ContactStep Step)>? _steps;

    /// <summary>The contacts read and locked.</summary>
    /// <param name="contacts">With their URNs and groups.</param>
    public ContactBatch(IEnumerable<Contact> contacts)
    {
        foreach (var contact in contacts)
        {
            _read.Add(contact.Id, contact);
            _now.Add(contact.Id, contact);
            foreach (var urn in contact.Urns)
            {
                _readOwners.Add(urn.Identity, contact.Id);
                _owners.Add(urn.Identity, contact.Id);
            }
        }
    }

    /// <summary>Where each change is told of, in order; null when nobody wants to know.</summary>
    public List<ContactEvent>? Events { get; init; }

    /// <summary>Whether events leave addresses out.</summary>
    public bool HidesAddresses { get; init; }

    /// <summary>Who makes the changes that come next.</summary>
    public string? By { get; set; }

    /// <summary>Where the changes that come next are noted, or null.</summary>
    public ChangeJournal? Journal { get; set; }

    /// <summary>The contact with an id as it is now, or null.</summary>
    /// <param name="id">The id.</param>
    public Contact? ById(Guid id) => _now.GetValueOrDefault(id);

    /// <summary>The contact that has a URN now, or null.</summary>
    /// <param name="identity">The URN's identity.</param>
    public Contact? ByIdentity(string identity) => _owners.TryGetValue(identity, out var id) ? _now[id] : null;

    /// <summary>Sets a contact to a new state; the URNs that it gave up are free for the changes that follow.</summary>
    /// <param name="contact">The new state: a copy, never the instance that was read.</param>
    public void Put(Contact contact)
    {
        if (_now.TryGetValue(contact.Id, out var before))
        {
            foreach (var urn in before.Urns)
            {
                if (_owners.GetValueOrDefault(urn.Identity) == contact.Id)
                    _owners.Remove(urn.Identity);
            }
        }

        foreach (var urn in contact.Urns)
            _owners[urn.Identity] = contact.Id;
        _now[contact.Id] = contact;
        if (Events is not null)
            Tell(before, contact);
        if (Journal is not null)
            (_steps ??= []).Add((Journal, new ContactStep(before, contact)));
    }

    /// <summary>Notes everything that was written where it was asked for.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="outcomes">An outcome per change.</param>
    public void Note(IReadOnlyList<ContactChange> changes, ContactOutcome[] outcomes)
    {
        foreach (var (journal, step) in _steps ?? [])
            journal.Note(step);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Contact is { } contact)
                changes[i].Journal?.Note(changes[i], contact);
        }
    }

    /// <summary>A move is an event of its own; what else changed is told before it.</summary>
    private void Tell(Contact? before, Contact contact)
    {
        var happened = ContactEvent.Of(before, contact, By, HidesAddresses);
        var move = ContactEvent.OfMove(before, contact, By, HidesAddresses);
        if (move is null || happened.Changed is { Count: > 0 })
            Events!.Add(happened);
        if (move is not null)
            Events!.Add(move);
    }

    /// <summary>What has to be written so that the database holds what is here.</summary>
    public ContactWrites Differences()
    {
        var writes = new ContactWrites();
        foreach (var contact in _now.Values)
        {
            var before = _read.GetValueOrDefault(contact.Id);
            if (ReferenceEquals(before, contact))
                continue;
            (before is null ? writes.Inserted : writes.Updated).Add(contact);
            writes.ChangesAttributes |= !ContactAttributes.AreSame(before, contact);
            CompareUrns(writes, before?.Urns ?? [], contact);
            CompareGroups(writes, before?.GroupIds ?? [], contact);
        }

        writes.FreedIdentities.AddRange(_readOwners.Keys.Where(identity => !_owners.ContainsKey(identity)));
        return writes;
    }

    private void CompareUrns(ContactWrites writes, IReadOnlyList<Urn> before, Contact contact)
    {
        if (ReferenceEquals(before, contact.Urns))
            return;
        for (var position = 0; position < contact.Urns.Count; position++)
        {
            var urn = contact.Urns[position];
            if (position < before.Count && before[position].Identity == urn.Identity && before[position].Display == urn.Display)
                continue;
            var row = new ContactUrnRow(urn, contact.Id, position);
            (_readOwners.ContainsKey(urn.Identity) ? writes.MovedUrns : writes.NewUrns).Add(row);
        }
    }

    private static void CompareGroups(ContactWrites writes, IReadOnlyList<Guid> before, Contact contact)
    {
        if (ReferenceEquals(before, contact.GroupIds))
            return;
        writes.Joined.AddRange(contact.GroupIds.Except(before).Select(group => (group, contact.Id)));
        writes.Left.AddRange(before.Except(contact.GroupIds).Select(group => (group, contact.Id)));
    }
}

/// <summary>A URN's row as it should be.</summary>
/// <param name="Urn">The URN.</param>
/// <param name="ContactId">Whose it is.</param>
/// <param name="Position">Its place in the contact's list.</param>
internal readonly record struct ContactUrnRow(Urn Urn, Guid ContactId, int Position);

/// <summary>Rows to write, by table and kind of statement.</summary>
internal sealed class ContactWrites
{
    /// <summary>Contacts that were made.</summary>
    public List<Contact> Inserted { get; } = [];

    /// <summary>Contacts that changed.</summary>
    public List<Contact> Updated { get; } = [];

    /// <summary>Whether tags, a profile or a stage of any of them changed; else those columns are left out.</summary>
    public bool ChangesAttributes { get; set; }

    /// <summary>Identities that nobody has any more.</summary>
    public List<string> FreedIdentities { get; } = [];

    /// <summary>URNs that changed their owner, place or display.</summary>
    public List<ContactUrnRow> MovedUrns { get; } = [];

    /// <summary>URNs that nobody had when the batch was read.</summary>
    public List<ContactUrnRow> NewUrns { get; } = [];

    /// <summary>Memberships that began.</summary>
    public List<(Guid GroupId, Guid ContactId)> Joined { get; } = [];

    /// <summary>Memberships that ended.</summary>
    public List<(Guid GroupId, Guid ContactId)> Left { get; } = [];

    /// <summary>Claims that were used, what for, and on which contact when it is one.</summary>
    public Dictionary<Guid, (CallEffect Effect, Guid? ContactId)> UsedClaims { get; } = [];

    /// <summary>What is to be told to subscribers.</summary>
    public IReadOnlyList<OutboxRow> Outgoing { get; set; } = [];

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => Inserted.Count == 0 && Updated.Count == 0;

    /// <summary>Notes what changes under claims came to; a refused change can be refused again.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="outcomes">An outcome per change.</param>
    /// <returns>This.</returns>
    public ContactWrites Noting(IReadOnlyList<ContactChange> changes, ContactOutcome[] outcomes)
    {
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (changes[i].Claim is not { } claim || outcomes[i].Contact is not { } contact)
                continue;
            var effect = outcomes[i].Effect switch
            {
                ContactEffect.Created => CallEffect.Created,
                ContactEffect.Deleted => CallEffect.Deleted,
                _ => CallEffect.Updated,
            };
            UsedClaims[claim.Id] = UsedClaims.ContainsKey(claim.Id) ? (CallEffect.Several, null) : (effect, contact.Id);
        }

        return this;
    }

    /// <summary>How each group's count changes.</summary>
    public IEnumerable<(Guid GroupId, long Delta)> CountChanges() =>
        Joined.Select(member => (member.GroupId, Delta: 1L))
            .Concat(Left.Select(member => (member.GroupId, Delta: -1L)))
            .GroupBy(change => change.GroupId, change => change.Delta)
            .Select(group => (group.Key, Delta: group.Sum()))
            .Where(change => change.Delta != 0);
}
