namespace Contacts.Imports;

/// <summary>How far an import is.</summary>
public enum ImportStatus
{
    /// <summary>The file is here; what its columns are is being chosen.</summary>
    Draft,

    /// <summary>It is being tried: nothing is written.</summary>
    Checking,

    /// <summary>It was tried.</summary>
    Checked,

    /// <summary>It is being written.</summary>
    Running,

    /// <summary>All rows were written or refused.</summary>
    Done,

    /// <summary>Somebody stopped it; what was written before stays.</summary>
    Cancelled,

    /// <summary>It could not go on: see <see cref="Import.Failure"/>.</summary>
    Failed,
}

/// <summary>A file of contacts on its way into the book.</summary>
public sealed class Import
{
    /// <summary>The longest name of a file, in characters.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The id, ordered by the time of the upload.</summary>
    public required Guid Id { get; init; }

    /// <summary>The file's name.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the token that uploaded it; its changes are told under this name.</summary>
    public required string MadeBy { get; init; }

    /// <summary>When it was uploaded.</summary>
    public required DateTime CreatedOn { get; init; }

    /// <summary>How far it is.</summary>
    public ImportStatus Status { get; set; }

    /// <summary>How the file is read.</summary>
    public required ImportOptions Options { get; set; }

    /// <summary>How many rows the file has.</summary>
    public int RowCount { get; set; }

    /// <summary>How many of them are done with, in the try or in the import itself; all counts that follow are of these.</summary>
    public int ReadCount { get; set; }

    /// <summary>Contacts made.</summary>
    public int CreatedCount { get; set; }

    /// <summary>Rows that changed a contact.</summary>
    public int UpdatedCount { get; set; }

    /// <summary>Rows that said nothing new.</summary>
    public int UnchangedCount { get; set; }

    /// <summary>Rows refused.</summary>
    public int RefusedCount { get; set; }

    /// <summary>Rows about a contact that an earlier row is about too; told by the try alone.</summary>
    public int RepeatedCount { get; set; }

    /// <summary>Groups that are made, or would be, by name.</summary>
    public IReadOnlyList<string> NewGroups { get; set; } = [];

    /// <summary>The time that the rows at work are written under, the same one when they are written once more after a crash; null between batches.</summary>
    public DateTime? BatchOn { get; set; }

    /// <summary>The run that is at work on it.</summary>
    public Guid? Holder { get; set; }

    /// <summary>Until when nobody else may take it over.</summary>
    public DateTime? LeasedUntil { get; set; }

    /// <summary>Whether somebody wants it stopped.</summary>
    public bool IsStopping { get; set; }

    /// <summary>When it ended, however it ended.</summary>
    public DateTime? FinishedOn { get; set; }

    /// <summary>The code of the reason why it could not go on.</summary>
    public string? Failure { get; set; }

    /// <summary>Whether a run is, or should be, at work on it.</summary>
    public bool IsActive => Status is ImportStatus.Checking or ImportStatus.Running;
}

/// <summary>The file of an import, kept until it is done.</summary>
public sealed class ImportFile
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The import.</summary>
    public required Guid ImportId { get; init; }

    /// <summary>The file's bytes, as they were uploaded.</summary>
    public required byte[] Content { get; init; }
}

/// <summary>A row of an import that is told of: each that is refused, and the first few.</summary>
public sealed class ImportRow
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The import.</summary>
    public required Guid ImportId { get; init; }

    /// <summary>The line of the file on which the row begins, from 1.</summary>
    public required int Line { get; init; }

    /// <summary><c>created</c>, <c>updated</c>, <c>unchanged</c> or <c>refused</c>.</summary>
    public required string Effect { get; init; }

    /// <summary>Why it was refused, as a code; null when it was not.</summary>
    public string? Code { get; init; }

    /// <summary>What the reason is about; empty when there is nothing to say.</summary>
    public string Subject { get; init; } = string.Empty;

    /// <summary>The row's cells as they stand in the file.</summary>
    public required IReadOnlyList<string> Cells { get; init; }
}
