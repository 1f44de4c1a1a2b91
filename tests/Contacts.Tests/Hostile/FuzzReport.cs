using System.Collections.Concurrent;
using System.Globalization;

namespace Contacts.Tests.Hostile;

/// <summary>What came of many requests: how they were answered, the slowest, and what was wrong.</summary>
internal sealed class FuzzReport
{
    /// <summary>No answer may take longer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int MaxFaults = 12;

    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly Lock _slow = new();
    private (TimeSpan Elapsed, string What) _slowest;
    private int _sent;

    public int Sent => Volatile.Read(ref _sent);

    /// <summary>What was wrong, the first of it in full.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Takes an answer.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="what">What was sent.</param>
    /// <param name="fault">What is wrong with the answer, or null.</param>
    public void Add(int status, TimeSpan elapsed, Func<string> what, string? fault)
    {
        Interlocked.Increment(ref _sent);
        _statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
        lock (_slow)
        {
            if (elapsed > _slowest.Elapsed)
                _slowest = (elapsed, what());
        }

        if (fault is not null)
            AddFault($"{fault}\n{what()}");
    }

    /// <summary>Takes what was wrong beside an answer.</summary>
    public void AddFault(string fault)
    {
        if (_faults.Count < MaxFaults)
            _faults.Enqueue(fault);
    }

    public override string ToString()
    {
        var statuses = string.Join(", ", _statuses.OrderBy(pair => pair.Key).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value}")));
        return string.Create(CultureInfo.InvariantCulture, $"{Sent} requests; {statuses}\nthe slowest took {_slowest.Elapsed.TotalMilliseconds:0} ms: {_slowest.What}");
    }
}
