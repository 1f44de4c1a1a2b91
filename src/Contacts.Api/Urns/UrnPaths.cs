using System.Buffers;

namespace Contacts.Urns;

/// <summary>The normal forms and the checks of paths, one per row of the contract's table "URNs". Digits and letters are ASCII's.</summary>
internal static class UrnPaths
{
    private const int MinPhoneDigits = 8;
    private const int MaxPhoneDigits = 15;
    private const int UuidLength = 36;

    private static readonly SearchValues<char> TwitterCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    private static readonly SearchValues<char> ViberCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_=");

    private static readonly SearchValues<char> LettersAndDigits =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>One digit or more, and nothing else.</summary>
    public static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>A WhatsApp business-scoped id: <c>BR.abc123</c>, or <c>BR.ENT.abc123</c> for one of a parent account.</summary>
    public static bool IsBusinessScopedId(ReadOnlySpan<char> text)
    {
        if (text.Length < 4 || !char.IsAsciiLetterUpper(text[0]) || !char.IsAsciiLetterUpper(text[1]) || text[2] != '.')
            return false;
        var id = text[3..];
        if (id.StartsWith("ENT."))
            id = id[4..];
        return !id.IsEmpty && !id.ContainsAnyExcept(LettersAndDigits);
    }

    public static int Lower(ReadOnlySpan<char> path, string? country, Span<char> into) => path.ToLowerInvariant(into);

    public static int LowerWithoutAt(ReadOnlySpan<char> path, string? country, Span<char> into) => path.TrimStart('@').ToLowerInvariant(into);

    public static UrnFault Any(ReadOnlySpan<char> path) => When(!path.IsEmpty);

    public static UrnFault Digits(ReadOnlySpan<char> path) => When(IsDigits(path));

    public static UrnFault Tel(ReadOnlySpan<char> path) =>
        path is ['+', .. var digits] && IsDigits(digits) ? PhoneLength(digits.Length) : UrnFault.Invalid;

    public static UrnFault WhatsApp(ReadOnlySpan<char> path)
    {
        if (IsDigits(path))
            return PhoneLength(path.Length);
        if (IsBusinessScopedId(path))
            return UrnFault.None;
        return path is ['+' or (>= '0' and <= '9'), ..] ? UrnFault.Invalid : UrnFault.WhatsAppIdentifier;
    }

    public static UrnFault Facebook(ReadOnlySpan<char> path) => When(IsDigits(path) || (path.StartsWith("ref:") && path.Length > 4));

    public static UrnFault Twitter(ReadOnlySpan<char> path) => When(path.Length is >= 1 and <= 15 && !path.ContainsAnyExcept(TwitterCharacters));

    public static UrnFault Viber(ReadOnlySpan<char> path) => When(path.Length is >= 1 and <= 24 && !path.ContainsAnyExcept(ViberCharacters));

    public static UrnFault Email(ReadOnlySpan<char> path) => When(EmailAddress.IsValid(path));

    /// <summary>The channel's and the user's uuid, joined by a slash.</summary>
    public static UrnFault Freshchat(ReadOnlySpan<char> path) =>
        When(path.Length == (2 * UuidLength) + 1
            && path[UuidLength] == '/'
            && Guid.TryParseExact(path[..UuidLength], "D", out _)
            && Guid.TryParseExact(path[(UuidLength + 1)..], "D", out _));

    private static UrnFault PhoneLength(int digits) => digits switch
    {
        < MinPhoneDigits => UrnFault.PhoneTooShort,
        > MaxPhoneDigits => UrnFault.PhoneTooLong,
        _ => UrnFault.None,
    };

    private static UrnFault When(bool valid) => valid ? UrnFault.None : UrnFault.Invalid;
}
