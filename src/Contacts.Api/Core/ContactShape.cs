using System.Diagnostics.CodeAnalysis;
using Contacts.Urns;

namespace Contacts.Core;

/// <summary>The shape of what people write of a contact into forms and lists. The dialects have the same rules in their own words.</summary>
public static class ContactShape
{
    /// <summary>The longest name, in Unicode characters.</summary>
    public const int MaxNameLength = 100;

    private const string Separators = " -_";

    /// <summary>What is wrong with a name, or null.</summary>
    /// <param name="name">The name, trimmed and not empty.</param>
    public static Reason? OfName(string name) =>
        !StorableText.Is(name) ? new Reason("unstorable")
        : LengthOf(name) > MaxNameLength ? new Reason("name_long", $"{MaxNameLength}") : null;

    /// <summary>What is wrong with a language, or null.</summary>
    /// <param name="code">The code, trimmed and not empty.</param>
    public static Reason? OfLanguage(string code) => Language.IsIso639_3(code) ? null : new Reason("language_unknown", code);

    /// <summary>What is wrong with the value of a field, or null.</summary>
    /// <param name="text">The value.</param>
    public static Reason? OfValue(string text) => StorableText.Is(text) ? null : new Reason("unstorable");

    /// <summary>What is wrong with a group's name, or null.</summary>
    /// <param name="name">The name, trimmed.</param>
    public static Reason? OfGroup(string name) =>
        name.Length == 0 ? new Reason("empty")
        : !StorableText.Is(name) ? new Reason("unstorable")
        : LengthOf(name) > Group.MaxNameLength ? new Reason("group_long", $"{Group.MaxNameLength}")
        : !(name[0] == '_' || (System.Text.Rune.TryGetRuneAt(name, 0, out var first) && System.Text.Rune.IsLetterOrDigit(first))) ? new Reason("group_letters", name)
        : null;

    /// <summary>What is wrong with a field's label, or null.</summary>
    /// <param name="label">The label, trimmed.</param>
    public static Reason? OfLabel(string label) =>
        label.Length == 0 ? new Reason("empty")
        : label.Length > Field.MaxLabelLength ? new Reason("label_long", $"{Field.MaxLabelLength}")
        : label.All(letter => char.IsAsciiLetterOrDigit(letter) || Separators.Contains(letter)) ? null : new Reason("label_letters", label);

    /// <summary>Reads a URN that a contact is to have.</summary>
    /// <param name="text">As it was written: <c>scheme:path</c>, or a bare phone number, which is taken for WhatsApp's.</param>
    /// <param name="country">The workspace's country, or null.</param>
    /// <param name="urn">The URN.</param>
    /// <param name="reason">What is wrong with it.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryUrn(string text, string? country, out Urn urn, [NotNullWhen(false)] out Reason? reason)
    {
        var fault = Urn.TryNormalize(text, country, out urn);
        if (fault == UrnFault.None)
            fault = urn.Validate();
        reason = fault == UrnFault.None ? null : Reason.Of(fault, text);
        return reason is null;
    }

    /// <summary>
    /// A telephone number as people write it: without a plus it is one of the country, when the country has numbers so long. Programs are read by the
    /// contract, which takes eleven digits for an international number; half of Brazil's are national ones of eleven digits.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="country">The workspace's country, or null.</param>
    /// <returns>The number in its international form; the text as it is when it is no such number.</returns>
    public static string PhoneOf(string text, string? country) =>
        !text.Contains('+', StringComparison.Ordinal) && Phone.LooksLikePhone(text) && Phone.ToE164(string.Concat(text.Where(char.IsAsciiDigit)), country) is { } number
            ? number
            : text;

    private static int LengthOf(string text) => text.Length - text.Count(char.IsHighSurrogate);
}
