using Contacts.Urns;
using Contacts.Workspaces;

namespace Contacts.Core;

/// <summary>A contact's one URN of a scheme is to be another.</summary>
/// <param name="Scheme">The scheme: <c>tel</c>, <c>mailto</c>.</param>
/// <param name="Urn">The URN in place of the first of that scheme, after all others when there is none; null removes all of the scheme.</param>
public readonly record struct UrnReplacement(string Scheme, Urn? Urn);

/// <summary>Under what one person's number may be known, and what replacing a URN leaves of a contact's list.</summary>
internal static class ContactNumbers
{
    /// <summary>
    /// All identities that one number has: as <c>tel</c> and as <c>whatsapp</c>, each in both forms when the workspace says that they are one.
    /// Of any other URN, its own.
    /// </summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="urn">The URN.</param>
    public static IEnumerable<string> Forms(Workspace workspace, Urn urn)
    {
        var forms = new HashSet<string>(StringComparer.Ordinal);
        Add(workspace, urn, forms);
        return forms;
    }

    /// <summary>The pairs of identities that are one number in two forms, the lesser of each pair: what to hold while somebody gets the number.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="urn">The URN.</param>
    public static IEnumerable<string> Pairs(Workspace workspace, Urn urn)
    {
        foreach (var form in Forms(workspace, urn))
        {
            if (ContactUpsert.OtherForm(workspace, Urn.FromStored(form, null)) is { } other)
                yield return string.CompareOrdinal(form, other) < 0 ? form : other;
        }
    }

    /// <summary>The list after a replacement.</summary>
    /// <param name="urns">The list as it is.</param>
    /// <param name="replacement">The replacement.</param>
    /// <returns>The same instance when nothing changes.</returns>
    public static IReadOnlyList<Urn> Replace(IReadOnlyList<Urn> urns, UrnReplacement replacement)
    {
        if (replacement.Urn is not { } wanted)
            return urns.Any(urn => urn.Scheme == replacement.Scheme) ? [.. urns.Where(urn => urn.Scheme != replacement.Scheme)] : urns;
        var first = FirstOf(urns, replacement.Scheme);
        if (first is { } known ? known.Identity == wanted.Identity : wanted.OtherChannel() is { } twin && FirstOf(urns, twin.Scheme)?.Identity == twin.Identity)
            return urns;
        var others = urns.Where(urn => urn.Identity != wanted.Identity);
        return first is { } replaced ? [.. others.Select(urn => urn.Identity == replaced.Identity ? wanted : urn)] : [.. others, wanted];
    }

    private static Urn? FirstOf(IReadOnlyList<Urn> urns, string scheme)
    {
        foreach (var urn in urns)
        {
            if (urn.Scheme == scheme)
                return urn;
        }

        return null;
    }

    private static void Add(Workspace workspace, Urn urn, HashSet<string> forms)
    {
        if (!forms.Add(urn.Identity))
            return;
        if (urn.OtherChannel() is { } twin)
            Add(workspace, twin, forms);
        if (ContactUpsert.OtherForm(workspace, urn) is { } other)
            Add(workspace, Urn.FromStored(other, null), forms);
    }
}
