using System.Buffers;

namespace Contacts.Urns;

/// <summary>
/// Whether a text is an e-mail address as mail programs write them: <c>local@domain</c> with a domain of two labels or more.
/// Quoted local parts and address literals (<c>a@[127.0.0.1]</c>) are not taken: no provider gives them out.
/// </summary>
internal static class EmailAddress
{
    private const int MaxLabel = 63;

    private static readonly SearchValues<char> LocalCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+/=?^_`{}|~-.");

    public static bool IsValid(ReadOnlySpan<char> text)
    {
        var at = text.LastIndexOf('@');
        return at > 0 && IsLocal(text[..at]) && IsDomain(text[(at + 1)..]);
    }

    private static bool IsLocal(ReadOnlySpan<char> local) =>
        local[0] != '.' && local[^1] != '.' && local.IndexOf("..") < 0 && !local.ContainsAnyExcept(LocalCharacters);

    private static bool IsDomain(ReadOnlySpan<char> domain)
    {
        var labels = 0;
        var top = 0;
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (!IsLabel(label))
                return false;
            labels++;
            top = label.Length;
        }

        return labels >= 2 && top >= 2;
    }

    // Letters of any script: an internationalised domain.
    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > MaxLabel || label[0] == '-' || label[^1] == '-')
            return false;
        foreach (var character in label)
        {
            if (character != '-' && !char.IsLetterOrDigit(character))
                return false;
        }

        return true;
    }
}
