using Contacts.Core;

namespace Contacts.Operations;

/// <summary>
/// Gives memory back while nobody calls. The runtime collects when something is allocated, so a server that is left alone after its start, or after a burst, would
/// keep for hours what it needed for a moment. A round looks at how much was allocated since the one before: little means that nobody is held up by a collection.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
public sealed class IdleMemory(TimeProvider clock, ILogger<IdleMemory> log) : Rounds(Pause, clock, log)
{
    // A call allocates some 10 kB, and the background some 30 kB a second.
    private const long Quiet = 1_000_000;
    private const long WorthCollecting = 3_000_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private long _allocated;
    private long _collectedAt;

    /// <summary>One round: collects when little was allocated since the last round, and enough since the last collection.</summary>
    /// <param name="cancellation">Not looked at: a collection takes some ten milliseconds.</param>
    public override Task CleanAsync(CancellationToken cancellation)
    {
        var before = _allocated;
        _allocated = GC.GetTotalAllocatedBytes();
        if (_allocated - before > Quiet || _allocated - _collectedAt < WorthCollecting)
            return Task.CompletedTask;
        _collectedAt = _allocated;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Task.CompletedTask;
    }
}
