namespace Contacts.Workspaces;

/// <summary>
/// The calls of one token and scope within the last hour, on all servers, in buckets of a minute; or within the last minute, in buckets of five seconds.
/// A bucket begins with its first call and falls out a period after it, so the first call's time is exact and the others' is early by less than a
/// bucket. Not for several threads.
/// </summary>
/// <param name="serverId">This server's name in the counts that are shared.</param>
/// <param name="scope">What is counted.</param>
internal sealed class CallWindow(Guid serverId, string scope)
{
    /// <summary>How long a call counts at most.</summary>
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TimeSpan _period = CountsByTheMinute(scope) ? Minute : Hour;
    private readonly TimeSpan _bucketLength = CountsByTheMinute(scope) ? TimeSpan.FromSeconds(5) : Minute;

    // The oldest first.
    private readonly List<Bucket> _buckets = [];
    private Bucket? _current;
    private int _total;

    /// <summary>Whether a call of a scope counts for a minute: its name says so, to every server that reads its counts.</summary>
    /// <param name="scope">The scope's name.</param>
    public static bool CountsByTheMinute(string scope) => scope.EndsWith("/minute", StringComparison.Ordinal);

    /// <summary>Whether nothing is counted.</summary>
    public bool IsEmpty => _buckets.Count == 0;

    /// <summary>Counts one call, unless there were as many as there may be.</summary>
    /// <param name="limit">How many there may be in the period.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null when it was counted; else the time after which the next is let through.</returns>
    public TimeSpan? Take(int limit, DateTime now)
    {
        Forget(now);
        if (_total >= limit)
            return Wait(limit, now);
        if (_current is null || now - _current.BeganOn >= _bucketLength)
        {
            _current = new Bucket(serverId, now);
            Insert(_current);
        }

        _current.Count++;
        _total++;
        return null;
    }

    /// <summary>Drops what is older than the period.</summary>
    /// <param name="now">The time.</param>
    public void Forget(DateTime now)
    {
        while (_buckets.Count > 0 && _buckets[0].BeganOn + _period <= now)
        {
            _total -= _buckets[0].Count;
            _buckets.RemoveAt(0);
        }
    }

    /// <summary>Takes in a count as the database has it. This server knows its own calls better.</summary>
    /// <param name="began">When the bucket began.</param>
    /// <param name="server">Whose bucket.</param>
    /// <param name="count">How many calls.</param>
    public void Learn(DateTime began, Guid server, int count)
    {
        var bucket = _buckets.FindLast(known => known.BeganOn == began && known.ServerId == server);
        if (bucket is not null && server == serverId)
            return;
        if (bucket is null)
        {
            bucket = new Bucket(server, began) { Written = count };
            Insert(bucket);
        }

        _total += count - bucket.Count;
        bucket.Count = count;
    }

    /// <summary>This server's buckets that the database does not have as they are.</summary>
    public IEnumerable<(DateTime BeganOn, int Count)> Unwritten() =>
        _buckets.Where(bucket => bucket.ServerId == serverId && bucket.Count != bucket.Written).Select(bucket => (bucket.BeganOn, bucket.Count));

    /// <summary>Called when a bucket of this server was written.</summary>
    /// <param name="began">When the bucket began.</param>
    /// <param name="count">The count that was written.</param>
    public void Written(DateTime began, int count)
    {
        if (_buckets.FindLast(known => known.BeganOn == began && known.ServerId == serverId) is { } bucket)
            bucket.Written = count;
    }

    /// <summary>Enough buckets must fall out; right after a burst that is the oldest, and a whole period.</summary>
    private TimeSpan Wait(int limit, DateTime now)
    {
        var left = _total;
        foreach (var bucket in _buckets)
        {
            left -= bucket.Count;
            if (left < limit)
                return bucket.BeganOn + _period - now;
        }

        return _period;
    }

    private void Insert(Bucket bucket)
    {
        var place = _buckets.Count;
        while (place > 0 && _buckets[place - 1].BeganOn > bucket.BeganOn)
            place--;
        _buckets.Insert(place, bucket);
    }

    private sealed class Bucket(Guid serverId, DateTime beganOn)
    {
        public Guid ServerId => serverId;

        public DateTime BeganOn => beganOn;

        public int Count { get; set; }

        public int Written { get; set; }
    }
}
