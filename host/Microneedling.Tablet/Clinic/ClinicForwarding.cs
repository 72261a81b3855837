// Forwards finished sessions to the clinic's record while nobody is treated: what moves needles has the computer for itself.
// What waits is in this tablet's own record; a clinic that cannot be reached costs nothing but time.

using Microneedling.Sessions;
using Microneedling.Sessions.Forwarding;
using Microneedling.Tablet.Device;

namespace Microneedling.Tablet.Clinic;

/// <summary>What forwarding is at.</summary>
public enum ForwardingState
{
    /// <summary>No clinic's record was named.</summary>
    Off,

    /// <summary>Everything is there.</summary>
    Done,

    /// <summary>Everything was there, and something has been finished since: it goes at the next round.</summary>
    Due,

    /// <summary>It is under way.</summary>
    UnderWay,

    /// <summary>It waits for the device to rest.</summary>
    WaitingForRest,

    /// <summary>The clinic's record cannot be used now; it is tried again.</summary>
    Failed,
}

/// <summary>How forwarding stands.</summary>
/// <param name="State">What it is at.</param>
/// <param name="Percent">How much of the record is there while it is under way, 0 … 100.</param>
/// <param name="Problem">What is wrong, in words; null: nothing.</param>
/// <param name="ClinicName">What the clinic's record is called, or null.</param>
public sealed record ForwardingStanding(ForwardingState State, int Percent = 0, string? Problem = null, string? ClinicName = null);

/// <summary>Keeps the clinic's record up to date with this one.</summary>
public sealed class ClinicForwarding(TabletOptions options, SessionStore store, DeviceService device, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _wanted = new(0, 1);
    private volatile ForwardingStanding _standing = new(ForwardingState.Off);

    /// <summary>How it stands.</summary>
    public ForwardingStanding Standing => _standing;

    private bool IsAtRest => device.LatestStatus is not { } status || !PresenceGuard.NeedsPresence(status.State);

    /// <summary>Begins at once instead of at the next time.</summary>
    public void BeginNow()
    {
        try
        {
            _wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody has asked already.
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _wanted.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Clinic is not { } address)
        {
            return;
        }

        var pause = Pause;
        SessionStore? clinic = null;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    if (IsAtRest)
                    {
                        clinic ??= await SessionStore.OpenAsync(address, time, stoppingToken);
                        await ForwardAsync(clinic, stoppingToken);
                    }
                    else
                    {
                        _standing = _standing with { State = ForwardingState.WaitingForRest };
                    }

                    pause = Pause;
                }
                catch (SessionStoreException problem)
                {
                    _standing = new ForwardingStanding(ForwardingState.Failed, Problem: problem.Message, ClinicName: clinic?.Name);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                }

                await WaitAsync(pause, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends; what is left waits in the record.
        }
        finally
        {
            if (clinic is not null)
            {
                await clinic.DisposeAsync();
            }
        }
    }

    private async Task ForwardAsync(SessionStore clinic, CancellationToken stoppingToken)
    {
        using var untilArmed = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        try
        {
            await new Forwarder(store, clinic, Environment.MachineName).ForwardAsync(new Telling(clinic, this, untilArmed), untilArmed.Token);
            _standing = new ForwardingStanding(ForwardingState.Done, 100, ClinicName: clinic.Name);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            _standing = _standing with { State = ForwardingState.WaitingForRest };
        }
    }

    private async Task WaitAsync(TimeSpan longest, CancellationToken stoppingToken)
    {
        using var sooner = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var wanted = _wanted.WaitAsync(sooner.Token);
        await Task.WhenAny(wanted, Task.Delay(longest, time, sooner.Token));
        await sooner.CancelAsync();
        stoppingToken.ThrowIfCancellationRequested();
    }

    /// <summary>Called after each batch, on the thread that forwards.</summary>
    private sealed class Telling(SessionStore clinic, ClinicForwarding forwarding, CancellationTokenSource untilArmed) : IProgress<ForwardingProgress>
    {
        public void Report(ForwardingProgress value)
        {
            forwarding._standing = new ForwardingStanding(ForwardingState.UnderWay, (int)(100 * value.Links / Math.Max(1, value.TotalLinks)), ClinicName: clinic.Name);
            if (!forwarding.IsAtRest)
            {
                untilArmed.Cancel();
            }
        }
    }
}
