using System.Collections.Concurrent;
using Contacts.Core;

namespace Contacts.Calls;

/// <summary>
/// All calls of this server by workspace, minute and class of status, recorded or not. Counted in memory; <see cref="CallWriter"/> writes the
/// rows, which are this server's own.
/// </summary>
/// <param name="clock">The clock.</param>
internal sealed class CallMinutes(TimeProvider clock)
{
    // A call that took longer is counted when it ended, so that a minute's row can be let go.
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Old = TimeSpan.FromMinutes(6);

    private readonly ConcurrentDictionary<Guid, Dictionary<(long Minute, short StatusClass), Counts>> _workspaces = new();

    private readonly ConcurrentDictionary<Guid, bool> _recorded = new();

    // A new name at each start: rows of an earlier start are another server's.
    private readonly Guid _serverId = Guid.CreateVersion7();

    /// <summary>Counts a call.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="call">The call.</param>
    /// <param name="isLeftOut">Whether it should have been recorded and was not.</param>
    public void Count(Guid workspaceId, CallRecord call, bool isLeftOut)
    {
        var microseconds = (long)call.Duration.TotalMicroseconds;
        var began = call.Duration < Late ? call.StartedOn : call.StartedOn + call.Duration;
        var counts = Of(workspaceId);
        lock (counts)
        {
            var count = At(counts, began, call.Status);
            count.Calls++;
            count.Histogram[Latencies.BucketOf(microseconds)]++;
            count.LeftOut += isLeftOut ? 1 : 0;
            if (call.Journal is { } journal)
            {
                count.Created += journal.Created;
                count.Deleted += journal.Deleted;
            }
        }
    }

    /// <summary>Counts a call that was written, or one that was meant to be and could not.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="began">When the call came.</param>
    /// <param name="status">Its status.</param>
    /// <param name="bytes">What it weighs; null when it was not written.</param>
    public void CountKept(Guid workspaceId, DateTime began, int status, int? bytes)
    {
        var now = clock.Now();
        var counts = Of(workspaceId);
        _recorded[workspaceId] = true;
        lock (counts)
        {
            var count = At(counts, now - began < Late ? began : now, status);
            count.Kept += bytes is null ? 0 : 1;
            count.KeptBytes += bytes ?? 0;
            count.LeftOut += bytes is null ? 1 : 0;
        }
    }

    /// <summary>The workspaces whose calls were written since this was asked the last time.</summary>
    public List<Guid> TakeRecorded() => [.. _recorded.Keys.Where(workspace => _recorded.TryRemove(workspace, out _))];

    /// <summary>Whether anything was counted for a workspace.</summary>
    /// <param name="workspaceId">The workspace.</param>
    public bool Has(Guid workspaceId)
    {
        if (!_workspaces.TryGetValue(workspaceId, out var counts))
            return false;
        lock (counts)
            return counts.Count > 0;
    }

    /// <summary>Counts what is there for a workspace as another's: calls whose token nobody knows belong to the oldest one.</summary>
    /// <param name="from">Whose counts.</param>
    /// <param name="to">Whose they become.</param>
    public void Move(Guid from, Guid to)
    {
        // It stays and is emptied: whoever holds it already, to count, would count in what nobody reads any more.
        var moved = Of(from);
        var counts = Of(to);
        lock (moved)
        {
            lock (counts)
            {
                foreach (var (key, count) in moved)
                    (counts.TryGetValue(key, out var there) ? there : counts[key] = new Counts()).Add(count);
                moved.Clear();
            }
        }
    }

    /// <summary>The rows that have to be written, and forgets what is old.</summary>
    public List<CallMinute> Unwritten()
    {
        var rows = new List<CallMinute>();
        var old = MinuteOf(clock.Now() - Old);
        foreach (var (workspaceId, counts) in _workspaces)
        {
            lock (counts)
            {
                foreach (var (key, count) in counts)
                {
                    if (count.IsUnwritten)
                        rows.Add(count.RowOf(workspaceId, new DateTime(key.Minute * TimeSpan.TicksPerMinute, DateTimeKind.Utc), _serverId, key.StatusClass));
                    else if (key.Minute < old)
                        counts.Remove(key);
                }
            }
        }

        return rows;
    }

    /// <summary>Called when rows were written.</summary>
    /// <param name="rows">The rows.</param>
    public void Written(IEnumerable<CallMinute> rows)
    {
        foreach (var row in rows)
        {
            var counts = Of(row.WorkspaceId);
            lock (counts)
            {
                if (counts.TryGetValue((MinuteOf(row.Minute), row.StatusClass), out var count))
                    count.Written = row.Count + row.Kept + row.LeftOut;
            }
        }
    }

    private Dictionary<(long Minute, short StatusClass), Counts> Of(Guid workspaceId) => _workspaces.GetOrAdd(workspaceId, static _ => []);

    private static Counts At(Dictionary<(long Minute, short StatusClass), Counts> counts, DateTime time, int status)
    {
        var key = (MinuteOf(time), (short)(status / 100));
        if (!counts.TryGetValue(key, out var count))
            counts.Add(key, count = new Counts());
        return count;
    }

    private static long MinuteOf(DateTime time) => time.Ticks / TimeSpan.TicksPerMinute;

    private sealed class Counts
    {
        public int Calls { get; set; }

        public int LeftOut { get; set; }

        public int Kept { get; set; }

        public long KeptBytes { get; set; }

        public int Created { get; set; }

        public int Deleted { get; set; }

        public int[] Histogram { get; } = new int[Latencies.Buckets];

        // Grows with everything that is counted.
        public int Sum => Calls + Kept + LeftOut;

        public int Written { get; set; }

        public bool IsUnwritten => Sum != Written;

        public void Add(Counts other)
        {
            Calls += other.Calls;
            LeftOut += other.LeftOut;
            Kept += other.Kept;
            KeptBytes += other.KeptBytes;
            Created += other.Created;
            Deleted += other.Deleted;
            for (var i = 0; i < Histogram.Length; i++)
                Histogram[i] += other.Histogram[i];
        }

        public CallMinute RowOf(Guid workspaceId, DateTime minute, Guid serverId, short statusClass) => new()
        {
            WorkspaceId = workspaceId,
            Minute = minute,
            ServerId = serverId,
            StatusClass = statusClass,
            Count = Calls,
            LeftOut = LeftOut,
            Kept = Kept,
            KeptBytes = KeptBytes,
            ContactsCreated = Created,
            ContactsDeleted = Deleted,
            Histogram = [.. Histogram],
        };
    }
}
