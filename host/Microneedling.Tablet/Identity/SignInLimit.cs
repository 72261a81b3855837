using System.Net;
using System.Threading.RateLimiting;

namespace Microneedling.Tablet.Identity;

/// <summary>
/// How many PINs one address may try, whoever they are for: beside the lock of each person, so that nobody can go through
/// the names. Only the checking of a PIN asks here; STOP never does.
/// </summary>
public sealed class SignInLimit : IDisposable
{
    /// <summary>Attempts in <see cref="Window"/>.</summary>
    public const int Attempts = 20;

    /// <summary>See <see cref="Attempts"/>.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetFixedWindowLimiter(
            address,
            _ => new FixedWindowRateLimiterOptions { PermitLimit = Attempts, Window = Window, QueueLimit = 0 }));

    /// <summary>Whether one more attempt of an address is allowed.</summary>
    public bool Allows(IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired;
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}
