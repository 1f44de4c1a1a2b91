namespace Contacts.Tests.Support;

/// <summary>A clock that stands still until a test moves it; it starts at the present.</summary>
public sealed class ManualClock : TimeProvider
{
    private long _ticks = DateTime.UtcNow.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <summary>Moves the clock forward.</summary>
    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
