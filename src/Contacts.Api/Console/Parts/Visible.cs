using System.Globalization;
using System.Text;

namespace Contacts.Console.Parts;

/// <summary>A piece of a text: as it stands, or the name of a character that nobody would see.</summary>
/// <param name="Text">The piece, or the name.</param>
/// <param name="IsMark">Whether it is a name.</param>
internal readonly record struct Piece(string Text, bool IsMark);

/// <summary>
/// Makes a text of strangers safe to look at: controls and marks that turn the direction of what follows (the way to dress <c>gpj.exe</c> up as
/// <c>exe.jpg</c>) are named in place of being obeyed.
/// </summary>
internal static class Visible
{
    /// <summary>A text in pieces.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many characters of it, more are cut off with an ellipsis.</param>
    /// <param name="breaksLines">Whether line breaks and tabs stay what they are.</param>
    public static IEnumerable<Piece> PiecesOf(string? text, int most, bool breaksLines = false)
    {
        if (string.IsNullOrEmpty(text))
            yield break;
        var plain = new StringBuilder();
        var shown = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown++ >= most)
            {
                plain.Append('…');
                break;
            }

            if (!IsHidden(rune) || (breaksLines && rune.Value is '\n' or '\r' or '\t'))
            {
                plain.Append(rune.ToString());
                continue;
            }

            if (plain.Length > 0)
                yield return new Piece(plain.ToString(), false);
            plain.Clear();
            yield return new Piece(string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}"), true);
        }

        if (plain.Length > 0)
            yield return new Piece(plain.ToString(), false);
    }

    /// <summary>Whether a character does something that nobody sees. The joiners of emoji and of several scripts belong to what they join.</summary>
    /// <param name="rune">The character.</param>
    public static bool IsHidden(Rune rune) => rune.Value is not (0x200C or 0x200D) && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse;
}
