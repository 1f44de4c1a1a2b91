using Contacts.Data;
using Contacts.Urns;
using Contacts.Workspaces;
using Npgsql;

namespace Contacts.Core;

/// <summary>
/// Where URN upsert is decided: the look-up, the other form of a number, who may take whose URN, and what a race comes to.
/// Takes a batch of changes of one workspace, applies it in one transaction, and answers each change on its own.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="clock">The clock.</param>
public sealed class ContactUpsert(NpgsqlDataSource database, TimeProvider clock)
{
    private const int BatchAttempts = 3;
    private const int LoneAttempts = 20;

    // A crowd that takes one URN from each other would collide again and again: whoever did so this often queues up.
    private const int HastyAttempts = 4;
    private const string Line = "line";

    /// <summary>Applies one change.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="change">The change.</param>
    /// <param name="cancellation">Gives up before the work begins; work that began is finished.</param>
    public async Task<ContactOutcome> ApplyAsync(Workspace workspace, ContactChange change, CancellationToken cancellation) =>
        (await ApplyAsync(workspace, [change], cancellation))[0];

    /// <summary>Applies changes in the order given; a refused one refuses only itself.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="cancellation">Gives up before the work begins; work that began is finished.</param>
    /// <returns>An outcome per change, in the same order.</returns>
    /// <exception cref="BookBusyException">When a change kept colliding with others.</exception>
    public async Task<IReadOnlyList<ContactOutcome>> ApplyAsync(
        Workspace workspace, IReadOnlyList<ContactChange> changes, CancellationToken cancellation)
    {
        var attempts = changes.Count == 1 ? LoneAttempts : BatchAttempts;
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (attempt > HastyAttempts)
                names.Add(Line);
            try
            {
                if (await ApplyOnceAsync(workspace, changes, names, cancellation) is { } outcomes)
                    return outcomes;
            }
            catch (PostgresException error) when (error.MayRunAgain())
            {
                // Somebody else's transaction came first: what it left is read again from the start.
            }
            catch (PostgresException) when (changes.Count > 1)
            {
                break;
            }
        }

        if (changes.Count == 1)
            throw new BookBusyException();

        var alone = new List<ContactOutcome>(changes.Count);
        foreach (var change in changes)
            alone.Add(await ApplyAsync(workspace, change, cancellation));
        return alone;
    }

    /// <param name="workspace">The workspace.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="names">What to hold that is no row: the line, and numbers of two forms, since a contact may only be made with one while nobody else can make one with the other.</param>
    /// <param name="cancellation">Gives up before the work begins.</param>
    /// <returns>
    /// The outcomes; null when the batch has to start over, since a URN moved between its look-up and the lock, or since more numbers have to be held.
    /// </returns>
    private async Task<ContactOutcome[]?> ApplyOnceAsync(
        Workspace workspace, IReadOnlyList<ContactChange> changes, HashSet<string> names, CancellationToken cancellation)
    {
        var rows = new ContactRows(workspace.Id, names);
        foreach (var change in changes)
            Name(rows, workspace, change);

        await using var connection = await database.OpenConnectionAsync(cancellation);
        var read = await rows.BeginAsync(connection);
        if (read is null)
            return null;

        var decisions = new Decisions(workspace, new ContactBatch(read.Contacts), read, clock.Now());
        var outcomes = new ContactOutcome[changes.Count];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = decisions.Decide(changes[i]);
        if (HoldMore(names, decisions.NewNumbers))
            return null;
        await rows.CommitAsync(connection, decisions.Batch.Differences(), clock.Now());
        return outcomes;
    }

    private static bool HoldMore(HashSet<string> names, List<string> needed)
    {
        var held = names.Count;
        names.UnionWith(needed);
        return names.Count > held;
    }

    /// <summary>Names everything that a change may touch, so that it is locked before it is read.</summary>
    private static void Name(ContactRows rows, Workspace workspace, ContactChange change)
    {
        if (change.Id is { } id)
            rows.Ids.Add(id);
        if (change.Urn is { } urn)
        {
            rows.Identities.Add(urn.Identity);
            if (OtherForm(workspace, urn) is { } other)
                rows.Identities.Add(other);
        }

        foreach (var listed in change.Urns ?? [])
            rows.Identities.Add(listed.Identity);
        foreach (var group in Joined(change))
            rows.GroupIds.Add(group.Group.Id);
        rows.ReplacesGroups |= change.Groups is not null || change.Status is not null;
    }

    private static IEnumerable<NamedGroup> Joined(ContactChange change) =>
        change.AddTo is { } group ? (change.Groups ?? []).Append(group) : change.Groups ?? [];

    /// <summary>The identity under which the same person may be known, when the workspace says that both forms are one.</summary>
    private static string? OtherForm(Workspace workspace, Urn urn) => workspace.VerifyNinthDigit ? urn.OtherForm() : null;

    /// <summary>The decisions of one batch.</summary>
    private sealed class Decisions(Workspace workspace, ContactBatch batch, HeldRows held, DateTime now)
    {
        public ContactBatch Batch => batch;

        /// <summary>The numbers of two forms that contacts were made with.</summary>
        public List<string> NewNumbers { get; } = [];

        public ContactOutcome Decide(ContactChange change)
        {
            var found = Find(change);
            if (change.Delete)
                return found is null or { IsDeleted: true } ? Refuse(new Refusal.NotFound()) : Delete(found);
            foreach (var (group, reference) in Joined(change))
            {
                if (!held.GroupIds.Contains(group.Id))
                    return Refuse(new Refusal.GroupUnknown(reference));
            }

            if (found is not null)
                return found.IsDeleted ? Refuse(new Refusal.ContactDeleted()) : Update(found, change);
            return change.Id is null ? Create(change) : Refuse(new Refusal.NotFound());
        }

        private Contact? Find(ContactChange change)
        {
            if (change.Id is { } id)
                return batch.ById(id);
            if (change.Urn is not { } urn)
                return null;
            return batch.ByIdentity(urn.Identity) ?? (OtherForm(workspace, urn) is { } other ? batch.ByIdentity(other) : null);
        }

        private ContactOutcome Create(ContactChange change)
        {
            if (change.Urn is { } urn && urn.Validate() is not UrnFault.None and var fault)
                return Refuse(new Refusal.UrnInvalid(urn.ToString(), fault));
            if (change.Urn is { } number && OtherForm(workspace, number) is { } other)
                NewNumbers.Add(string.CompareOrdinal(number.Identity, other) < 0 ? number.Identity : other);
            var urns = change.Urn is { } own ? [own] : Distinct(change.Urns ?? []);
            foreach (var wanted in urns)
            {
                if (batch.ByIdentity(wanted.Identity) is not null)
                    return Refuse(new Refusal.UrnTaken(wanted.Identity));
            }

            var contact = new Contact
            {
                WorkspaceId = workspace.Id,
                Id = RowId.At(now),
                Name = change.Name.Value,
                Language = change.Language.Value,
                CreatedOn = now,
                ModifiedOn = now,
                Urns = urns,
                GroupIds = [.. (change.Groups ?? []).Select(named => named.Group.Id).Distinct()],
            };
            SetFields(contact, change);
            batch.Put(contact);
            return new ContactOutcome(ContactEffect.Created, contact, null);
        }

        private ContactOutcome Update(Contact before, ContactChange change)
        {
            var contact = before.Copy();
            contact.Status = change.Status ?? before.Status;
            if (contact.Status != ContactStatus.Active && Joined(change).Any())
                return Refuse(new Refusal.ContactNotActive());
            contact.Name = change.Name.Or(before.Name);
            contact.Language = change.Language.Or(before.Language);
            var changed = contact.Name != before.Name || contact.Language != before.Language || contact.Status != before.Status;
            changed |= SetFields(contact, change);
            changed |= SetGroups(contact, change);
            changed |= SetUrns(contact, change);
            if (!changed)
                return new ContactOutcome(ContactEffect.Updated, before, null);
            Touch(contact);
            batch.Put(contact);
            return new ContactOutcome(ContactEffect.Updated, contact, null);
        }

        private ContactOutcome Delete(Contact before)
        {
            var contact = before.Copy();
            contact.Name = null;
            contact.Language = null;
            contact.Fields = new FieldValues();
            contact.Urns = [];
            contact.GroupIds = [];
            contact.DeletedOn = now;
            Touch(contact);
            batch.Put(contact);
            return new ContactOutcome(ContactEffect.Deleted, contact, null);
        }

        private static bool SetFields(Contact contact, ContactChange change)
        {
            if (change.Fields is not { Count: > 0 } wanted)
                return false;
            var values = contact.Fields.Clone();
            var changed = false;
            foreach (var (field, value) in wanted)
                changed |= values.Set(field, value);
            if (changed)
                contact.Fields = values;
            return changed;
        }

        /// <summary>A list replaces the static groups; the dynamic ones are their search's. Whoever is not active is in no static group.</summary>
        private bool SetGroups(Contact contact, ContactChange change)
        {
            if (change is { Groups: null, AddTo: null, RemoveFrom: null, Status: null })
                return false;
            IEnumerable<Guid> wanted = contact.GroupIds;
            if (change.Groups is not null || change.Status is not (null or ContactStatus.Active))
                wanted = (change.Groups ?? []).Select(named => named.Group.Id).Union(contact.GroupIds.Where(held.DynamicGroupIds.Contains));
            if (change.AddTo is { } added)
                wanted = wanted.Append(added.Group.Id);
            if (change.RemoveFrom is { } removed)
                wanted = wanted.Where(id => id != removed.Id);
            Guid[] groups = [.. wanted.Distinct()];
            if (groups.Length == contact.GroupIds.Count && groups.All(contact.GroupIds.Contains))
                return false;
            contact.GroupIds = groups;
            return true;
        }

        /// <summary>The list replaces and orders the URNs, and takes those that others have.</summary>
        private bool SetUrns(Contact contact, ContactChange change)
        {
            if (change.Urns is null)
                return false;
            var wanted = Distinct(change.Urns);
            for (var i = 0; i < wanted.Length; i++)
            {
                if (batch.ByIdentity(wanted[i].Identity) is not { } owner)
                    continue;
                if (owner.Id != contact.Id)
                    TakeFrom(owner, wanted[i].Identity);
                else if (wanted[i].Display is null)
                    wanted[i] = contact.Urns.First(urn => urn.Identity == wanted[i].Identity);
            }

            if (wanted.Select(urn => urn.ToString()).SequenceEqual(contact.Urns.Select(urn => urn.ToString())))
                return false;
            contact.Urns = wanted;
            return true;
        }

        private void TakeFrom(Contact owner, string identity)
        {
            var poorer = owner.Copy();
            poorer.Urns = [.. owner.Urns.Where(urn => urn.Identity != identity)];
            Touch(poorer);
            batch.Put(poorer);
        }

        /// <summary>Time never runs backwards for a contact, also when this server's clock is behind another's.</summary>
        private void Touch(Contact contact)
        {
            var next = contact.ModifiedOn.AddMicroseconds(1);
            contact.ModifiedOn = now > next ? now : next;
        }

        private static Urn[] Distinct(IReadOnlyList<Urn> urns) => [.. urns.DistinctBy(urn => urn.Identity)];

        private static ContactOutcome Refuse(Refusal refusal) => ContactOutcome.Refused(refusal);
    }
}

/// <summary>A change kept colliding with others; nothing of it was written, and it may be sent again.</summary>
public sealed class BookBusyException() : Exception("The contact is being changed by too many calls at once; nothing was written.");
