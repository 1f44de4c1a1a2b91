using Contacts.Urns;
using Contacts.Workspaces;

namespace Contacts.Core;

/// <summary>A contact's one URN of a scheme is to be another.</summary>
/// <param name="Scheme">The scheme: <c>tel</c>, <c>mailto</c>.</param>
/// <param name="Urn">The URN in place of the first of that scheme, after all others when there is none; null removes all of the scheme.</param>
public readonly record struct UrnReplacement(string Scheme, Urn? Urn);

/// <summary>A number in its two forms.</summary>
/// <param name="Long">Its identities in the longer form, by channel.</param>
/// <param name="Short">Its identities in the shorter form, by channel.</param>
internal sealed record NumberForms(IReadOnlyList<string> Long, IReadOnlyList<string> Short);

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

    /// <summary>What the identities of numbers begin with that have a longer and a shorter form in a workspace: all of the longer form, and others.</summary>
    /// <param name="workspace">The workspace.</param>
    public static IReadOnlyList<string> LongForms(Workspace workspace) =>
    [
        .. workspace.VerifyNinthDigit ? (string[])["tel:+55", "whatsapp:55"] : [],
        .. workspace.MexicanPrefix ? (string[])["tel:+521", "whatsapp:521"] : [],
    ];

    /// <summary>The identities of a number in its longer and in its shorter form, each on both channels.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="urn">A number in the longer form.</param>
    /// <returns>Both; null when it has one form, or this is the shorter.</returns>
    public static NumberForms? TwoForms(Workspace workspace, Urn urn)
    {
        var forms = Forms(workspace, urn).Select(Urn.FromStored).ToLookup(DigitsOf);
        return forms.Count == 2 && forms.Max(form => form.Key) == DigitsOf(urn)
            ? new NumberForms(IdentitiesOf(forms, forms.Max(form => form.Key)), IdentitiesOf(forms, forms.Min(form => form.Key)))
            : null;
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

    /// <summary>A list of URNs with some more behind them, but for those that it has in any form.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="own">The list.</param>
    /// <param name="added">The others.</param>
    /// <returns>The same list when there is nothing to add.</returns>
    public static IReadOnlyList<Urn> Add(Workspace workspace, IReadOnlyList<Urn> own, IReadOnlyList<Urn> added)
    {
        List<Urn> urns = [.. own];
        foreach (var urn in added)
        {
            var other = ContactUpsert.OtherForm(workspace, urn);
            if (!urns.Exists(has => has.Identity == urn.Identity || has.Identity == other))
                urns.Add(urn);
        }

        return urns.Count == own.Count ? own : urns;
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

    private static int DigitsOf(Urn urn) => urn.PathSpan.TrimStart('+').Length;

    private static string[] IdentitiesOf(ILookup<int, Urn> forms, int digits) =>
        [.. forms[digits].Select(urn => urn.Identity).Order(StringComparer.Ordinal)];

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
