using System.Net;
using System.Threading.RateLimiting;

namespace Contacts.Console;

/// <summary>Slows down whoever guesses keys at the sign-in: a few attempts a minute for each address.</summary>
internal sealed class SignInAttempts : IDisposable
{
    /// <summary>How many attempts an address has a minute.</summary>
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
    public bool Allow(IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired;
    }

    /// <inheritdoc />
    public void Dispose() => _limiter.Dispose();
}
