// What a bench controller does when its host is silent or gone (hardware-docs/jig.md):
//
//   disarmed ──arm──► watching ──silence, or the line has ended──► trigger released, emergency stop pressed
//      ▲                                                              │ 2 s: the stage retracts
//      └──────────────────────── power taken away ◄───────────────────┘ arming meanwhile: the power stays

namespace Microneedling.Qa.Instruments;

/// <summary>Leaves nothing moving that nobody commands. Members may be used from any thread.</summary>
internal sealed class DeadMan : IAsyncDisposable
{
    private static readonly TimeSpan Retraction = TimeSpan.FromSeconds(2);

    private readonly IBench bench;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private TimeSpan patience; // Zero: disarmed.
    private long heardAt;
    private CancellationTokenSource hostIsBack = new();
    private Task makingSafe = Task.CompletedTask;

    internal DeadMan(IBench bench, TimeProvider time)
    {
        (this.bench, this.time) = (bench, time);
        timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Watches from now on; zero: no more.</summary>
    internal async Task ArmAsync(TimeSpan silence)
    {
        await EndMakingSafeAsync();
        lock (gate)
        {
            (patience, heardAt) = (silence, time.GetTimestamp());
            timer.Change(silence > TimeSpan.Zero ? silence : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The host lives.</summary>
    internal void Hear()
    {
        lock (gate)
        {
            heardAt = time.GetTimestamp();
        }
    }

    /// <summary>The host has gone.</summary>
    internal void Lose()
    {
        lock (gate)
        {
            if (patience > TimeSpan.Zero)
            {
                Act();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        lock (gate)
        {
            patience = TimeSpan.Zero;
        }

        await EndMakingSafeAsync();
        hostIsBack.Dispose();
    }

    private async Task EndMakingSafeAsync()
    {
        Task before;
        lock (gate)
        {
            hostIsBack.Cancel(); // On this thread: in virtual time there is no other.
            hostIsBack.Dispose();
            hostIsBack = new CancellationTokenSource();
            before = makingSafe;
        }

        await before;
    }

    private void Look()
    {
        lock (gate)
        {
            if (patience == TimeSpan.Zero)
            {
                return;
            }

            var left = patience - time.GetElapsedTime(heardAt);
            if (left > TimeSpan.Zero)
            {
                timer.Change(left, Timeout.InfiniteTimeSpan);
            }
            else
            {
                Act();
            }
        }
    }

    private void Act()
    {
        patience = TimeSpan.Zero;
        makingSafe = MakeSafeAsync(hostIsBack.Token);
    }

    private async Task MakeSafeAsync(CancellationToken ct)
    {
        await TryAsync(BenchSwitch.Trigger, false);
        await TryAsync(BenchSwitch.EmergencyStop, true);
        try
        {
            await Task.Delay(Retraction, time, ct);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await TryAsync(BenchSwitch.Power, false);
    }

    /// <summary>Whatever cannot be switched keeps nothing else from being switched.</summary>
    private async Task TryAsync(BenchSwitch which, bool isOn)
    {
        try
        {
            await bench.SwitchAsync(which, isOn);
        }
        catch (BenchException)
        {
            // Nobody is there to be told.
        }
    }
}
