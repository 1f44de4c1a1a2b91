using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Contacts.Calls;

/// <summary>
/// Calls that wait to be written. Whoever adds one never waits: there is room for so many calls and bytes, and what does not fit is left out. The
/// writer looks in by itself; nobody wakes it, unless somebody waits for a call.
/// </summary>
/// <param name="maxCalls">The most calls.</param>
/// <param name="maxBytes">The most bytes, about.</param>
internal sealed class CallQueue(int maxCalls, long maxBytes) : IDisposable
{
    private readonly ConcurrentQueue<CallRecord> _calls = new();
    private readonly SemaphoreSlim _hurry = new(0, 1);
    private int _count;
    private long _bytes;
    private int _hurried;

    /// <summary>Adds a call.</summary>
    /// <param name="call">The call.</param>
    /// <returns>False when there is no room for it.</returns>
    public bool TryAdd(CallRecord call)
    {
        var bytes = call.Weight;
        if (Interlocked.Increment(ref _count) > maxCalls)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        if (Interlocked.Add(ref _bytes, bytes) > maxBytes)
        {
            Interlocked.Decrement(ref _count);
            Interlocked.Add(ref _bytes, -bytes);
            return false;
        }

        _calls.Enqueue(call);
        if (Volatile.Read(ref _hurried) > 0)
            Wake();
        return true;
    }

    /// <summary>Takes the call that waits the longest.</summary>
    /// <param name="call">The call.</param>
    /// <returns>False when there is none.</returns>
    public bool TryTake([NotNullWhen(true)] out CallRecord? call)
    {
        if (!_calls.TryDequeue(out call))
            return false;
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -call.Weight);
        return true;
    }

    /// <summary>Waits for the time to write.</summary>
    /// <param name="time">How long at most.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task WaitAsync(TimeSpan time, CancellationToken cancellation) => _hurry.WaitAsync(time, cancellation);

    /// <summary>From now on, until what is returned is disposed of, calls are written as they come.</summary>
    public IDisposable Hurry()
    {
        Interlocked.Increment(ref _hurried);
        Wake();
        return new Hurried(this);
    }

    /// <inheritdoc />
    public void Dispose() => _hurry.Dispose();

    private void Wake()
    {
        if (_hurry.CurrentCount > 0)
            return;
        try
        {
            _hurry.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it in the same moment.
        }
    }

    private sealed class Hurried(CallQueue queue) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
                Interlocked.Decrement(ref queue._hurried);
        }
    }
}
