using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.TestBench;

/// <summary>Sets workspaces' clocks: forwards only. A reset takes one back to the machine's time.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="callers">Is told of every change.</param>
public sealed class ClockService(IDbContextFactory<ContactsDb> contexts, Callers callers)
{
    /// <summary>How far a workspace's clock is ahead, in the database now.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<long> ReadAsync(Guid workspaceId, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspaceId);
        return await OffsetAsync(db, workspaceId, cancellation);
    }

    /// <summary>Sets a clock ahead of the machine's.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="seconds">How far, from 0 to <see cref="WorkspaceClock.MaxOffset"/>.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    /// <returns>How far it is ahead now; null when that would be backwards, and nothing was changed.</returns>
    public async Task<long?> SetAsync(Guid workspaceId, long seconds, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspaceId);
        var changed = await db.Workspaces.Where(row => row.Id == workspaceId && row.ClockOffsetSeconds <= seconds)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.ClockOffsetSeconds, seconds), cancellation);
        callers.Forget(workspaceId);
        return changed == 1 ? seconds : null;
    }

    /// <summary>Moves a clock on: calls at the same time add up.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="seconds">By how much, from 0.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    /// <returns>How far it is ahead now; null when that would be over <see cref="WorkspaceClock.MaxOffset"/>, and nothing was changed.</returns>
    public async Task<long?> AdvanceAsync(Guid workspaceId, long seconds, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspaceId);
        var changed = await db.Workspaces.Where(row => row.Id == workspaceId && row.ClockOffsetSeconds <= WorkspaceClock.MaxOffset - seconds)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.ClockOffsetSeconds, row => row.ClockOffsetSeconds + seconds), cancellation);
        callers.Forget(workspaceId);
        return changed == 1 ? await OffsetAsync(db, workspaceId, cancellation) : null;
    }

    private static Task<long> OffsetAsync(ContactsDb db, Guid workspaceId, CancellationToken cancellation) =>
        db.Workspaces.Where(row => row.Id == workspaceId).Select(row => row.ClockOffsetSeconds).SingleAsync(cancellation);
}
