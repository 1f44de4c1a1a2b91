using System.Collections.Concurrent;

namespace Contacts.TestBench;

/// <summary>
/// How often this server let faults hit that have no number of times: for people who look on, and in memory alone, since a write for each hit would slow
/// down what is tested. Those that have ended are dropped when their workspace's are read again.
/// </summary>
public sealed class FaultHits
{
    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<Guid, int>> _workspaces = new();

    /// <summary>How often a fault hit: on all servers when it has a number of times, else on this one.</summary>
    /// <param name="fault">The fault, as it is in the database now.</param>
    public int Of(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.Times is not null ? fault.Used
            : _workspaces.TryGetValue(fault.WorkspaceId, out var counts) && counts.TryGetValue(fault.Id, out var count) ? count : 0;
    }

    /// <summary>Counts a hit.</summary>
    /// <param name="fault">The fault.</param>
    internal void Add(Fault fault) => _workspaces.GetOrAdd(fault.WorkspaceId, static _ => new()).AddOrUpdate(fault.Id, 1, static (_, count) => count + 1);

    /// <summary>Drops what is over.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="active">Its faults that are active.</param>
    internal void Keep(Guid workspaceId, Fault[] active)
    {
        if (active.Length == 0)
            _workspaces.TryRemove(workspaceId, out _);
        else if (_workspaces.TryGetValue(workspaceId, out var counts))
        {
            foreach (var id in counts.Keys.Where(id => !Array.Exists(active, fault => fault.Id == id)))
                counts.TryRemove(id, out _);
        }
    }
}
