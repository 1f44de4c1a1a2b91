using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Calls;

/// <summary>
/// Holds each workspace's recorded calls to its limits of count, age and size. How many there are, and what they weigh, is known from the counts
/// by the minute, so that no round reads the log; the oldest calls go first, along the primary key. A round is about the workspaces whose calls
/// this server recorded since the last one, and now and then about all.
/// </summary>
/// <param name="contexts">Where calls are kept.</param>
/// <param name="minutes">Knows whose calls were recorded.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
internal sealed class CallLogCleaner(
    IDbContextFactory<ContactsDb> contexts, CallMinutes minutes, TimeProvider clock, ILogger<CallLogCleaner> log)
    : WorkspaceRounds(contexts, TimeSpan.FromSeconds(5), clock, log)
{
    private const int Chunk = 2_000;
    private const long Megabyte = 1_000_000;

    // Not worth a statement: the limits hold within a tenth.
    private const double Slack = 1.02;

    private static readonly TimeSpan AllPause = TimeSpan.FromMinutes(10);

    private readonly IDbContextFactory<ContactsDb> _contexts = contexts;
    private long? _allAt;

    /// <inheritdoc />
    public override async Task CleanAsync(CancellationToken cancellation)
    {
        var recorded = minutes.TakeRecorded();
        if (_allAt is not { } before || Clock.GetElapsedTime(before) >= AllPause)
        {
            _allAt = Clock.GetTimestamp();
            await base.CleanAsync(cancellation);
            return;
        }

        foreach (var workspace in recorded)
        {
            await using var db = _contexts.Open(workspace);
            await CleanAsync(db, cancellation);
        }
    }

    /// <inheritdoc />
    protected override async Task CleanAsync(ContactsDb db, CancellationToken cancellation)
    {
        var workspace = await db.Workspaces.AsNoTracking().SingleAsync(row => row.Id == db.WorkspaceId, cancellation);
        var old = Clock.Now().AddDays(-workspace.RecordedDays);
        await db.CallMinutes.Where(row => row.Minute < old.AddMinutes(-1)).ExecuteDeleteAsync(cancellation);
        var kept = await db.CallMinutes.AsNoTracking().Where(row => row.Kept > 0)
            .GroupBy(row => row.Minute)
            .Select(rows => new KeptMinute(rows.Key, rows.Sum(row => row.Kept), rows.Sum(row => row.KeptBytes)))
            .ToListAsync(cancellation);
        var end = await EndAsync(db, workspace, kept, cancellation) ?? Guid.Empty;
        var oldest = RowId.First(old);
        if (oldest.CompareTo(end) > 0)
            end = oldest;
        await CallLog.RemoveBeforeAsync(db, end, Chunk, cancellation);
    }

    /// <summary>The first id that stays within the limits of count and size; null when everything does.</summary>
    private static async Task<Guid?> EndAsync(ContactsDb db, Workspace workspace, List<KeptMinute> minutes, CancellationToken cancellation)
    {
        var bytes = workspace.RecordedMegabytes * Megabyte;
        if (minutes.Sum(minute => minute.Calls) <= workspace.RecordedCalls * Slack && minutes.Sum(minute => minute.Bytes) <= bytes * Slack)
            return null;
        long calls = workspace.RecordedCalls;
        foreach (var minute in minutes.OrderByDescending(minute => minute.Began))
        {
            if (minute.Calls <= calls && minute.Bytes <= bytes)
            {
                (calls, bytes) = (calls - minute.Calls, bytes - minute.Bytes);
                continue;
            }

            // The limit is within this minute: its calls weigh about the same.
            var stays = (int)Math.Min(calls, minute.Calls * (bytes / (double)minute.Bytes));
            var (first, next) = (RowId.First(minute.Began), RowId.First(minute.Began.AddMinutes(1)));
            var last = await db.RecordedCalls.Where(call => call.Id >= first && call.Id < next)
                .OrderByDescending(call => call.Id).Select(call => (Guid?)call.Id).Skip(Math.Max(0, stays - 1)).FirstOrDefaultAsync(cancellation);
            return stays == 0 ? next : last ?? first;
        }

        return null;
    }

    private sealed record KeptMinute(DateTime Began, int Calls, long Bytes);
}
