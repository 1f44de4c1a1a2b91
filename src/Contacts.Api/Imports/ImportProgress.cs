using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Imports;

/// <summary>
/// Where an import stands, in the database: which run holds it, and how many rows are done. A run that lost its hold stores nothing any more, so what
/// a stopped server left is taken up by one other, from the batch that was at work.
/// </summary>
/// <param name="contexts">Where imports are kept.</param>
/// <param name="clock">The clock.</param>
internal sealed class ImportProgress(IDbContextFactory<ContactsDb> contexts, TimeProvider clock)
{
    /// <summary>How long a run holds an import without a sign of life.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);

    /// <summary>Takes an import that nobody holds.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="id">The import.</param>
    /// <param name="holder">The run.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The import and its workspace; null when somebody else has it, or there is nothing to do.</returns>
    public async Task<(Import Import, Workspace Workspace)?> TakeAsync(Guid workspaceId, Guid id, Guid holder, CancellationToken cancellation)
    {
        var now = clock.Now();
        await using var db = contexts.Open(workspaceId);
        var taken = await db.Imports
            .Where(row => row.Id == id && (row.Status == ImportStatus.Checking || row.Status == ImportStatus.Running) && (row.LeasedUntil == null || row.LeasedUntil < now))
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.Holder, holder).SetProperty(row => row.LeasedUntil, now + Hold), cancellation);
        if (taken == 0)
            return null;
        var import = await db.Imports.AsNoTracking().SingleAsync(row => row.Id == id, cancellation);
        return (import, await db.Workspaces.AsNoTracking().SingleAsync(row => row.Id == workspaceId, cancellation));
    }

    /// <summary>The import's file.</summary>
    /// <param name="import">The import.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<byte[]> ReadAsync(Import import, CancellationToken cancellation)
    {
        await using var db = contexts.Open(import.WorkspaceId);
        return await db.ImportFiles.Where(row => row.ImportId == import.Id).Select(row => row.Content).SingleAsync(cancellation);
    }

    /// <summary>Begins a batch: holds the import for longer, and notes the time that its rows are written under.</summary>
    /// <param name="import">The import.</param>
    /// <param name="holder">The run.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The import as it is; null when the hold was lost.</returns>
    public async Task<Import?> BeginAsync(Import import, Guid holder, CancellationToken cancellation)
    {
        var now = clock.Now();
        await using var db = contexts.Open(import.WorkspaceId);
        await db.Imports.Where(row => row.Id == import.Id && row.Holder == holder).ExecuteUpdateAsync(
            update => update.SetProperty(row => row.BatchOn, row => row.BatchOn ?? now).SetProperty(row => row.LeasedUntil, now + Hold), cancellation);
        return await db.Imports.AsNoTracking().SingleOrDefaultAsync(row => row.Id == import.Id && row.Holder == holder, cancellation);
    }

    /// <summary>Stores what became of a batch.</summary>
    /// <param name="import">The import.</param>
    /// <param name="holder">The run.</param>
    /// <param name="tally">What became of the rows.</param>
    /// <param name="newGroups">All groups that the import makes, by name.</param>
    /// <returns>Whether the run still held the import.</returns>
    public async Task<bool> StoreAsync(Import import, Guid holder, ImportTally tally, IReadOnlyList<string> newGroups)
    {
        await using var db = contexts.Open(import.WorkspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var stored = await db.Imports.Where(row => row.Id == import.Id && row.Holder == holder).ExecuteUpdateAsync(
            update => update
                .SetProperty(row => row.ReadCount, row => row.ReadCount + tally.Count)
                .SetProperty(row => row.CreatedCount, row => row.CreatedCount + tally.Created)
                .SetProperty(row => row.UpdatedCount, row => row.UpdatedCount + tally.Updated)
                .SetProperty(row => row.UnchangedCount, row => row.UnchangedCount + tally.Unchanged)
                .SetProperty(row => row.RefusedCount, row => row.RefusedCount + tally.Refused)
                .SetProperty(row => row.RepeatedCount, row => row.RepeatedCount + tally.Repeated)
                .SetProperty(row => row.NewGroups, newGroups)
                .SetProperty(row => row.BatchOn, (DateTime?)null),
            CancellationToken.None);
        if (stored == 0)
            return false;
        db.AddRange(tally.Rows);
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    /// <summary>Begins from the first row.</summary>
    /// <param name="import">The import.</param>
    /// <param name="holder">The run.</param>
    /// <param name="rowCount">How many rows there are.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task RewindAsync(Import import, Guid holder, int rowCount, CancellationToken cancellation)
    {
        await using var db = contexts.Open(import.WorkspaceId);
        await db.ImportRows.Where(row => row.ImportId == import.Id).ExecuteDeleteAsync(cancellation);
        await db.Imports.Where(row => row.Id == import.Id && row.Holder == holder).ExecuteUpdateAsync(update => update.Emptied().SetProperty(row => row.RowCount, rowCount), cancellation);
    }

    /// <summary>Ends a run.</summary>
    /// <param name="import">The import.</param>
    /// <param name="holder">The run.</param>
    /// <param name="status">How far the import is now; the one that it has, for another run to go on.</param>
    /// <param name="failure">Why it could not go on, or null.</param>
    public async Task EndAsync(Import import, Guid holder, ImportStatus status, string? failure)
    {
        var isOver = status is ImportStatus.Done or ImportStatus.Cancelled or ImportStatus.Failed;
        DateTime? finishedOn = isOver ? clock.Now() : null;
        await using var db = contexts.Open(import.WorkspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var ended = await db.Imports.Where(row => row.Id == import.Id && row.Holder == holder).ExecuteUpdateAsync(
            update => update
                .SetProperty(row => row.Status, status)
                .SetProperty(row => row.Failure, failure)
                .SetProperty(row => row.FinishedOn, finishedOn)
                .SetProperty(row => row.IsStopping, false)
                .SetProperty(row => row.Holder, (Guid?)null)
                .SetProperty(row => row.LeasedUntil, (DateTime?)null),
            CancellationToken.None);
        if (ended == 1 && isOver)
            await db.ImportFiles.Where(row => row.ImportId == import.Id).ExecuteDeleteAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
