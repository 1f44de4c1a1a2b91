using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Imports;

/// <summary>Takes files in, lets people say what they are, and has them tried and carried out: one at a time in each workspace.</summary>
/// <param name="contexts">Where imports are kept.</param>
/// <param name="catalogs">The workspaces' fields and groups.</param>
/// <param name="worker">Carries them out.</param>
/// <param name="settings">What the server's owner set.</param>
/// <param name="clock">The clock.</param>
public sealed class ImportService(
    IDbContextFactory<ContactsDb> contexts, CatalogCache catalogs, ImportWorker worker, ImportSettings settings, TimeProvider clock)
{
    /// <summary>How many files of a workspace may wait: each is kept until it is imported, removed or old.</summary>
    public const int MaxFiles = 20;

    /// <summary>What the server's owner set.</summary>
    public ImportSettings Settings => settings;

    /// <summary>Takes a file in and guesses how it is read.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="by">The name of the token that brings it.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The import, or why it is none.</returns>
    public async Task<(Import? Import, Reason? Reason)> AddAsync(Workspace workspace, string by, string name, byte[] content, CancellationToken cancellation)
    {
        if (content.Length > settings.MaxBytes)
            return (null, new Reason("file_large", $"{settings.MaxBytes / 1_000_000}"));
        if (CsvText.RefusalOf(content) is { } refusal)
            return (null, refusal);
        var options = new ImportOptions { Encoding = CsvText.GuessEncoding(content) };
        options = options with { Delimiter = CsvText.GuessDelimiter(content, options.Encoding) };
        options = Guess(content, options, isHeader: null, await catalogs.GetAsync(workspace.Id, cancellation));
        var rowCount = CsvRows.ReadContacts(content, options).Take(settings.MaxRows + 1).Count();
        if (rowCount > settings.MaxRows)
            return (null, new Reason("rows_many", $"{settings.MaxRows}"));
        if (rowCount == 0)
            return (null, new Reason("file_empty"));
        var now = clock.Now();
        var import = new Import
        {
            WorkspaceId = workspace.Id,
            Id = RowId.At(now),
            Name = Shown(name),
            MadeBy = by,
            CreatedOn = now,
            Options = options,
            RowCount = rowCount,
        };
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        if (await db.ImportFiles.CountAsync(cancellation) >= MaxFiles)
            return (null, new Reason("files_many", $"{MaxFiles}"));
        db.Add(import);
        await db.SaveChangesAsync(cancellation);
        db.Add(new ImportFile { WorkspaceId = workspace.Id, ImportId = import.Id, Content = content });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (import, null);
    }

    /// <summary>A page of imports, the newest first.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="size">The size of a page.</param>
    /// <param name="from">Where the page begins or ends; null for the first.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Page<Import>> ListAsync(Workspace workspace, int size, Cursor? from, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        var imports = db.Imports.AsNoTracking();
        var ordered = from switch
        {
            null => imports.OrderByDescending(row => row.Id),
            { Backwards: true, Id: var id } => imports.Where(row => row.Id > id).OrderBy(row => row.Id),
            { Id: var id } => imports.Where(row => row.Id < id).OrderByDescending(row => row.Id),
        };
        return Page<Import>.Of(await ordered.Take(size + 1).ToListAsync(cancellation), size, from, row => (null, row.Id));
    }

    /// <summary>The import with an id, or null.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The id.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Import?> FindAsync(Workspace workspace, Guid id, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        return await db.Imports.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation);
    }

    /// <summary>The first rows of a file, as some options read it.</summary>
    /// <param name="import">The import, not done yet.</param>
    /// <param name="options">The options.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<string[]>> PreviewAsync(Import import, ImportOptions options, int count, CancellationToken cancellation) =>
        [.. CsvRows.ReadContacts(await ReadAsync(import, cancellation), options).Take(count).Select(row => row.Cells)];

    /// <summary>Reads a draft in another way: its columns are guessed anew.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="import">The draft.</param>
    /// <param name="options">Encoding, delimiter and whether there is a header.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task RereadAsync(Workspace workspace, Import import, ImportOptions options, CancellationToken cancellation)
    {
        var guessed = Guess(await ReadAsync(import, cancellation), options, options.HasHeader, await catalogs.GetAsync(workspace.Id, cancellation));
        await using var db = contexts.Open(workspace.Id);
        await db.Imports.Where(row => row.Id == import.Id && (row.Status == ImportStatus.Draft || row.Status == ImportStatus.Checked))
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.Options, guessed).SetProperty(row => row.Status, ImportStatus.Draft), cancellation);
    }

    /// <summary>Has a draft tried: nothing is written.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The import.</param>
    /// <param name="options">How it is read, without faults.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>Why not, or null.</returns>
    public Task<Reason?> CheckAsync(Workspace workspace, Guid id, ImportOptions options, CancellationToken cancellation) =>
        BeginAsync(workspace, id, ImportStatus.Checking, [ImportStatus.Draft, ImportStatus.Checked], options, cancellation);

    /// <summary>Has an import carried out that was tried.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The import.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>Why not, or null.</returns>
    public Task<Reason?> RunAsync(Workspace workspace, Guid id, CancellationToken cancellation) =>
        BeginAsync(workspace, id, ImportStatus.Running, [ImportStatus.Checked], null, cancellation);

    /// <summary>Stops a try or an import, after the batch that is at work.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The import.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task StopAsync(Workspace workspace, Guid id, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await db.Imports.Where(row => row.Id == id && (row.Status == ImportStatus.Checking || row.Status == ImportStatus.Running))
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.IsStopping, true), cancellation);
        worker.Wake();
    }

    /// <summary>Takes an import off the list that is not at work.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The import.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task RemoveAsync(Workspace workspace, Guid id, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await db.RemoveImportAsync(id, cancellation);
    }

    /// <summary>The rows that are told of, by their lines.</summary>
    /// <param name="import">The import.</param>
    /// <param name="after">Those behind this line.</param>
    /// <param name="count">How many.</param>
    /// <param name="onlyRefused">Whether the first few are left out that were not refused.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<ImportRow>> RowsAsync(Import import, int after, int count, bool onlyRefused, CancellationToken cancellation)
    {
        await using var db = contexts.Open(import.WorkspaceId);
        return await db.ImportRows.AsNoTracking()
            .Where(row => row.ImportId == import.Id && row.Line > after && (!onlyRefused || row.Code != null))
            .OrderBy(row => row.Line).Take(count).ToListAsync(cancellation);
    }

    private async Task<Reason?> BeginAsync(
        Workspace workspace, Guid id, ImportStatus status, ImportStatus[] before, ImportOptions? options, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);

        // A reset that runs now is waited for: it looked for imports at work before it emptied the book.
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        try
        {
            var begun = await db.Imports.Where(row => row.Id == id && before.Contains(row.Status)).ExecuteUpdateAsync(
                update =>
                {
                    update.Emptied().SetProperty(row => row.Status, status).SetProperty(row => row.Failure, (string?)null);
                    if (options is not null)
                        update.SetProperty(row => row.Options, options);
                },
                cancellation);
            if (begun == 0)
                return new Reason("import_moved");
            await db.ImportRows.Where(row => row.ImportId == id).ExecuteDeleteAsync(cancellation);
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception error) when (error.IsUniqueViolation())
        {
            return new Reason("import_busy");
        }

        worker.Wake();
        return null;
    }

    private async Task<byte[]> ReadAsync(Import import, CancellationToken cancellation)
    {
        await using var db = contexts.Open(import.WorkspaceId);
        return await db.ImportFiles.Where(row => row.ImportId == import.Id).Select(row => row.Content).SingleOrDefaultAsync(cancellation) ?? [];
    }

    private static ImportOptions Guess(byte[] content, ImportOptions options, bool? isHeader, Catalog catalog)
    {
        var first = CsvRows.Read(content, options).Select(row => row.Cells).FirstOrDefault() ?? [];
        var hasHeader = isHeader ?? ColumnGuess.IsHeader(first);
        string[] headers = hasHeader ? [.. first.Select(Shown)] : [.. first.Select(_ => string.Empty)];
        return options with { HasHeader = hasHeader, Headers = headers, Columns = [.. ColumnGuess.Of(headers, catalog).Select(target => target.ToString())] };
    }

    /// <summary>A name as it can be kept and shown.</summary>
    private static string Shown(string text)
    {
        var shown = FieldText.Storable(text.Trim());
        return shown.Length <= Import.MaxNameLength ? shown : string.Concat(shown[..(Import.MaxNameLength - 1)].TrimEnd().EnumerateRunes().Where(rune => rune != System.Text.Rune.ReplacementChar));
    }
}
