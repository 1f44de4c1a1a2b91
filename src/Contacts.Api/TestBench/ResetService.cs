using Contacts.Calls;
using Contacts.Core;
using Contacts.Data;
using Contacts.Imports;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Contacts.TestBench;

/// <summary>What a reset may leave as it is, beside the book.</summary>
public enum KeptPart
{
    /// <summary>The faults that are active.</summary>
    Faults,

    /// <summary>The workspace's clock, with the calls that were counted and the answers that were kept under keys.</summary>
    Clock,

    /// <summary>The log of calls.</summary>
    Calls,

    /// <summary>The events that wait for webhooks, and the log of those that were sent.</summary>
    Deliveries,
}

/// <summary>
/// Empties workspaces, and puts snapshots back: in one transaction, which whoever writes meanwhile waits for. Tokens, webhooks, settings and snapshots stay.
/// Nobody is told of what goes or comes that way. Refused while an import is written, whose next rows would come into the emptied book.
/// </summary>
/// <param name="contexts">Where everything is kept.</param>
/// <param name="replicas">Are told.</param>
/// <param name="catalogs">Is told.</param>
/// <param name="callers">Is told as well.</param>
/// <param name="faults">And so are these.</param>
/// <param name="calls">The log of calls.</param>
/// <param name="clock">The clock.</param>
public sealed class ResetService(
    IDbContextFactory<ContactsDb> contexts, ReadReplicas replicas, CatalogCache catalogs, Callers callers, ActiveFaults faults, CallLog calls, TimeProvider clock)
{
    /// <summary>All that may be kept.</summary>
    public static readonly IReadOnlySet<KeptPart> Everything = new HashSet<KeptPart>(Enum.GetValues<KeptPart>());

    // Calls that write what the snapshot has, and the log's own work, can be in the way a few times, and not for ever.
    private const int Attempts = 10;

    /// <summary>The tables beside the book that are emptied, and what keeps them.</summary>
    internal static readonly IReadOnlyList<(string Table, KeptPart Part)> Tables =
    [
        ("idempotent_calls", KeptPart.Clock),
        ("request_counts", KeptPart.Clock),
        ("faults", KeptPart.Faults),
        ("webhook_outbox", KeptPart.Deliveries),
        ("webhook_deliveries", KeptPart.Deliveries),
    ];

    /// <summary>The tables of imports, which say what became of contacts that are gone: they are emptied whatever is kept. A try that is at work ends.</summary>
    internal static readonly IReadOnlyList<string> Imports = ["import_rows", "import_files", "imports"];

    /// <summary>Empties a workspace and puts a snapshot back.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="name">The snapshot's name; null for none, so that the book is empty afterwards.</param>
    /// <param name="kept">What stays as it is.</param>
    /// <param name="cancellation">Gives up before it is written.</param>
    /// <returns>Why nothing was done, or null.</returns>
    /// <exception cref="BookBusyException">When it kept colliding with others.</exception>
    public async Task<Refusal?> ResetAsync(Guid workspaceId, string? name, IReadOnlySet<KeptPart> kept, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                var refusal = await ResetOnceAsync(workspaceId, name, kept, cancellation);

                // Apart from the book: a log of a hundred thousand calls would hold the transaction up, and nothing depends on it.
                if (refusal is null && !kept.Contains(KeptPart.Calls))
                    await calls.DeleteAsync(workspaceId, CancellationToken.None);
                return refusal;
            }
            catch (PostgresException error) when (error.MayRunAgain() || error.IsForeignKeyViolation())
            {
                // Somebody else's transaction came between: what it left is seen by the next attempt.
            }
            catch (PostgresException error) when (error.IsMisfit())
            {
                return new Refusal.SnapshotOutdated();
            }
        }

        throw new BookBusyException();
    }

    private async Task<Refusal?> ResetOnceAsync(Guid workspaceId, string? name, IReadOnlySet<KeptPart> kept, CancellationToken cancellation)
    {
        if (name is not null && !BookSnapshot.IsName(name))
            return new Refusal.NotFound();
        await using var db = contexts.Open(workspaceId);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        var snapshot = await db.Snapshots.AsNoTracking().SingleOrDefaultAsync(row => row.Name == name, cancellation);
        if (name is not null && snapshot is null)
            return new Refusal.NotFound();
        if (await db.Imports.AnyAsync(import => import.Status == ImportStatus.Running, cancellation))
            return new Refusal.ImportRunning();
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection()) { Timeout = BookRows.Patience };

        // Keys of calls first, as the engine locks them.
        foreach (var (table, _) in Tables.Where(row => !kept.Contains(row.Part)))
            BookRows.AddDeletion(batch, table, workspaceId);
        foreach (var table in Imports)
            BookRows.AddDeletion(batch, table, workspaceId);
        BookRows.AddEmptying(batch, workspaceId);
        if (snapshot is not null)
            await BookRows.AddRestoringAsync(batch, workspaceId, snapshot.Id, cancellation);
        await batch.ExecuteNonQueryAsync(cancellation);
        if (!kept.Contains(KeptPart.Clock))
        {
            var now = clock.Now();
            await db.Workspaces.Where(row => row.Id == workspaceId).ExecuteUpdateAsync(
                update => update.SetProperty(row => row.ClockOffsetSeconds, 0).SetProperty(row => row.ResetOn, now), cancellation);
        }

        await transaction.CommitAsync(CancellationToken.None);
        replicas.Wrote(workspaceId);
        catalogs.Forget(workspaceId);
        callers.Forget(workspaceId);
        faults.Forget(workspaceId);
        return null;
    }
}
