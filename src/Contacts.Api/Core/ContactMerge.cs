namespace Contacts.Core;

/// <summary>Decides what a contact is after another one was joined to it: what it has itself stays, the other fills the gaps.</summary>
internal static class ContactMerge
{
    /// <summary>The kept contact with what the other has.</summary>
    /// <param name="kept">The contact that stays.</param>
    /// <param name="other">The contact that goes.</param>
    /// <param name="groups">The static groups of the other that the kept one gets.</param>
    /// <returns>The new state: the other's URNs behind the kept one's own, all tags, and the other's values where the kept one has none.</returns>
    public static Contact Join(Contact kept, Contact other, IReadOnlyCollection<Guid> groups)
    {
        var contact = kept.Copy();
        contact.Name = string.IsNullOrEmpty(kept.Name) ? other.Name : kept.Name;
        contact.Language = string.IsNullOrEmpty(kept.Language) ? other.Language : kept.Language;
        contact.Fields = kept.Fields.FilledFrom(other.Fields);
        contact.Profile = kept.Profile.FilledFrom(other.Profile);
        contact.StageId = kept.StageId ?? other.StageId;
        contact.LastSeenOn = kept.LastSeenOn > other.LastSeenOn ? kept.LastSeenOn : other.LastSeenOn ?? kept.LastSeenOn;
        if (other.Tags.Except(kept.Tags, StringComparer.Ordinal).Any())
            contact.Tags = [.. kept.Tags.Union(other.Tags, StringComparer.Ordinal)];
        if (other.Urns.Count > 0)
            contact.Urns = [.. kept.Urns, .. other.Urns];
        if (groups.Count > 0)
            contact.GroupIds = [.. kept.GroupIds, .. groups];
        return contact;
    }

    /// <summary>What the kept contact's status becomes. Whoever asked for no more messages, or was blocked, stays so under the number that came along.</summary>
    /// <param name="kept">The contact that stays.</param>
    /// <param name="other">The contact that goes.</param>
    public static ContactStatus StatusOf(Contact kept, Contact other) =>
        kept.Status is ContactStatus.Active or ContactStatus.Archived && other.Status is ContactStatus.Blocked or ContactStatus.Stopped ? other.Status : kept.Status;

    /// <summary>Why two contacts can't be one, or null: together they may have more than one may.</summary>
    /// <param name="contact">What they would be.</param>
    public static Refusal? Refuse(Contact contact) => contact.Urns.Count > Contact.MaxUrns
        ? new Refusal.TooMany(CountedAttribute.Urns, Contact.MaxUrns)
        : ContactAttributes.Refuse(contact);
}
