using Contacts.Data;
using Contacts.Workspaces;
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

    /// <summary>Notes the change on the claim of the call that makes it, when there is one, and commits.</summary>
    /// <param name="db">The context that the change was begun on.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="effect">What was done.</param>
    /// <param name="subject">The object that it was done to: its id, or a field's key.</param>
    /// <exception cref="SupersededException">Somebody else took the call over; nothing is committed.</exception>
    public static async Task CommitAsync(this ContactsDb db, IDbContextTransaction transaction, CallEffect effect, string subject)
    {
        if (Claim.Current is { } claim)
        {
            var noted = await db.IdempotentCalls.Where(call => call.Id == claim.Id).ExecuteUpdateAsync(
                update => update
                    .SetProperty(call => call.Effect, call => call.Effect == null ? effect : CallEffect.Several)
                    .SetProperty(call => call.Subject, call => call.Effect == null ? subject : null),
                CancellationToken.None);
            if (noted == 0)
                throw new SupersededException();
        }

        await transaction.CommitAsync(CancellationToken.None);
        db.NoteCommitted();
        if (effect == CallEffect.Deleted)
            ChangeJournal.Current?.NoteDeletion(subject);
    }
}
