using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;

namespace Contacts.Calls;

/// <summary>
/// Holds each workspace's recorded calls to its limits of count, age and size. How many there are, and what they weigh, is known from the counts
/// by the minute, so that no round reads the log; the oldest calls go first, along the primary key. A round is about the workspaces whose calls
/// this server recorded since the last one, and now and then about all.
/// </summary>
/// <param name="watch">Opens connections.</param>
/// <param name="minutes">Knows whose calls were recorded.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
internal sealed class CallLogCleaner(
    DatabaseWatch watch, CallMinutes minutes, TimeProvider clock, ILogger<CallLogCleaner> log)
    : WorkspaceRounds(watch, TimeSpan.FromSeconds(5), clock, log)
{
    private const int Chunk = 2_000;
    private const long Megabyte = 1_000_000;

    // Not worth a statement: the limits hold within a tenth.
    private const double Slack = 1.02;

    private static readonly TimeSpan AllPause = TimeSpan.FromMinutes(10);

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
            await CleanAsync(workspace, cancellation);
    }

    /// <inheritdoc />
    protected override async Task CleanAsync(Guid workspaceId, CancellationToken cancellation)
    {
        if (await WorkspaceRows.FindAsync(Watch, workspaceId, cancellation) is not { } workspace)
            return;
        var old = Clock.Now().AddDays(-workspace.RecordedDays);
        await OldCallRows.RemoveMinutesAsync(Watch, workspaceId, old.AddMinutes(-1), cancellation);
        var end = await EndAsync(workspace, await OldCallRows.KeptAsync(Watch, workspaceId, cancellation), cancellation) ?? Guid.Empty;
        var oldest = RowId.First(old);
        if (oldest.CompareTo(end) > 0)
            end = oldest;
        await OldCallRows.RemoveAsync(Watch, workspaceId, end, Chunk, cancellation);
    }

    /// <summary>The first id that stays within the limits of count and size; null when everything does.</summary>
    private async Task<Guid?> EndAsync(Workspace workspace, List<KeptMinute> minutes, CancellationToken cancellation)
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
            if (stays == 0)
                return RowId.First(minute.Began.AddMinutes(1));
            return await OldCallRows.LastButAsync(Watch, workspace.Id, minute.Began, stays - 1, cancellation) ?? RowId.First(minute.Began);
        }

        return null;
    }
}
