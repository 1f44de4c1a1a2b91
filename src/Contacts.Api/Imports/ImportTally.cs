using System.Text;
using Contacts.Core;

namespace Contacts.Imports;

/// <summary>What became of the rows of one batch.</summary>
/// <param name="import">The import as it was before the batch.</param>
/// <param name="hidesAddresses">Whether reasons leave out what they are about, which may be an address.</param>
internal sealed class ImportTally(Import import, bool hidesAddresses)
{
    /// <summary>How many rows are told of whatever became of them.</summary>
    public const int Samples = 20;

    // Whoever mends a row has its file; a cell of a megabyte, or the rest of a file behind a quote that was never closed, is not kept twice.
    private const int MaxCellLength = 10_000;
    private const int MaxCells = 1_000;

    /// <summary>How many rows there were.</summary>
    public int Count { get; private set; }

    /// <summary>Contacts made.</summary>
    public int Created { get; private set; }

    /// <summary>Contacts changed.</summary>
    public int Updated { get; private set; }

    /// <summary>Rows that said nothing new.</summary>
    public int Unchanged { get; private set; }

    /// <summary>Rows refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Rows about a contact that an earlier row is about too.</summary>
    public int Repeated { get; set; }

    /// <summary>The rows to keep.</summary>
    public List<ImportRow> Rows { get; } = [];

    /// <summary>Adds a row that was refused.</summary>
    /// <param name="row">The row.</param>
    /// <param name="reason">Why.</param>
    public void Refuse(ImportedRow row, Reason reason)
    {
        Refused++;
        Add(row, "refused", reason);
    }

    /// <summary>Adds a row by what the engine answered.</summary>
    /// <param name="row">The row.</param>
    /// <param name="outcome">The answer.</param>
    /// <param name="isMade">Whether the contact was made by the import though the engine found it: by an earlier row, or by this one before a crash.</param>
    public void Add(ImportedRow row, ContactOutcome outcome, bool? isMade = null)
    {
        if (outcome.Refusal is { } refusal)
        {
            Refuse(row, Reason.Of(refusal));
            return;
        }

        var effect = isMade ?? outcome.Effect == ContactEffect.Created ? "created" : outcome.Before is null && isMade is null ? "unchanged" : "updated";
        switch (effect)
        {
            case "created":
                Created++;
                break;
            case "updated":
                Updated++;
                break;
            default:
                Unchanged++;
                break;
        }

        Add(row, effect, null);
    }

    private void Add(ImportedRow row, string effect, Reason? reason)
    {
        Count++;
        var isSample = import.Status == ImportStatus.Checking && import.ReadCount + Count <= Samples;
        if (reason is null && !isSample)
            return;
        Rows.Add(new ImportRow
        {
            WorkspaceId = import.WorkspaceId,
            ImportId = import.Id,
            Line = row.Line,
            Effect = effect,
            Code = reason?.Code,
            Subject = hidesAddresses ? string.Empty : Storable(reason?.Subject ?? string.Empty),
            Cells = [.. row.Cells.Take(MaxCells).Select(Storable)],
        });
    }

    /// <summary>A text as PostgreSQL can hold it, cut.</summary>
    private static string Storable(string text)
    {
        var kept = new StringBuilder(Math.Min(text.Length, MaxCellLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (kept.Length >= MaxCellLength)
                break;
            kept.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return kept.ToString();
    }
}
