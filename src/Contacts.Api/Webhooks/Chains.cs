namespace Contacts.Webhooks;

/// <summary>
/// The events of one webhook that were read and not yet settled: one chain per contact, whose events are sent one after the other. After a failure the rest
/// of a chain is let go, since it waits in the outbox behind what failed. Not for several threads.
/// </summary>
internal sealed class Chains
{
    private readonly Dictionary<Guid, Queue<OutboxRow>> _chains = [];
    private readonly HashSet<Guid> _held = [];
    private readonly HashSet<Guid> _failed = [];
    private readonly List<Guid> _letGo = [];
    private readonly Queue<Guid> _ready = new();

    /// <summary>The rows that are held, so that they are not read again.</summary>
    public IReadOnlyCollection<Guid> Held => _held;

    /// <summary>Whether something can be sent now.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>Takes in rows that were read, in the order of their ids.</summary>
    /// <param name="rows">The rows.</param>
    public void Add(IEnumerable<OutboxRow> rows)
    {
        foreach (var row in rows)
        {
            // Read before its contact's failure was written down.
            if (_failed.Contains(row.SubjectId) || !_held.Add(row.Id))
                continue;
            if (_chains.TryGetValue(row.SubjectId, out var chain))
            {
                chain.Enqueue(row);
                continue;
            }

            _chains.Add(row.SubjectId, new Queue<OutboxRow>([row]));
            _ready.Enqueue(row.SubjectId);
        }
    }

    /// <summary>The next row to send; its chain rests until <see cref="Ended"/>.</summary>
    public OutboxRow Take() => _chains[_ready.Dequeue()].Peek();

    /// <summary>Called when a row was sent.</summary>
    /// <param name="row">The row.</param>
    /// <param name="isOver">Whether the next of its contact may be sent: it was delivered, or given up.</param>
    public void Ended(OutboxRow row, bool isOver)
    {
        var chain = _chains[row.SubjectId];
        chain.Dequeue();
        if (!isOver)
        {
            _failed.Add(row.SubjectId);
            _letGo.AddRange(chain.Select(later => later.Id));
            chain.Clear();
        }

        if (chain.Count > 0)
            _ready.Enqueue(row.SubjectId);
        else
            _chains.Remove(row.SubjectId);
    }

    /// <summary>Called when what was sent was written down: it may be read again if it is still there.</summary>
    /// <param name="rows">What was sent.</param>
    public void Settled(IEnumerable<OutboxRow> rows)
    {
        _held.ExceptWith(rows.Select(row => row.Id));
        _held.ExceptWith(_letGo);
        _letGo.Clear();
        _failed.Clear();
    }
}
