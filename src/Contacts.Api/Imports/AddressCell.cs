using System.Diagnostics.CodeAnalysis;
using Contacts.Core;
using Contacts.Urns;

namespace Contacts.Imports;

/// <summary>An address as it stands in a column of its scheme.</summary>
internal static class AddressCell
{
    private const string Telephone = "tel";
    private const string WhatsApp = "whatsapp";

    // Their paths never begin with their own name.
    private static readonly string[] Prefixed = [Telephone, WhatsApp, "mailto"];

    /// <summary>Writes an address without its scheme. A number on WhatsApp has its plus, so that nobody takes it for a national one.</summary>
    /// <param name="urn">The URN.</param>
    public static string Write(Urn urn)
    {
        var path = urn.Scheme == WhatsApp ? urn.OtherChannel()?.Path ?? urn.Path : urn.Path;
        return urn.Display is null ? path : $"{path}#{urn.Display}";
    }

    /// <summary>Reads an address. A telephone number in the column of WhatsApp may have any form that one has in the column of telephones.</summary>
    /// <param name="text">The text, trimmed.</param>
    /// <param name="scheme">The column's scheme; empty for whole URNs.</param>
    /// <param name="country">The workspace's country, or null.</param>
    /// <param name="urn">The URN.</param>
    /// <param name="reason">What is wrong with it.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryRead(string text, string scheme, string? country, out Urn urn, [NotNullWhen(false)] out Reason? reason)
    {
        if (scheme.Length == 0)
            return ContactShape.TryUrn(text, country, out urn, out reason);
        var path = Prefixed.Contains(scheme) && text.StartsWith($"{scheme}:", StringComparison.OrdinalIgnoreCase) ? text[(scheme.Length + 1)..] : text;
        if (scheme is Telephone or WhatsApp && path.Split('#', 2) is var parts && Phone.LooksLikePhone(parts[0]))
            path = string.Join('#', [NumberOf(parts[0], scheme, country), .. parts.Skip(1)]);
        return ContactShape.TryUrn($"{scheme}:{path}", country, out urn, out reason) || Retell(text, ref reason);
    }

    private static string NumberOf(string text, string scheme, string? country)
    {
        var number = ContactShape.PhoneOf(text, country);
        if (scheme == Telephone)
            return number;
        return ContactShape.TryUrn($"tel:{number}", country, out var phone, out _) && phone.OtherChannel() is { } other ? other.Path : text;
    }

    private static bool Retell(string text, ref Reason reason)
    {
        reason = reason with { Subject = text };
        return false;
    }
}
