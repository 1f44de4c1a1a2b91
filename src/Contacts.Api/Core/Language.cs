using System.Diagnostics.CodeAnalysis;

namespace Contacts.Core;

/// <summary>The languages of ISO 639-3, from the embedded list <c>iso639-3.txt</c>.</summary>
public static class Language
{
    private const int Letters = 26;

    // One flag per word of three letters, so that a question allocates nothing.
    private static readonly bool[] Known = ReadKnown();

    /// <summary>Whether a text is the code of a language.</summary>
    /// <param name="code">Three letters in any case: <c>eng</c>, <c>POR</c>.</param>
    /// <returns>True when ISO 639-3 has it.</returns>
    [SuppressMessage("Naming", "CA1707", Justification = "The standard's name is ISO 639-3.")]
    public static bool IsIso639_3(string code) =>
        code is { Length: 3 } && char.IsAsciiLetter(code[0]) && char.IsAsciiLetter(code[1]) && char.IsAsciiLetter(code[2]) && Known[Index(code)];

    private static int Index(ReadOnlySpan<char> code) => (((Letter(code[0]) * Letters) + Letter(code[1])) * Letters) + Letter(code[2]);

    private static int Letter(char letter) => (letter | 0x20) - 'a';

    private static bool[] ReadKnown()
    {
        var known = new bool[Letters * Letters * Letters];
        using var stream = typeof(Language).Assembly.GetManifestResourceStream("iso639-3.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            foreach (var code in line.Split(' '))
                known[Index(code)] = true;
        }

        return known;
    }
}
