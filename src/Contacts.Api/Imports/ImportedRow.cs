using CsvHelper;

namespace Contacts.Imports;

/// <summary>A row of a file.</summary>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="Cells">Its cells, without their quotes.</param>
/// <param name="IsBroken">Whether its quotes don't pair, so that nobody can say what its cells are.</param>
internal readonly record struct ImportedRow(int Line, string[] Cells, bool IsBroken);

/// <summary>Reads a file row by row.</summary>
internal static class CsvRows
{
    /// <summary>The rows of a file, blank lines left out, its header included.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="options">How it is read.</param>
    public static IEnumerable<ImportedRow> Read(byte[] content, ImportOptions options)
    {
        using var stream = new MemoryStream(content, writable: false);
        using var text = new StreamReader(stream, CsvText.EncodingOf(options.Encoding), detectEncodingFromByteOrderMarks: false);
        if (text.Peek() == '\uFEFF')
            _ = text.Read();
        var broken = new HashSet<long>();
        using var reader = CsvReader.Create(text, new CsvReaderOptions
        {
            Separator = options.Delimiter,
            HasHeader = false,
            TrackLineNumbers = true,
            OnMalformedRecord = record =>
            {
                // A quote within a cell that is not quoted is a letter like others.
                if (record.Reason is CsvMalformedReason.TextAfterClosingQuote or CsvMalformedReason.UnterminatedQuote)
                    broken.Add(record.RecordNumber);
            },
        });
        for (var number = 1; reader.Read(); number++)
        {
            var cells = new string[reader.FieldCount];
            for (var column = 0; column < cells.Length; column++)
                cells[column] = reader.GetString(column);
            yield return new ImportedRow((int)reader.LineNumber, cells, broken.Remove(number));
        }
    }

    /// <summary>The rows of contacts: all but the header.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="options">How it is read.</param>
    public static IEnumerable<ImportedRow> ReadContacts(byte[] content, ImportOptions options) => Read(content, options).Skip(options.HasHeader ? 1 : 0);
}
