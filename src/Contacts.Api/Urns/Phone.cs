using System.Globalization;

namespace Contacts.Urns;

/// <summary>
/// Phone numbers: what looks like one, and a national number in international form (E.164), by the table of countries in <c>calling-codes.txt</c>.
/// </summary>
public static class Phone
{
    private const int FullLength = 11;
    private const int MinDigits = 8;
    private const int MaxDigits = 15;
    private const int Letters = 26;

    private static readonly Plan?[] Plans = ReadPlans();

    /// <summary>
    /// Whether a text reads as a phone number: digits with an optional leading plus, and between them only what people and address books put there
    /// (spaces, dashes, dots, brackets, invisible direction marks).
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <returns>True when it does; nothing is said about its length.</returns>
    public static bool LooksLikePhone(ReadOnlySpan<char> text)
    {
        var digits = 0;
        var plus = false;
        foreach (var character in text)
        {
            if (char.IsAsciiDigit(character))
                digits++;
            else if (character == '+' && digits == 0 && !plus)
                plus = true;
            else if (!IsSeparator(character))
                return false;
        }

        return digits > 0;
    }

    /// <summary>A number as it is dialled in a country, in international form.</summary>
    /// <param name="digits">ASCII digits: <c>0788123555</c>.</param>
    /// <param name="country">ISO 3166 alpha-2 in any case, or null.</param>
    /// <returns><c>+250788123555</c>, or null when the country is unknown or no number of its has that many digits.</returns>
    public static string? ToE164(string digits, string? country)
    {
        if (!UrnPaths.IsDigits(digits))
            return null;
        Span<char> into = stackalloc char[MaxDigits + 1];
        var length = International(digits, country, into);
        return length == 0 ? null : into[..length].ToString();
    }

    internal static int CopyDigits(ReadOnlySpan<char> text, Span<char> into)
    {
        var length = 0;
        foreach (var character in text)
        {
            if (char.IsAsciiDigit(character))
                into[length++] = character;
        }

        return length;
    }

    // The path of a tel URN. A letter stays, so that the number fails its check instead of turning into another one.
    internal static int Normalize(ReadOnlySpan<char> path, string? country, Span<char> into)
    {
        var length = 0;
        var plus = false;
        var digitsOnly = true;
        foreach (var character in path)
        {
            if (char.IsAsciiDigit(character))
            {
                into[length++] = character;
            }
            else if (char.IsLetterOrDigit(character))
            {
                into[length++] = character;
                digitsOnly = false;
            }
            else if (character == '+' && length == 0 && !plus)
            {
                plus = true;
            }
        }

        if (length == 0)
            return 0;
        if (plus || (digitsOnly && length >= FullLength && into[0] != '0'))
            return PrependPlus(into, length);
        return digitsOnly ? Nationalize(into, length, country) : length;
    }

    private static int Nationalize(Span<char> into, int length, string? country)
    {
        if (length > MaxDigits + 2)
            return length;
        Span<char> number = stackalloc char[MaxDigits + 1];
        var written = International(into[..length], country, number);
        if (written == 0)
            return length;
        number[..written].CopyTo(into);
        return written;
    }

    private static int PrependPlus(Span<char> into, int length)
    {
        into[..length].CopyTo(into[1..]);
        into[0] = '+';
        return length + 1;
    }

    // In this order: 00 in place of the plus; the trunk prefix; the bare national number; the calling code without its plus.
    private static int International(ReadOnlySpan<char> digits, string? country, Span<char> into)
    {
        if (PlanOf(country) is not { } plan)
            return 0;
        if (digits.StartsWith("00") && digits.Length is >= MinDigits + 2 and <= MaxDigits + 2 && digits[2] != '0')
            return Join([], digits[2..], into);
        if (plan.Trunk.Length > 0 && digits.StartsWith(plan.Trunk) && plan.Has(digits.Length - plan.Trunk.Length))
            return Join(plan.Code, digits[plan.Trunk.Length..], into);
        if (plan.Has(digits.Length))
            return Join(plan.Code, digits, into);
        return digits.StartsWith(plan.Code) && plan.Has(digits.Length - plan.Code.Length) ? Join([], digits, into) : 0;
    }

    private static int Join(ReadOnlySpan<char> code, ReadOnlySpan<char> rest, Span<char> into)
    {
        into[0] = '+';
        code.CopyTo(into[1..]);
        rest.CopyTo(into[(1 + code.Length)..]);
        return 1 + code.Length + rest.Length;
    }

    private static bool IsSeparator(char character) =>
        character is '-' or '.' or '(' or ')'
        || char.IsWhiteSpace(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format;

    private static Plan? PlanOf(string? country) =>
        country is { Length: 2 } && char.IsAsciiLetter(country[0]) && char.IsAsciiLetter(country[1]) ? Plans[Index(country)] : null;

    private static int Index(ReadOnlySpan<char> country) => (((country[0] | 0x20) - 'a') * Letters) + (country[1] | 0x20) - 'a';

    private static Plan?[] ReadPlans()
    {
        var plans = new Plan?[Letters * Letters];
        using var stream = typeof(Phone).Assembly.GetManifestResourceStream("calling-codes.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line is ['#', ..])
                continue;
            var columns = line.Split(' ');
            plans[Index(columns[0])] = new Plan(columns[1], columns[2].Trim('-'), Lengths(columns[3]));
        }

        return plans;
    }

    // "7,9-11" as a set of bits.
    private static int Lengths(string column)
    {
        var lengths = 0;
        foreach (var part in column.Split(','))
        {
            var ends = part.Split('-');
            var last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            for (var length = int.Parse(ends[0], CultureInfo.InvariantCulture); length <= last; length++)
                lengths |= 1 << length;
        }

        return lengths;
    }

    private sealed record Plan(string Code, string Trunk, int Lengths)
    {
        public bool Has(int length) => length is > 0 and <= MaxDigits && (Lengths & (1 << length)) != 0;
    }
}
