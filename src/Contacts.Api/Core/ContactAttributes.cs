namespace Contacts.Core;

/// <summary>Decides what becomes of a contact's tags, profile and stage: what no other contact has a say in.</summary>
internal static class ContactAttributes
{
    /// <summary>Sets what a change names.</summary>
    /// <param name="contact">The new state.</param>
    /// <param name="change">The change.</param>
    /// <returns>Whether anything changed.</returns>
    public static bool Set(Contact contact, ContactChange change)
    {
        var changed = SetTags(contact, change);
        if (change.StageId.IsGiven && change.StageId.Value != contact.StageId)
        {
            contact.StageId = change.StageId.Value;
            changed = true;
        }

        if (change.Profile?.Apply(contact.Profile) is { } profile && !ReferenceEquals(profile, contact.Profile))
        {
            contact.Profile = profile;
            changed = true;
        }

        return changed;
    }

    /// <summary>Clears everything, as the personal data that it is.</summary>
    /// <param name="contact">The new state of a contact that is deleted.</param>
    public static void Clear(Contact contact)
    {
        contact.Tags = [];
        contact.Profile = ContactProfile.Empty;
        contact.StageId = null;
    }

    /// <summary>Whether both states have the same ones.</summary>
    /// <param name="before">The state as it was read; null for none.</param>
    /// <param name="after">The state now.</param>
    public static bool AreSame(Contact? before, Contact after) => before is null
        ? after is { Tags.Count: 0, StageId: null } && ReferenceEquals(after.Profile, ContactProfile.Empty)
        : ReferenceEquals(before.Tags, after.Tags) && ReferenceEquals(before.Profile, after.Profile) && before.StageId == after.StageId;

    /// <summary>Why a state can't be kept, or null: merging may come to more than each request asked for.</summary>
    /// <param name="contact">The new state.</param>
    public static Refusal? Refuse(Contact contact) => contact switch
    {
        { Tags.Count: > Contact.MaxTags } => new Refusal.TooMany(CountedAttribute.Tags, Contact.MaxTags),
        { Profile.CustomValues.Count: > ProfileChange.MaxItems } => new Refusal.TooMany(CountedAttribute.CustomValues, ProfileChange.MaxItems),
        { Profile.ExternalIds.Count: > ProfileChange.MaxItems } => new Refusal.TooMany(CountedAttribute.ExternalIds, ProfileChange.MaxItems),
        _ => null,
    };

    private static bool SetTags(Contact contact, ContactChange change)
    {
        if (change is { Tags: null, AddTags: null, RemoveTags: null })
            return false;
        var wanted = change.Tags ?? contact.Tags;
        string[] tags = [.. wanted.Concat(change.AddTags ?? []).Except(change.RemoveTags ?? [], StringComparer.Ordinal)];
        if (tags.SequenceEqual(contact.Tags, StringComparer.Ordinal))
            return false;
        contact.Tags = tags;
        return true;
    }
}
