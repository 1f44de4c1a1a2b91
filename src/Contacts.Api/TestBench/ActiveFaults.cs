using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.TestBench;

/// <summary>
/// Decides which faults hit. A fault that was asked for through this server is known to its next call, through another one within <see cref="MaxAge"/>;
/// a workspace without any pays one look-up in memory. Those with a number of times are counted in the database, exactly, over all servers.
/// </summary>
/// <param name="contexts">Where faults are kept.</param>
/// <param name="hits">Counts the others' hits.</param>
/// <param name="clock">The clock that tells their end.</param>
public sealed class ActiveFaults(IDbContextFactory<ContactsDb> contexts, FaultHits hits, TimeProvider clock)
{
    /// <summary>The age from which a workspace's faults are read again.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1.5);

    private static readonly IReadOnlyList<Fault> None = [];

    private readonly Pictures<Fault[]> _pictures = new(MaxAge, clock, (workspaceId, cancellation) => ReadAsync(contexts, hits, clock, workspaceId, cancellation));

    /// <summary>The faults that hit a call.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="method">The call's method.</param>
    /// <param name="path">The call's path.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public ValueTask<IReadOnlyList<Fault>> OfCallAsync(Guid workspaceId, string method, string path, CancellationToken cancellation)
    {
        var known = _pictures.GetAsync(workspaceId, cancellation);
        return known is { IsCompletedSuccessfully: true, Result.Length: 0 } ? ValueTask.FromResult(None) : ChooseAsync(known, method, path, cancellation);
    }

    /// <summary>Whether a fault of deliveries hits.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="effect">What it does.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async ValueTask<bool> HitsDeliveryAsync(Guid workspaceId, FaultEffect effect, CancellationToken cancellation)
    {
        foreach (var fault in await _pictures.GetAsync(workspaceId, cancellation))
        {
            if (fault.Effect == effect && await HitsAsync(fault, cancellation))
                return true;
        }

        return false;
    }

    /// <summary>Whether a fault with an effect is active, hit or not.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="effect">What it does.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async ValueTask<bool> HasAsync(Guid workspaceId, FaultEffect effect, CancellationToken cancellation)
    {
        var now = clock.Now();
        return Array.Exists(await _pictures.GetAsync(workspaceId, cancellation), fault => fault.Effect == effect && fault.EndsOn > now);
    }

    /// <summary>How many are active, as they were known a moment ago.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async ValueTask<int> CountAsync(Guid workspaceId, CancellationToken cancellation)
    {
        var now = clock.Now();
        return (await _pictures.GetAsync(workspaceId, cancellation)).Count(fault => fault.EndsOn > now);
    }

    /// <summary>Called after a committed change of a workspace's faults.</summary>
    /// <param name="workspaceId">The workspace.</param>
    public void Forget(Guid workspaceId) => _pictures.Forget(workspaceId);

    private async ValueTask<IReadOnlyList<Fault>> ChooseAsync(ValueTask<Fault[]> known, string method, string path, CancellationToken cancellation)
    {
        List<Fault>? chosen = null;
        foreach (var fault in await known)
        {
            if (fault.Matches(method, path) && !IsIdle(fault, chosen) && await HitsAsync(fault, cancellation))
                (chosen ??= []).Add(fault);
        }

        return chosen ?? None;
    }

    /// <summary>Whether a fault could do nothing beside the older ones that hit the call: its hits are not spent on that. Delays add up.</summary>
    private static bool IsIdle(Fault fault, List<Fault>? older) =>
        older is not null && fault.Effect != FaultEffect.Latency
        && older.Exists(one => one.Effect == fault.Effect || one.Effect is FaultEffect.CutBefore or FaultEffect.CutAfter);

    private async ValueTask<bool> HitsAsync(Fault fault, CancellationToken cancellation)
    {
        var now = clock.Now();
        if (fault.EndsOn <= now || Random.Shared.Next(100) >= fault.Share)
            return false;
        if (fault.Times is null)
        {
            hits.Add(fault);
            return true;
        }

        await using var db = contexts.Open(fault.WorkspaceId);
        return await db.Faults.Where(row => row.Id == fault.Id && row.Used < row.Times && row.EndsOn > now)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.Used, row => row.Used + 1), cancellation) == 1;
    }

    private static async Task<Fault[]> ReadAsync(
        IDbContextFactory<ContactsDb> contexts, FaultHits hits, TimeProvider clock, Guid workspaceId, CancellationToken cancellation)
    {
        var now = clock.Now();
        await using var db = contexts.Open(workspaceId);
        var active = await db.Faults.AsNoTracking().Where(fault => fault.EndsOn > now && (fault.Times == null || fault.Used < fault.Times))
            .OrderBy(fault => fault.Id).ToArrayAsync(cancellation);
        hits.Keep(workspaceId, active);
        return active;
    }
}
