using System.Diagnostics.Metrics;

namespace Contacts.Data;

/// <summary>
/// Waits for answers of PostgreSQL as long as anything comes from it, on whatever connection: a slow answer is no absence. Silence is counted in looks and
/// not in time: a server that was itself stopped, or had no processor, finds the answer at its next look. A database that was slow lately is given more.
/// </summary>
internal sealed class SignsOfLife : IDisposable
{
    /// <summary>How long it is between two looks.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private const int SilentLooks = 5;
    private const int MostSilentLooks = 60;
    private const int SlowFactor = 3;

    // By an answer: half of what was slow is forgotten in nine seconds.
    private const double Decay = 0.98;
    private const string BytesRead = "db.client.operation.npgsql.bytes_read";

    private readonly MeterListener _listener = new();
    private long _bytes;
    private double _slowest;

    /// <summary>Begins to listen.</summary>
    public SignsOfLife()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == BytesRead)
                listener.EnableMeasurementEvents(instrument);
        };

        // That it changes is all that matters.
        _listener.SetMeasurementEventCallback<long>((_, bytes, _, _) => Volatile.Write(ref _bytes, Volatile.Read(ref _bytes) + bytes));
        _listener.Start();
    }

    /// <summary>How long the database was silent when it is taken to be away, at least.</summary>
    public static TimeSpan Silence => SilentLooks * Pause;

    /// <summary>Takes note of how long an answer took.</summary>
    /// <param name="took">How long.</param>
    public void Took(TimeSpan took) => _slowest = Math.Max(_slowest, took / Pause);

    /// <summary>Waits for an answer.</summary>
    /// <param name="answer">The answer, or a failure.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False when nothing came, to nobody, in so many looks.</returns>
    public async Task<bool> WaitAsync(Task answer, CancellationToken cancellation)
    {
        var most = Math.Clamp((int)(SlowFactor * _slowest), SilentLooks, MostSilentLooks);
        for (var (silent, looks) = (0, 0); silent < most; silent++, looks++)
        {
            var before = Volatile.Read(ref _bytes);
            if (await Task.WhenAny(answer, Task.Delay(Pause, cancellation)) == answer)
            {
                _slowest = Math.Max(looks, _slowest * Decay);
                return true;
            }

            cancellation.ThrowIfCancellationRequested();
            if (Volatile.Read(ref _bytes) != before)
                silent = -1;
        }

        return false;
    }

    /// <inheritdoc />
    public void Dispose() => _listener.Dispose();
}
