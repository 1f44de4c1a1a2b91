using System.Net;
using System.Threading.RateLimiting;

namespace Contacts.Console;

/// <summary>Slows down whoever guesses keys at the sign-in: a few wrong ones a minute for each address.</summary>
internal sealed class SignInAttempts : IDisposable
{
    /// <summary>How many attempts of an address may fail a minute.</summary>
    public const int PerMinute = 10;

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = PerMinute,
            Window = TimeSpan.FromMinutes(1),
            AutoReplenishment = true,
        }));

    /// <summary>Whether an address may try once more.</summary>
    /// <param name="address">The address; null counts as one.</param>
    public bool Allow(IPAddress? address) => Take(address, permits: 0);

    /// <summary>An attempt failed: only these are counted.</summary>
    /// <param name="address">The address; null counts as one.</param>
    public void Failed(IPAddress? address) => Take(address, permits: 1);

    private bool Take(IPAddress? address, int permits)
    {
        using var lease = _limiter.AttemptAcquire(address ?? IPAddress.None, permits);
        return lease.IsAcquired;
    }

    /// <inheritdoc />
    public void Dispose() => _limiter.Dispose();
}
