using System.Diagnostics.Metrics;

namespace Contacts.Core;

/// <summary>What the server measures of its own work, beside what the framework and the database driver measure. Nobody listens unless told to.</summary>
internal static class Measures
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Contacts";

    private static readonly Meter Meter = new(Name);

    /// <summary>How many changes a committed batch had: 1 when nothing waits, up to 128 when calls come faster than commits.</summary>
    public static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>(
        "contacts.batch.changes",
        "{change}",
        "Changes of contacts in a committed batch.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>("contacts.webhook.attempts", "{attempt}", "Attempts to deliver an event.");

    /// <summary>Counts an attempt to deliver an event.</summary>
    /// <param name="status">The receiver's answer; null when it gave none.</param>
    public static void CountAttempt(int? status) => Attempts.Add(1, new KeyValuePair<string, object?>("outcome", status switch
    {
        null => "unreachable",
        >= 200 and < 300 => "delivered",
        _ => "refused",
    }));
}
