using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Benchmarks.Device;

/// <summary>What ends a stop's last pulse.</summary>
internal enum LastPulse
{
    /// <summary>The firmware cuts the pulse train once and for all.</summary>
    FirstCut,

    /// <summary>The pulses slow down and end at top dead centre.</summary>
    LastCut,

    /// <summary>The board takes the driver's enable away: pulses that still come turn nothing.</summary>
    LastTurn,
}

/// <summary>One way that leads to a stop.</summary>
/// <param name="Name">In the figures' names.</param>
/// <param name="Words">In tables and pictures.</param>
/// <param name="Cause">What somebody does, or what breaks.</param>
/// <param name="Ends">How the pulses end.</param>
/// <param name="StaysArmed">Whether the stage stays at its depth, and the tips are in because the cam is at top dead centre.</param>
internal sealed record StopPath(string Name, string Words, Action<TreatedBoard> Cause, LastPulse Ends = LastPulse.FirstCut, bool StaysArmed = false)
{
    public static IReadOnlyList<StopPath> All { get; } =
    [
        new("byte", "STOP byte", board => board.Rig.SendRaw(Framing.Stop)),
        new("command", "stop command, without STOP byte", board => board.Rig.Send(new EmptyMessage(MessageId.Stop))),
        new("trigger", "trigger released: brakes, ends at top dead centre", board => board.Bench.ReleaseTrigger(), LastPulse.LastCut, StaysArmed: true),
        new("estop", "emergency stop", board => board.Bench.PressEmergencyStop(), LastPulse.LastTurn),
        new("linkloss", "line cut", board => board.Rig.Board.Serial.Cut = true),
        new("stall", "needle motor jams", board => board.Bench.SetFault(BenchFault.NeedleMotorJammed, present: true)),
        new("overrate", "strokes twice as fast as asked, by the index sensor", board => board.Bench.SetFault(BenchFault.IndexDoubled, present: true)),
    ];
}
