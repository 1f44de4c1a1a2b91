using Contacts.Data;
using Contacts.Urns;
using Contacts.Workspaces;

namespace Contacts.Core;

/// <summary>
/// Where URN upsert is decided: the look-up, the other form of a number, and who may take whose URN. Decides the changes of one batch, one after the
/// other, over the contacts that its transaction holds; what a race comes to is <see cref="ContactWriter"/>'s.
/// </summary>
/// <param name="workspace">The workspace.</param>
/// <param name="batch">The contacts.</param>
/// <param name="held">What else the transaction holds.</param>
/// <param name="now">The time of the changes.</param>
internal sealed class ContactUpsert(Workspace workspace, ContactBatch batch, HeldRows held, DateTime now)
{
    private int _made;

    /// <summary>The contacts as the decisions left them.</summary>
    public ContactBatch Batch => batch;

    /// <summary>The numbers of two forms that contacts were made with.</summary>
    public List<string> NewNumbers { get; } = [];

    /// <summary>Groups that contacts got by a merge, and that have to be held for it.</summary>
    public List<Guid> NewGroups { get; } = [];

    /// <summary>Decides a change; one that is refused leaves everything as it is.</summary>
    /// <param name="change">The change.</param>
    public ContactOutcome Decide(ContactChange change)
    {
        batch.By = change.By;
        batch.Journal = change.Journal;
        var found = Find(change);
        if (change.Delete)
            return found is null or { IsDeleted: true } ? Refuse(new Refusal.NotFound()) : Delete(found);
        if (change.Merge is { } other)
            return Merge(found, other);
        foreach (var (group, reference) in change.Joined())
        {
            if (!held.GroupIds.Contains(group.Id))
                return Refuse(new Refusal.GroupUnknown(reference));
        }

        if (found is null)
            return change.Id is null || change.MakesId ? Create(change) : Refuse(new Refusal.NotFound());
        if (found.IsDeleted)
            return Refuse(new Refusal.ContactDeleted());
        return change.SeenOn is { } seen && seen != found.ModifiedOn ? Refuse(new Refusal.ContactChanged(found)) : Update(found, change);
    }

    private Contact? Find(ContactChange change)
    {
        if (change.Id is { } id)
            return batch.ById(id);
        return change.Urn is { } urn ? OwnerOf(urn) : change.AddUrns.Select(OwnerOf).FirstOrDefault(owner => owner is not null);
    }

    private Contact? OwnerOf(Urn urn) =>
        batch.ByIdentity(urn.Identity) ?? (OtherForm(workspace, urn) is { } other ? batch.ByIdentity(other) : null);

    private ContactOutcome Create(ContactChange change)
    {
        if (change.Urn is { } urn && urn.Validate() is not UrnFault.None and var fault)
            return Refuse(new Refusal.UrnInvalid(urn.ToString(), fault));
        if (change.Urn is { } number && OtherForm(workspace, number) is { } other)
            NewNumbers.Add(string.CompareOrdinal(number.Identity, other) < 0 ? number.Identity : other);
        if (RefuseOwned(change, null) is { } owned)
            return Refuse(owned);
        var urns = ContactNumbers.Add(workspace, change.Urn is { } own ? [own] : Distinct(change.Urns ?? []), change.AddUrns);
        foreach (var wanted in urns)
        {
            if ((change.MustBeNew ? RefuseTaken(wanted, null) : RefuseExactly(wanted)) is { } taken)
                return Refuse(taken);
        }

        // A microsecond apart, so that lists show the contacts of one batch in the order in which they came.
        var createdOn = now.AddMicroseconds(_made++);
        var contact = new Contact
        {
            WorkspaceId = workspace.Id,
            Id = change.Id ?? RowId.At(createdOn),
            Name = change.Name.Value,
            Language = change.Language.Value,
            CreatedOn = createdOn,
            ModifiedOn = createdOn,
            Urns = urns,
            GroupIds = [.. change.Joined().Select(named => named.Group.Id).Distinct()],
        };
        SetFields(contact, change);
        ContactAttributes.Set(contact, change);
        if (ContactAttributes.Refuse(contact) is { } refusal)
            return Refuse(refusal);
        batch.Put(contact);
        return new ContactOutcome(ContactEffect.Created, contact, null);
    }

    private ContactOutcome Update(Contact before, ContactChange change)
    {
        var contact = before.Copy();
        contact.Status = change.Status ?? before.Status;
        if (contact.Status != ContactStatus.Active && change.Joined().Any())
            return Refuse(new Refusal.ContactNotActive());
        foreach (var (_, urn) in change.Replace)
        {
            if (urn is { } wanted && RefuseTaken(wanted, contact) is { } taken)
                return Refuse(taken);
        }

        if (RefuseOwned(change, contact) is { } owned)
            return Refuse(owned);
        var changed = ContactAttributes.Set(contact, change);
        if (changed && ContactAttributes.Refuse(contact) is { } refusal)
            return Refuse(refusal);
        contact.Name = change.Name.Or(before.Name);
        contact.Language = change.Language.Or(before.Language);
        changed |= contact.Name != before.Name || contact.Language != before.Language || contact.Status != before.Status;
        changed |= SetFields(contact, change);
        changed |= SetGroups(contact, change);
        changed |= SetUrns(contact, change);
        foreach (var replacement in change.Replace)
        {
            var urns = ContactNumbers.Replace(contact.Urns, replacement);
            changed |= !ReferenceEquals(urns, contact.Urns);
            contact.Urns = urns;
        }

        if (ContactNumbers.Add(workspace, contact.Urns, change.AddUrns) is var more && more.Count > contact.Urns.Count)
        {
            if (more.Count > Contact.MaxUrns)
                return Refuse(new Refusal.TooMany(CountedAttribute.Urns, Contact.MaxUrns));
            contact.Urns = more;
            changed = true;
        }

        if (!changed)
            return new ContactOutcome(ContactEffect.Updated, before, null);
        Touch(contact);
        batch.Put(contact);
        return new ContactOutcome(ContactEffect.Updated, contact, null) { Before = before };
    }

    private ContactOutcome Delete(Contact before)
    {
        var contact = before.Copy();
        contact.Name = null;
        contact.Language = null;
        contact.Fields = new FieldValues();
        contact.Urns = [];
        contact.GroupIds = [];
        ContactAttributes.Clear(contact);
        contact.DeletedOn = now;
        Touch(contact);
        batch.Put(contact);
        return new ContactOutcome(ContactEffect.Deleted, contact, null) { Before = before };
    }

    /// <summary>The other's static groups are known when it was read, so they are held from the next attempt on; one that is still missing then is gone.</summary>
    private ContactOutcome Merge(Contact? before, Guid otherId)
    {
        if (before is null or { IsDeleted: true })
            return Refuse(before is null ? new Refusal.NotFound() : new Refusal.ContactDeleted());
        if (otherId == before.Id)
            return Refuse(new Refusal.SameContact());
        if (batch.ById(otherId) is not { IsDeleted: false } other)
            return Refuse(new Refusal.OtherNotFound());
        var status = ContactMerge.StatusOf(before, other);
        Guid[] groups = status == ContactStatus.Active ? [.. other.GroupIds.Except(before.GroupIds).Except(held.DynamicGroupIds)] : [];
        NewGroups.AddRange(groups);
        var contact = ContactMerge.Join(before, other, Array.FindAll(groups, held.GroupIds.Contains));
        if (ContactMerge.Refuse(contact) is { } refusal)
            return Refuse(refusal);
        contact.Status = status;
        if (status != before.Status)
            contact.GroupIds = [.. before.GroupIds.Where(held.DynamicGroupIds.Contains)];
        Delete(other);
        Touch(contact);
        batch.Put(contact);
        return new ContactOutcome(ContactEffect.Updated, contact, null) { Before = before };
    }

    /// <summary>Why a contact can't have URNs that it may not take, or null. While nobody has a number, nobody else gets its other form either.</summary>
    private Refusal.UrnTaken? RefuseOwned(ContactChange change, Contact? contact)
    {
        foreach (var urn in change.TakesNothing ? change.Urns ?? [] : change.AddUrns)
        {
            var owner = OwnerOf(urn);
            if (owner is null && OtherForm(workspace, urn) is { } other)
                NewNumbers.Add(string.CompareOrdinal(urn.Identity, other) < 0 ? urn.Identity : other);
            if (owner is not null && owner.Id != contact?.Id)
                return new Refusal.UrnTaken(urn.Identity, owner.Id);
        }

        return null;
    }

    private Refusal.UrnTaken? RefuseExactly(Urn wanted) =>
        batch.ByIdentity(wanted.Identity) is { } owner ? new Refusal.UrnTaken(wanted.Identity, owner.Id) : null;

    /// <summary>Why a contact can't get a number, or null: somebody else has it, in whatever form. While it is looked at, nobody else gets another form.</summary>
    private Refusal.UrnTaken? RefuseTaken(Urn wanted, Contact? contact)
    {
        NewNumbers.AddRange(ContactNumbers.Pairs(workspace, wanted));
        foreach (var form in ContactNumbers.Forms(workspace, wanted))
        {
            if (batch.ByIdentity(form) is { } owner && owner.Id != contact?.Id)
                return new Refusal.UrnTaken(wanted.Identity, owner.Id);
        }

        return null;
    }

    private static bool SetFields(Contact contact, ContactChange change)
    {
        if (change.Fields is not { Count: > 0 } wanted)
            return false;
        var values = contact.Fields.Clone();
        var changed = false;
        foreach (var (field, value) in wanted)
        {
            if (!change.ComparesMoments || value?.IsMomentOf(values[field]) != true)
                changed |= values.Set(field, value);
        }

        if (changed)
            contact.Fields = values;
        return changed;
    }

    /// <summary>A list replaces the static groups; the dynamic ones are their search's. Whoever is not active is in no static group.</summary>
    private bool SetGroups(Contact contact, ContactChange change)
    {
        if (change is { Groups: null, AddTo: null, AddGroups.Count: 0, RemoveFrom: null, Status: null })
            return false;
        IEnumerable<Guid> wanted = contact.GroupIds;
        if (change.Groups is not null || change.Status is not (null or ContactStatus.Active))
            wanted = (change.Groups ?? []).Select(named => named.Group.Id).Union(contact.GroupIds.Where(held.DynamicGroupIds.Contains));
        if (change.AddTo is { } added)
            wanted = wanted.Append(added.Group.Id);
        wanted = wanted.Concat(change.AddGroups.Select(named => named.Group.Id));
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

    /// <summary>The identity under which the same person may be known, when the workspace says that both forms are one.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="urn">The URN.</param>
    internal static string? OtherForm(Workspace workspace, Urn urn) =>
        (workspace.VerifyNinthDigit ? urn.OtherBrazilianForm() : null) ?? (workspace.MexicanPrefix ? urn.OtherMexicanForm() : null);
}
