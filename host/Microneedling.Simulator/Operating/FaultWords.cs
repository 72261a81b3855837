using Microneedling.SimulatedBoard;

namespace Microneedling.Simulator.Operating;

/// <summary>What can be broken on the bench, in the console's words.</summary>
internal static class FaultWords
{
    /// <summary>Every fault's name and what it does, in the enum's order.</summary>
    internal static IReadOnlyList<(BenchFault Fault, string Name, string Words)> All { get; } =
    [
        (BenchFault.HomeSwitchStuckOpen, "home-switch-stuck-open", "the home switch never closes"),
        (BenchFault.HomeSwitchStuckClosed, "home-switch-stuck-closed", "the home switch is always closed"),
        (BenchFault.LimitSwitchWireBroken, "limit-switch-wire-broken", "the limit switch reads open and gates extending"),
        (BenchFault.LimitSwitchStuckClosed, "limit-switch-stuck-closed", "the limit switch never opens and gates nothing"),
        (BenchFault.IndexStuckLow, "index-stuck-low", "the index sensor is always dark"),
        (BenchFault.IndexStuckHigh, "index-stuck-high", "the index sensor is always bright"),
        (BenchFault.EmergencyStopWireBroken, "emergency-stop-wire-broken", "the emergency stop's loop is open, as if pressed"),
        (BenchFault.NeedleMotorJammed, "needle-motor-jammed", "the needle motor gets pulses and does not turn"),
        (BenchFault.DepthMotorJammed, "depth-motor-jammed", "the depth stage gets pulses and does not move"),
        (BenchFault.IndexDoubled, "index-doubled", "the index sensor sees two pulses a stroke"),
        (BenchFault.TriggerStuckPressed, "trigger-stuck-pressed", "the trigger reads pressed whoever holds it"),
        (BenchFault.WatchdogLineStuck, "watchdog-line-stuck", "no edge reaches the external watchdog"),
        (BenchFault.WatchdogGateStuckClosed, "watchdog-gate-stuck-closed", "the external watchdog never drops the enables"),
        (BenchFault.NeedleDriverFault, "needle-driver-fault", "the needle motor's driver has switched itself off"),
        (BenchFault.DepthDriverFault, "depth-driver-fault", "the depth stage's driver has switched itself off"),
    ];

    /// <summary>The fault of this name, however it is written: index-stuck-low, IndexStuckLow; null when there is none.</summary>
    internal static BenchFault? Find(string name)
    {
        string plain = Plain(name);
        int index = Enumerable.Range(0, All.Count).FirstOrDefault(one => Plain(All[one].Name) == plain, -1);
        return index < 0 ? null : All[index].Fault;
    }

    internal static string NameOf(BenchFault fault) => All.First(one => one.Fault == fault).Name;

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}
