namespace Contacts.Workspaces;

/// <summary>The calls of one workspace within the last hour or minute, by token and scope. For any number of threads.</summary>
/// <param name="workspaceId">The workspace.</param>
/// <param name="serverId">This server's name in the counts that are shared.</param>
internal sealed class WorkspaceCalls(Guid workspaceId, Guid serverId)
{
    // A workspace that nobody calls here is not asked for any more; its next call reads what the other servers counted meanwhile.
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    // Counts of a clock that was ahead and was set back since are dropped; servers' clocks may differ by this much.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid TokenId, string Scope), CallWindow> _windows = [];
    private DateTime _usedOn;
    private DateTime _resetOn;
    private TimeSpan _offset;

    /// <summary>Whether the database's counts were read.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Takes in how far the workspace's clock is ahead; what was counted before it was emptied counts no more.</summary>
    /// <param name="workspace">The workspace as the call knows it, which may be a moment old.</param>
    /// <param name="now">The time of this machine.</param>
    /// <returns>The workspace's time.</returns>
    public DateTime Follow(Workspace workspace, DateTime now)
    {
        var resetOn = workspace.ResetOn ?? DateTime.MinValue;
        lock (_lock)
        {
            if (resetOn > _resetOn)
            {
                (_resetOn, _offset) = (resetOn, workspace.ClockOffset);
                _windows.Clear();
                IsKnown = false;
            }
            else if (resetOn == _resetOn && workspace.ClockOffset > _offset)
            {
                _offset = workspace.ClockOffset;
            }

            return now + _offset;
        }
    }

    /// <summary>The workspace's time.</summary>
    /// <param name="now">The time of this machine.</param>
    public DateTime TimeAt(DateTime now)
    {
        lock (_lock)
            return now + _offset;
    }

    /// <summary>Counts one call, unless there were as many as there may be.</summary>
    /// <param name="tokenId">Whose call.</param>
    /// <param name="scope">What it is counted under.</param>
    /// <param name="limit">How many there may be in the scope's period.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null when it was counted; else the time after which the next is let through.</returns>
    public TimeSpan? Take(Guid tokenId, string scope, int limit, DateTime now)
    {
        lock (_lock)
        {
            _usedOn = now;
            return Window(tokenId, scope).Take(limit, now);
        }
    }

    /// <summary>What has to be written.</summary>
    public List<RequestCount> Unwritten()
    {
        lock (_lock)
        {
            return
            [
                .. _windows.SelectMany(window => window.Value.Unwritten().Select(bucket => new RequestCount
                {
                    WorkspaceId = workspaceId,
                    BeganOn = bucket.BeganOn,
                    TokenId = window.Key.TokenId,
                    Scope = window.Key.Scope,
                    ServerId = serverId,
                    Count = bucket.Count,
                })),
            ];
        }
    }

    /// <summary>Called when counts were written.</summary>
    /// <param name="rows">The counts.</param>
    public void Written(List<RequestCount> rows)
    {
        lock (_lock)
        {
            foreach (var row in rows)
                Window(row.TokenId, row.Scope).Written(row.BeganOn, row.Count);
        }
    }

    /// <summary>Takes in what the database has.</summary>
    /// <param name="rows">Counts of any servers.</param>
    /// <param name="now">The time.</param>
    public void Learn(List<RequestCount> rows, DateTime now)
    {
        lock (_lock)
        {
            if (!IsKnown)
                _usedOn = now;
            IsKnown = true;
            foreach (var row in rows.Where(row => row.BeganOn > _resetOn && row.BeganOn <= now + Tolerance))
                Window(row.TokenId, row.Scope).Learn(row.BeganOn, row.ServerId, row.Count);
            foreach (var (key, window) in _windows)
            {
                window.Forget(now);
                if (window.IsEmpty)
                    _windows.Remove(key);
            }
        }
    }

    /// <summary>Gives the memory back when there was no call for a while. Everything counted is in the database.</summary>
    /// <param name="now">The time.</param>
    /// <returns>Whether it was given back.</returns>
    public bool ForgetWhenIdle(DateTime now)
    {
        lock (_lock)
        {
            if (now - _usedOn < Idle || _windows.Values.Any(window => window.Unwritten().Any()))
                return false;
            _windows.Clear();
            IsKnown = false;
            return true;
        }
    }

    private CallWindow Window(Guid tokenId, string scope)
    {
        if (!_windows.TryGetValue((tokenId, scope), out var window))
            _windows.Add((tokenId, scope), window = new CallWindow(serverId, scope));
        return window;
    }
}
