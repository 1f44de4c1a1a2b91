using Contacts.Core;

namespace Contacts.Webhooks;

/// <summary>
/// The failures of a webhook since the last success, and what follows from them: one request at a time, with growing pauses, so that a receiver that
/// restarts is not taken for a dead one; at last, switching it off.
/// </summary>
/// <param name="count">How many there were so far.</param>
/// <param name="clock">The clock.</param>
internal sealed class FailureRun(int count, TimeProvider clock)
{
    /// <summary>How many failures in a row switch a webhook off.</summary>
    public const int Most = 10;

    private const int Side = 16;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private DateTime _pausedUntil;

    /// <summary>How many failed in a row.</summary>
    public int Count { get; private set; } = count;

    /// <summary>Counts the failures ever seen: a request knows by it whether one was counted since it was sent.</summary>
    public int Round { get; private set; }

    /// <summary>Why the webhook is to be switched off, or null.</summary>
    public string? OffReason { get; private set; }

    /// <summary>How many requests may be under way now.</summary>
    public int Allowed => Count == 0 ? Side : Count > 1 && clock.Now() < _pausedUntil ? 0 : 1;

    /// <summary>Counts an attempt, and says when it is to be tried again. Requests that were under way when one failed, and fail as well, are the same failure.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="round">The <see cref="Round"/> when it was sent.</param>
    public Attempt Decide(Attempt attempt, int round)
    {
        if (attempt.IsDelivered)
        {
            Count = 0;
            return attempt;
        }

        var now = clock.Now();
        if (round == Round)
        {
            Round++;
            Count++;
            var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(Count, Most) - 2));
            _pausedUntil = now + (pause < LongestPause ? pause : LongestPause);
        }

        if (attempt.IsGone)
            OffReason ??= "The receiver answered 410: it is gone for good.";
        else if (Count >= Most)
            OffReason ??= $"{Count} deliveries failed in a row, the last one: {attempt.Error}";
        if (attempt.Number >= Attempt.Most)
            return attempt with { Error = $"{attempt.Error} Given up after {attempt.Number} attempts." };
        return attempt with { RetryOn = now + Attempt.PauseAfter(attempt.Number, Random.Shared.NextDouble()) };
    }
}
