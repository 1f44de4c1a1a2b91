using System.Data;
using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Contacts.TestBench;

/// <summary>Takes, lists and deletes snapshots of workspaces' books. <see cref="ResetService"/> puts them back.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="clock">The clock.</param>
public sealed class SnapshotService(IDbContextFactory<ContactsDb> contexts, TimeProvider clock)
{
    /// <summary>All of a workspace's, the oldest first.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<BookSnapshot>> ListAsync(Guid workspaceId, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspaceId);
        return await db.Snapshots.AsNoTracking().OrderBy(snapshot => snapshot.Id).ToListAsync(cancellation);
    }

    /// <summary>Takes one: the book as it is at this moment, whoever writes meanwhile.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="name">Its name, of a valid shape.</param>
    /// <param name="by">The name of the token that takes it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The snapshot; refused when the name is another's, or there are too many, or it would hold too many contacts.</returns>
    public async Task<Outcome<BookSnapshot>> TakeAsync(Guid workspaceId, string name, string by, CancellationToken cancellation)
    {
        var now = clock.Now();
        await using var db = contexts.Open(workspaceId);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var contacts = await db.Contacts.CountAsync(cancellation);
        if (contacts > BookSnapshot.MaxContacts)
            return new Refusal.LimitReached(contacts, BookSnapshot.MaxContacts);
        var count = await db.Snapshots.CountAsync(cancellation);
        if (count >= BookSnapshot.MaxCount)
            return new Refusal.LimitReached(count, BookSnapshot.MaxCount);
        var snapshot = new BookSnapshot { WorkspaceId = workspaceId, Id = RowId.At(now), Name = name, Contacts = contacts, CreatedBy = by, CreatedOn = now };
        db.Add(snapshot);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new Refusal.NotUnique(UniqueAttribute.Name);
        }

        await BookRows.KeepAsync((NpgsqlConnection)db.Database.GetDbConnection(), workspaceId, snapshot.Id, cancellation);
        await transaction.CommitAsync(CancellationToken.None);
        return snapshot;
    }

    /// <summary>Deletes one.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> DeleteAsync(Guid workspaceId, string name, CancellationToken cancellation)
    {
        if (!BookSnapshot.IsName(name))
            return false;
        await using var db = contexts.Open(workspaceId);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        await db.SnapshotRows.Where(rows => db.Snapshots.Any(snapshot => snapshot.Id == rows.SnapshotId && snapshot.Name == name)).ExecuteDeleteAsync(cancellation);
        var deleted = await db.Snapshots.Where(snapshot => snapshot.Name == name).ExecuteDeleteAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Deleted, name);
        return deleted > 0;
    }
}
