using System.Text;
using Contacts.Core;

namespace Contacts.Imports;

/// <summary>Guesses how the bytes of a file are to be read: its encoding, and what stands between its cells.</summary>
public static class CsvText
{
    private const int Looked = 64 * 1024;

    /// <summary>The encodings that a file may have, the usual one first.</summary>
    public static readonly IReadOnlyList<string> Encodings = ["utf-8", "windows-1252", "utf-16", "utf-16be"];

    /// <summary>What may stand between cells, the usual one first.</summary>
    public static readonly IReadOnlyList<char> Delimiters = [',', ';', '\t'];

    /// <summary>Why a file can't be one of contacts, or null.</summary>
    /// <param name="content">Its bytes.</param>
    public static Reason? RefusalOf(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith("PK\u0003\u0004"u8) || content.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
            return new Reason("file_spreadsheet");
        if (content.StartsWith("%PDF"u8) || content.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50]) || content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return new Reason("file_not_text");
        return content.Trim(" \r\n\t\0"u8).IsEmpty ? new Reason("file_empty") : null;
    }

    /// <summary>The encoding that a file seems to have: by its mark, by its zeros, or UTF-8 when all of it is valid UTF-8.</summary>
    /// <param name="content">Its bytes.</param>
    public static string GuessEncoding(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return "utf-16";
        if (content.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return "utf-16be";
        var start = content[..Math.Min(content.Length, Looked)];
        var (even, odd) = (0, 0);
        for (var index = 0; index < start.Length; index++)
        {
            if (start[index] == 0)
                _ = index % 2 == 0 ? even++ : odd++;
        }

        // Letters of the West have a zero beside them; a few zeros are just dirt.
        if (Math.Max(even, odd) > start.Length / 4)
            return odd > even ? "utf-16" : "utf-16be";
        return System.Text.Unicode.Utf8.IsValid(content) ? "utf-8" : "windows-1252";
    }

    /// <summary>An encoding by its name. What is not valid in it becomes U+FFFD.</summary>
    /// <param name="name">One of <see cref="Encodings"/>; anything else is UTF-8.</param>
    public static Encoding EncodingOf(string name) => name switch
    {
        "windows-1252" => CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
        "utf-16" => Encoding.Unicode,
        "utf-16be" => Encoding.BigEndianUnicode,
        _ => Encoding.UTF8,
    };

    /// <summary>What seems to stand between the cells: the one that the first rows have equally often, outside of quotes.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="encoding">Its encoding.</param>
    public static char GuessDelimiter(ReadOnlySpan<byte> content, string encoding)
    {
        var text = EncodingOf(encoding).GetString(content[..Math.Min(content.Length, Looked)]);
        var lines = Counts(text);
        return Delimiters.MaxBy(delimiter => (
            lines.Count(line => line[Index(delimiter)] > 0 && line[Index(delimiter)] == lines[0][Index(delimiter)]), lines[0][Index(delimiter)], -Index(delimiter)));
    }

    private static int Index(char delimiter) => delimiter switch { ',' => 0, ';' => 1, _ => 2 };

    /// <summary>How often each delimiter stands on each of the first lines.</summary>
    private static List<int[]> Counts(string text)
    {
        const int Most = 50;
        List<int[]> lines = [[0, 0, 0]];
        var isQuoted = false;
        foreach (var letter in text)
        {
            if (letter == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && letter is '\n' && lines.Count < Most)
                lines.Add([0, 0, 0]);
            else if (!isQuoted && letter is ',' or ';' or '\t')
                lines[^1][Index(letter)]++;
        }

        return lines;
    }
}
