using System.Text;

namespace Contacts.Dialects.Weni;

/// <summary>Reads the Authorization header: <c>Token KEY</c>, or HTTP Basic with the key as the password.</summary>
internal static class Credentials
{
    /// <summary>The key that a header holds.</summary>
    /// <param name="header">The header; empty when there is none.</param>
    /// <returns>The key, with the text to answer when nobody has it; or no key, with the text to answer.</returns>
    public static (string? Key, string Fault) Read(string header)
    {
        var space = header.IndexOf(' ', StringComparison.Ordinal);
        var scheme = space < 0 ? header : header[..space];
        var rest = space < 0 ? string.Empty : header[space..].Trim();
        if (scheme.Equals("Token", StringComparison.OrdinalIgnoreCase))
            return Token(rest);
        if (scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            return Basic(rest);
        return (null, "Authentication credentials were not provided.");
    }

    private static (string? Key, string Fault) Token(string rest)
    {
        if (rest.Length == 0)
            return (null, "Invalid token header. No credentials provided.");
        if (rest.Any(char.IsWhiteSpace))
            return (null, "Invalid token header. Token string should not contain spaces.");
        return (rest, "Invalid token");
    }

    private static (string? Key, string Fault) Basic(string rest)
    {
        const string fault = "Invalid token or email";
        Span<byte> decoded = stackalloc byte[512];
        if (rest.Length > 512 || !Convert.TryFromBase64String(rest, decoded, out var length))
            return (null, fault);
        var text = Encoding.UTF8.GetString(decoded[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (null, fault) : (text[(colon + 1)..], fault);
    }
}
