using Contacts.Core;
using Contacts.Data;
using Npgsql;
using static Contacts.Data.Parameters;

namespace Contacts.TestBench;

/// <summary>
/// Decides which faults hit. A fault that was asked for through this server is known to its next call, through another one within <see cref="MaxAge"/>;
/// a workspace without any pays one look-up in memory. Those with a number of times are counted in the database, exactly, over all servers.
/// </summary>
/// <param name="watch">Opens connections.</param>
/// <param name="hits">Counts the others' hits.</param>
/// <param name="clock">The clock that tells their end.</param>
public sealed class ActiveFaults(DatabaseWatch watch, FaultHits hits, TimeProvider clock)
{
    /// <summary>The age from which a workspace's faults are read again.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1.5);

    private const string Active =
        """
        SELECT id, effect, path, method, share, status, retry_after_seconds, latency_ms, jitter_ms, bytes_per_second, times, used, created_by, created_on, ends_on
        FROM faults WHERE workspace_id = $1 AND ends_on > $2 AND (times IS NULL OR used < times) ORDER BY id
        """;

    private const string Hit = "UPDATE faults SET used = used + 1 WHERE workspace_id = $1 AND id = $2 AND used < times AND ends_on > $3";

    private static readonly IReadOnlyList<Fault> None = [];

    private readonly Pictures<Fault[]> _pictures = new(MaxAge, clock, (workspaceId, cancellation) => ReadAsync(watch, hits, clock, workspaceId, cancellation));

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

        return await watch.ExecuteAsync(Hit, [Uuid(fault.WorkspaceId), Uuid(fault.Id), Time(now)], cancellation) == 1;
    }

    private static async Task<Fault[]> ReadAsync(
        DatabaseWatch watch, FaultHits hits, TimeProvider clock, Guid workspaceId, CancellationToken cancellation)
    {
        var active = (await watch.ListAsync(Active, [Uuid(workspaceId), Time(clock.Now())], row => Read(row, workspaceId), cancellation)).ToArray();
        hits.Keep(workspaceId, active);
        return active;
    }

    private static Fault Read(NpgsqlDataReader row, Guid workspaceId) => new()
    {
        WorkspaceId = workspaceId,
        Id = row.GetGuid(0),
        Effect = Enum.Parse<FaultEffect>(row.GetString(1)),
        Path = row.GetString(2),
        Method = row.TextOrNull(3),
        Share = row.GetInt32(4),
        Status = row.IntegerOrNull(5),
        RetryAfterSeconds = row.IntegerOrNull(6),
        LatencyMs = row.IntegerOrNull(7),
        JitterMs = row.IntegerOrNull(8),
        BytesPerSecond = row.IntegerOrNull(9),
        Times = row.IntegerOrNull(10),
        Used = row.GetInt32(11),
        CreatedBy = row.GetString(12),
        CreatedOn = row.GetDateTime(13),
        EndsOn = row.GetDateTime(14),
    };
}
