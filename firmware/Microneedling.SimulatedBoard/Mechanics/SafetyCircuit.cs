// What keeps the motors from moving without any firmware: both enables pass gates here.
//
//   emergency stop pressed ──► needle enable opens at once, depth enable 1.5 s later (so that the needles retract first)
//   no watchdog edge for 200 ms ──► both open, until the next edge
//
// Two things can be broken: edges do not reach the watchdog, or its gate no longer opens.

namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>The gates between the microcontroller and the motor drivers.</summary>
internal sealed class SafetyCircuit(Action<long> beforeChange) : ITimedPart
{
    internal const long WatchdogWindow = 200_000;
    internal const long DepthEnableDelay = 1_500_000;

    private long watchdogUntil = long.MinValue;
    private long depthOpensAt = long.MaxValue;
    private bool watchdogSatisfied;
    private bool lineBroken;
    private bool gateStuckClosed;
    private bool emergencyStop;
    private bool depthOpened;

    /// <summary>Whether the watchdog's gate is closed: it has seen an edge within its window, or is stuck.</summary>
    internal bool WatchdogSatisfied => watchdogSatisfied || gateStuckClosed;

    internal bool NeedleEnableClosed => WatchdogSatisfied && !emergencyStop;

    internal bool DepthEnableClosed => WatchdogSatisfied && !depthOpened;

    long ITimedPart.NextDue => Math.Min(watchdogSatisfied ? watchdogUntil : long.MaxValue, depthOpensAt);

    void ITimedPart.FireDue(long now)
    {
        beforeChange(now);
        if (watchdogSatisfied && watchdogUntil <= now)
        {
            watchdogSatisfied = false;
        }

        if (depthOpensAt <= now)
        {
            depthOpened = true;
            depthOpensAt = long.MaxValue;
        }

        Changed?.Invoke();
    }

    internal Action? Changed { get; set; }

    internal void WatchdogEdge(long now)
    {
        if (lineBroken)
        {
            return;
        }

        watchdogUntil = now + WatchdogWindow;
        if (!watchdogSatisfied)
        {
            beforeChange(now);
            watchdogSatisfied = true;
            Changed?.Invoke();
        }
    }

    /// <summary>Breaks the watchdog or mends it.</summary>
    internal void SetWatchdogFaults(bool noEdgesArrive, bool neverOpens, long now)
    {
        lineBroken = noEdgesArrive;
        if (gateStuckClosed != neverOpens)
        {
            beforeChange(now);
            gateStuckClosed = neverOpens;
            Changed?.Invoke();
        }
    }

    internal void SetEmergencyStop(bool open, long now)
    {
        if (emergencyStop == open)
        {
            return;
        }

        beforeChange(now);
        emergencyStop = open;
        depthOpensAt = open ? now + DepthEnableDelay : long.MaxValue;
        depthOpened = false;
        Changed?.Invoke();
    }

    internal void LosePower(long now)
    {
        beforeChange(now);
        watchdogSatisfied = false;
        Changed?.Invoke();
    }
}
