using System.Text;

namespace Contacts.Imports;

/// <summary>
/// Several texts in one cell: <c>|</c> or <c>;</c> between them. Where one of these stands within a text, <c>\</c> stands before it, so that every
/// list comes back as it was.
/// </summary>
internal static class CellList
{
    private const char Escape = '\\';

    /// <summary>Writes a list.</summary>
    /// <param name="texts">The texts.</param>
    public static string Join(IEnumerable<string> texts)
    {
        var cell = new StringBuilder();
        foreach (var text in texts)
        {
            if (cell.Length > 0)
                cell.Append('|');
            foreach (var letter in text)
                _ = letter is '|' or ';' or Escape ? cell.Append(Escape).Append(letter) : cell.Append(letter);
        }

        return cell.ToString();
    }

    /// <summary>Reads a list: trimmed texts, blank ones left out.</summary>
    /// <param name="cell">The cell.</param>
    public static List<string> Split(string cell)
    {
        var texts = new List<string>();
        var text = new StringBuilder();
        for (var index = 0; index < cell.Length; index++)
        {
            if (cell[index] == Escape && index + 1 < cell.Length && cell[index + 1] is '|' or ';' or Escape)
                text.Append(cell[++index]);
            else if (cell[index] is '|' or ';')
                Take(texts, text);
            else
                text.Append(cell[index]);
        }

        Take(texts, text);
        return texts;
    }

    private static void Take(List<string> texts, StringBuilder text)
    {
        var taken = text.ToString().Trim();
        if (taken.Length > 0)
            texts.Add(taken);
        text.Clear();
    }
}
