using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Contacts.Imports;

/// <summary>A row of a file.</summary>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="Cells">Its cells, without their quotes.</param>
/// <param name="IsBroken">Whether its quotes don't pair, so that nobody can say what its cells are.</param>
internal readonly record struct CsvRow(int Line, string[] Cells, bool IsBroken);

/// <summary>Reads a file row by row.</summary>
internal static class CsvRows
{
    /// <summary>The rows of a file, blank lines left out, its header included.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="options">How it is read.</param>
    public static IEnumerable<CsvRow> Read(byte[] content, ImportOptions options)
    {
        using var stream = new MemoryStream(content, writable: false);
        using var reader = new StreamReader(stream, CsvText.EncodingOf(options.Encoding), detectEncodingFromByteOrderMarks: false);
        SkipMark(reader);
        var isBroken = false;
        using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = options.Delimiter.ToString(),
            HasHeaderRecord = false,
            BadDataFound = _ => isBroken = true,
        });
        while (parser.Read())
        {
            isBroken = false;
            var cells = parser.Record ?? [];
            var lines = parser.RawRecord.AsSpan().Trim("\r\n").Count('\n');
            yield return new CsvRow(parser.RawRow - lines, cells, isBroken);
        }
    }

    /// <summary>The rows of contacts: all but the header.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="options">How it is read.</param>
    public static IEnumerable<CsvRow> ReadContacts(byte[] content, ImportOptions options) => Read(content, options).Skip(options.HasHeader ? 1 : 0);

    private static void SkipMark(StreamReader reader)
    {
        if (reader.Peek() == '\uFEFF')
            reader.Read();
    }
}
