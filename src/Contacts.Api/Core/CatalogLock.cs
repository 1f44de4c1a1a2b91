using Contacts.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Contacts.Core;

/// <summary>
/// Changes of a workspace's fields, groups and campaigns come one after the other, so that a limit holds under any number of racing calls.
/// Contacts are not concerned: they are written while this is held.
/// </summary>
internal static class CatalogLock
{
    /// <summary>Begins a transaction that holds the workspace's catalog until it ends.</summary>
    /// <param name="db">An open context of the workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async Task<IDbContextTransaction> BeginCatalogChangeAsync(this ContactsDb db, CancellationToken cancellation)
    {
        var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var key = BitConverter.ToInt64(db.WorkspaceId.ToByteArray(), 8);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({key})", cancellation);
        return transaction;
    }
}
