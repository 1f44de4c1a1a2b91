using Contacts.Core;
using Contacts.Urns;

namespace Contacts.Calls;

/// <summary>The names by which a workspace's fields and groups are shown.</summary>
/// <param name="catalog">The workspace's catalog.</param>
/// <param name="hidesAddresses">Whether the workspace hides addresses from readers.</param>
internal sealed class ShownNames(Catalog catalog, bool hidesAddresses)
{
    private readonly Dictionary<Guid, string> _fields = catalog.Fields.ToDictionary(field => field.Id, field => field.Key);

    /// <summary>A field's key; its id when it is not known.</summary>
    /// <param name="id">The field.</param>
    public string Field(Guid id) => _fields.TryGetValue(id, out var key) ? key : id.ToString();

    /// <summary>A group's name; its id when it is not known.</summary>
    /// <param name="id">The group.</param>
    public string Group(Guid id) => catalog.GroupById(id)?.Name ?? id.ToString();

    /// <summary>A URN as it may be shown.</summary>
    /// <param name="urn">The URN.</param>
    public string Urn(Urn urn) => hidesAddresses ? $"{urn.Scheme}:{Masks.Mask}" : urn.ToString();
}

/// <summary>A contact's change, attribute by attribute.</summary>
internal static class ContactSteps
{
    /// <summary>The attributes in which two states of a contact differ.</summary>
    /// <param name="step">The states.</param>
    /// <param name="names">The names of fields and groups.</param>
    public static IEnumerable<AttributeStep> Of(ContactStep step, ShownNames names) =>
        All(step, names).Where(attribute => !AreSame(attribute.Before, attribute.After));

    private static IEnumerable<AttributeStep> All(ContactStep step, ShownNames names)
    {
        var (before, after) = step;
        yield return new AttributeStep("name", before?.Name, after.Name);
        yield return new AttributeStep("language", before?.Language, after.Language);
        yield return new AttributeStep("status", before?.Status, after.Status);
        if (!ReferenceEquals(before?.Urns, after.Urns))
            yield return new AttributeStep("urns", Shown(before?.Urns, names.Urn), Shown(after.Urns, names.Urn));
        if (!ReferenceEquals(before?.GroupIds, after.GroupIds))
            yield return new AttributeStep("groups", Sorted(before?.GroupIds, names.Group), Sorted(after.GroupIds, names.Group));
        if (!ReferenceEquals(before?.Fields, after.Fields))
        {
            foreach (var id in (before?.Fields.Ids ?? []).Union(after.Fields.Ids))
                yield return new AttributeStep("fields." + names.Field(id), before?.Fields[id]?.Text, after.Fields[id]?.Text);
        }

        yield return new AttributeStep("tags", before?.Tags, after.Tags);
        yield return new AttributeStep("stage", before?.StageId, after.StageId);
        foreach (var attribute in OfProfiles(before?.Profile ?? ContactProfile.Empty, after.Profile))
            yield return attribute;
        yield return new AttributeStep("deleted", before?.IsDeleted == true ? true : null, after.IsDeleted ? true : null);
    }

    private static IEnumerable<AttributeStep> OfProfiles(ContactProfile before, ContactProfile after)
    {
        if (ReferenceEquals(before, after))
            yield break;
        yield return new AttributeStep("avatar_url", before.AvatarUrl, after.AvatarUrl);
        yield return new AttributeStep("notes", before.Notes, after.Notes);
        yield return new AttributeStep("source", before.Source, after.Source);
        yield return new AttributeStep("company", before.Company, after.Company);
        yield return new AttributeStep("address", before.Address, after.Address);
        yield return new AttributeStep("city", before.City, after.City);
        yield return new AttributeStep("state", before.State, after.State);
        yield return new AttributeStep("postal_code", before.PostalCode, after.PostalCode);
        yield return new AttributeStep("country", before.Country, after.Country);
        foreach (var key in before.ExternalIds.Keys.Union(after.ExternalIds.Keys, StringComparer.Ordinal))
            yield return new AttributeStep("external_ids." + key, before.ExternalIds.GetValueOrDefault(key), after.ExternalIds.GetValueOrDefault(key));
        foreach (var key in before.CustomValues.Keys.Union(after.CustomValues.Keys, StringComparer.Ordinal))
            yield return new AttributeStep("custom_values." + key, before.CustomValues.GetValueOrDefault(key), after.CustomValues.GetValueOrDefault(key));
    }

    private static string[] Shown<T>(IReadOnlyList<T>? items, Func<T, string> show) => items is null ? [] : [.. items.Select(show)];

    private static string[] Sorted<T>(IReadOnlyList<T>? items, Func<T, string> show) => [.. Shown(items, show).Order(StringComparer.Ordinal)];

    private static bool AreSame(object? before, object? after) => (before, after) switch
    {
        (IEnumerable<string> one, IEnumerable<string> other) => one.SequenceEqual(other, StringComparer.Ordinal),
        (null, IEnumerable<string> only) => !only.Any(),
        _ => Equals(before, after),
    };
}
