using System.Globalization;
using Microneedling.SimulatedBoard;

namespace Microneedling.Simulator.Operating;

/// <summary>The physical truth about a device on one line of name=value, for people and for scripts.</summary>
internal static class DeviceStatus
{
    private const double DegreesPerMicrostep = 360.0 / 1_600;

    private static readonly (string Name, Func<OperatedDevice, object> Value)[] Fields =
    [
        ("firmware", static device => Word(device.Simulated.Board.FirmwareState)),
        ("tip_um", static device => Round(device.Bench.TipMicrometers)),
        ("deepest_um", static device => Round(device.Bench.DeepestTipMicrometers)),
        ("stage_um", static device => Round(device.Bench.StageMicrometers)),
        ("cam_degrees", static device => Round(device.Bench.CamMicrosteps * DegreesPerMicrostep)),
        ("strokes_per_s", static device => Round(device.Bench.TrueRateMillihertz / 1_000.0)),
        ("strokes", static device => device.Bench.StrokesCompleted),
        ("trigger", static device => device.Bench.TriggerPressed ? "pressed" : "released"),
        ("estop", static device => device.Bench.EmergencyStopOpen ? "pressed" : "released"),
        ("cartridge", static device => device.Bench.CartridgeSeated ? "seated" : "none"),
        ("needle_driver", static device => OnOff(device.Bench.NeedleDriverEnabled)),
        ("depth_driver", static device => OnOff(device.Bench.DepthDriverEnabled)),
        ("supply", static device => OnOff(device.Bench.MotorsHaveSupply)),
        ("watchdog", static device => device.Bench.WatchdogSatisfied ? "satisfied" : "expired"),
        ("led", static device => OnOff(device.Bench.AlarmLedOn)),
        ("buzzer", static device => OnOff(device.Bench.BuzzerSounds)),
        ("faults", static device => Listed(FaultWords.All.Where(one => device.Bench.HasFault(one.Fault)).Select(static one => one.Name))),
        ("cable", static device => device.Cable.Line.Cut ? "cut" : "whole"),
        ("noise", static device => device.Cable.Line.Noise.Flip),
        ("host", static device => device.Cable.Host ?? "none"),
        ("dropped_to_device", static device => device.Cable.DroppedToDevice),
        ("dropped_to_host", static device => device.Cable.DroppedToHost),
    ];

    internal static string Of(OperatedDevice device) => string.Join(
        ' ', Fields.Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Name}={field.Value(device)}")));

    private static double Round(double value) => Math.Round(value, 1);

    private static string OnOff(bool on) => on ? "on" : "off";

#pragma warning disable CA1308 // Words, not identifiers.
    private static string Word(FirmwareState state) => state.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private static string Listed(IEnumerable<string> names) => string.Join(',', names) is { Length: > 0 } list ? list : "none";
}
