using Microneedling.Sessions;

namespace Microneedling.Tablet.Identity;

/// <summary>Ends sign-ins whose time is over, also when nobody asks for anything, and notes it in the audit trail.</summary>
public sealed class SignInSweep(SignIns signIns, SessionStore store, TimeProvider time, ILogger<SignInSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var (who, why) in await signIns.SweepAsync())
                {
                    await store.Audit.AddAsync(who, "signIn.ended", $"person:{who.PersonId}", why.ToString(), stoppingToken);
                }
            }
            catch (SessionStoreException problem)
            {
                logger.LogWarning("{Problem}", problem.Message);
            }
        }
    }
}
