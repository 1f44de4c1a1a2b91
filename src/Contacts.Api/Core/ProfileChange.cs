namespace Contacts.Core;

/// <summary>What is to change of a profile: what is absent stays, null clears.</summary>
public sealed record ProfileChange
{
    /// <summary>How many ids in other systems, and how many further values, a contact may have.</summary>
    public const int MaxItems = 100;

    /// <summary>Where a picture of the person is.</summary>
    public Optional<string?> AvatarUrl { get; init; }

    /// <summary>What people wrote down.</summary>
    public Optional<string?> Notes { get; init; }

    /// <summary>Where the contact came from.</summary>
    public Optional<string?> Source { get; init; }

    /// <summary>The company's name.</summary>
    public Optional<string?> Company { get; init; }

    /// <summary>Street and number.</summary>
    public Optional<string?> Address { get; init; }

    /// <summary>The city.</summary>
    public Optional<string?> City { get; init; }

    /// <summary>The state or province.</summary>
    public Optional<string?> State { get; init; }

    /// <summary>The postal code.</summary>
    public Optional<string?> PostalCode { get; init; }

    /// <summary>ISO 3166-1 alpha-2 in upper case.</summary>
    public Optional<string?> Country { get; init; }

    /// <summary>Ids by system, merged into those that are there; null removes one, and null in place of them removes all.</summary>
    public Optional<IReadOnlyDictionary<string, string?>?> ExternalIds { get; init; }

    /// <summary>Values as JSON by key, merged into those that are there; null removes one, and null in place of them removes all.</summary>
    public Optional<IReadOnlyDictionary<string, string?>?> CustomValues { get; init; }

    /// <summary>The profile as it will be: the same instance when nothing changes.</summary>
    /// <param name="before">The profile as it is.</param>
    public ContactProfile Apply(ContactProfile before)
    {
        ArgumentNullException.ThrowIfNull(before);
        var after = before with
        {
            AvatarUrl = AvatarUrl.Or(before.AvatarUrl),
            Notes = Notes.Or(before.Notes),
            Source = Source.Or(before.Source),
            Company = Company.Or(before.Company),
            Address = Address.Or(before.Address),
            City = City.Or(before.City),
            State = State.Or(before.State),
            PostalCode = PostalCode.Or(before.PostalCode),
            Country = Country.Or(before.Country),
            ExternalIds = Merge(before.ExternalIds, ExternalIds),
            CustomValues = Merge(before.CustomValues, CustomValues),
        };
        return after == before ? before : after;
    }

    /// <returns>The same instance when nothing changes, so that records compare as they should.</returns>
    private static IReadOnlyDictionary<string, string> Merge(
        IReadOnlyDictionary<string, string> before, Optional<IReadOnlyDictionary<string, string?>?> wanted)
    {
        if (!wanted.IsGiven)
            return before;
        if (wanted.Value is not { } items)
            return before.Count == 0 ? before : ContactProfile.Empty.CustomValues;
        if (items.All(item => before.GetValueOrDefault(item.Key) == item.Value))
            return before;
        var after = new Dictionary<string, string>(before, StringComparer.Ordinal);
        foreach (var (key, value) in items)
        {
            if (value is null)
                after.Remove(key);
            else
                after[key] = value;
        }

        return after;
    }
}
