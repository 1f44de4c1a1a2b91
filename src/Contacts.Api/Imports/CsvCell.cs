using System.Buffers;
using System.Text.RegularExpressions;

namespace Contacts.Imports;

/// <summary>
/// One cell of a file that is written. A spreadsheet takes what begins with <c>=</c>, <c>+</c>, <c>-</c>, <c>@</c>, a tab or a line break for a
/// formula, and a contact may have sent one as its name: such a cell gets a <c>'</c> before it, which reading takes off again. Plain numbers, and so
/// telephone numbers, stay as they are: there is no formula in digits.
/// </summary>
internal static partial class CsvCell
{
    private const char Guard = '\'';
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\"\r\n\t;,'");

    /// <summary>A cell as it stands in the file, quoted when it has to be.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="delimiter">What stands between cells.</param>
    public static string Write(string? text, char delimiter = ',')
    {
        if (string.IsNullOrEmpty(text))
            return string.Empty;
        var cell = NeedsGuard(text) ? Guard + text : text;
        return cell.AsSpan().ContainsAny(Quoted) || cell.Contains(delimiter, StringComparison.Ordinal) || cell[0] == ' ' || cell[^1] == ' '
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell;
    }

    /// <summary>A text without its guard.</summary>
    /// <param name="cell">A cell that was read, without its quotes.</param>
    public static string WithoutGuard(string cell) => cell is [Guard, ..] && NeedsGuard(cell[1..]) ? cell[1..] : cell;

    // A text that begins with a guard of its own gets one more, so that each comes back as it was.
    private static bool NeedsGuard(string text) =>
        text.TrimStart([Guard, ' ']) is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..] && !Plain().IsMatch(text);

    [GeneratedRegex("^[+-][0-9]+(?:[.,][0-9]+)?\\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();
}
