namespace Contacts.Calls;

/// <summary>
/// How long calls took, counted in buckets whose bounds grow by the root of two: from 0.125 ms to 97 seconds. Counts of servers and minutes add
/// up, and a percentile is told to about a fifth of it.
/// </summary>
public static class Latencies
{
    /// <summary>How many buckets there are. The last one has no upper bound.</summary>
    public const int Buckets = 40;

    private const double FirstBound = 125;

    /// <summary>The bucket of a duration.</summary>
    /// <param name="microseconds">The duration.</param>
    public static int BucketOf(long microseconds) =>
        microseconds <= FirstBound ? 0 : Math.Min(Buckets - 1, (int)Math.Ceiling(2 * Math.Log2(microseconds / FirstBound)));

    /// <summary>The longest duration of a bucket, in milliseconds.</summary>
    /// <param name="bucket">The bucket.</param>
    public static double BoundOf(int bucket) => FirstBound * Math.Pow(2, bucket / 2.0) / 1000;

    /// <summary>The duration that a share of calls did not exceed, in milliseconds; null when there was no call.</summary>
    /// <param name="histogram">Counts by bucket.</param>
    /// <param name="share">The share, 0 to 1.</param>
    public static double? Percentile(IReadOnlyList<int> histogram, double share)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var total = histogram.Sum(count => (long)count);
        if (total == 0)
            return null;
        var wanted = Math.Max(1, (long)Math.Ceiling(total * share));
        var bucket = 0;
        for (var seen = (long)histogram[0]; seen < wanted; seen += histogram[bucket])
            bucket++;
        return BoundOf(bucket);
    }
}
