namespace Contacts.Webhooks.Checks;

/// <summary>A signature as it was written, and the 32 bytes that it stands for.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="Encoding">How they are written.</param>
/// <param name="HasPrefix">Whether <c>sha256=</c> stands before them.</param>
/// <param name="HasVersion">Whether <c>v1,</c> stands before them.</param>
internal sealed record SignatureText(byte[] Bytes, SignatureEncoding Encoding, bool HasPrefix, bool HasVersion)
{
    private const int Length = 32;
    private const string Prefix = "sha256=";
    private const string Version = "v1,";

    /// <summary>What is unusual about the writing itself, whatever was expected.</summary>
    public IReadOnlyList<SignatureMistake> Oddities { get; private init; } = [];

    /// <summary>Reads a signature.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Null when it is no HMAC-SHA256 in any encoding.</returns>
    public static SignatureText? Read(string text)
    {
        var rest = text.Trim().Trim('"');
        var hasVersion = rest.StartsWith(Version, StringComparison.Ordinal);
        if (hasVersion)
            rest = rest[Version.Length..];
        var hasPrefix = rest.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
        if (hasPrefix)
            rest = rest[Prefix.Length..];
        return (OfHex(rest) ?? OfBase64(rest)) is { } read ? read with { HasPrefix = hasPrefix, HasVersion = hasVersion } : null;
    }

    private static SignatureText? OfHex(string text) => text.Length != Length * 2 || !text.All(char.IsAsciiHexDigit)
        ? null
        : new SignatureText(Convert.FromHexString(text), SignatureEncoding.Hex, false, false)
        {
            Oddities = text.Any(char.IsAsciiLetterUpper) ? [SignatureMistake.UpperCase] : [],
        };

    private static SignatureText? OfBase64(string text)
    {
        var plain = text.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        var padded = plain.PadRight((plain.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        if (!Convert.TryFromBase64String(padded, bytes, out var count))
            return null;
        if (count == Length)
        {
            return new SignatureText(bytes[..Length], SignatureEncoding.Base64, false, false)
            {
                Oddities = text == padded ? [] : [SignatureMistake.Base64Url],
            };
        }

        return count == Length * 2 && OfHex(System.Text.Encoding.Latin1.GetString(bytes, 0, count)) is { } inner
            ? inner with { Encoding = SignatureEncoding.Base64, Oddities = [SignatureMistake.EncodedTwice] }
            : null;
    }
}
