// The table of injected faults. A row reads: what happens, when, what is done to the bench, then what the device must be
// and have latched, by when (ms), how it ends, and from when on (ms) the tips must stay behind the nosecone.

using Microneedling.Firmware.Tests.Campaigns;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Firmware.Tests.FaultTable;

/// <summary>The rows.</summary>
public static class FaultRows
{
    /// <summary>Fault codes that no bench can provoke, and why.</summary>
    public static readonly (FaultCode Fault, string Why)[] Unprovoked =
    [
        (FaultCode.InternalError, "a programming error: nothing done to a board makes one, and a campaign fails when one surfaces"),
    ];

    /// <summary>The table.</summary>
    public static readonly FaultRow[] All =
    [
        // Self test: nothing has moved yet, so nothing has to be parked.
        new("home and limit switch both closed and open", Moment.Boot, [Broken(BenchFault.HomeSwitchStuckClosed), Broken(BenchFault.LimitSwitchWireBroken)], DeviceState.Faulted, FaultCode.ImplausibleInputs, 1000, Ending.Released),
        new("emergency stop pressed", Moment.Boot, [Did(DeedKind.EmergencyStop, -1)], DeviceState.EmergencyStopped, FaultCode.EmergencyStop, 1000, Ending.Released),
        new("emergency stop wire broken", Moment.Boot, [Broken(BenchFault.EmergencyStopWireBroken)], DeviceState.EmergencyStopped, FaultCode.EmergencyStop, 1000, Ending.Released),
        new("watchdog line stuck", Moment.Boot, [Broken(BenchFault.WatchdogLineStuck)], DeviceState.Faulted, FaultCode.WatchdogNotWorking, 1000, Ending.Released),
        new("watchdog gate stuck closed", Moment.Boot, [Broken(BenchFault.WatchdogGateStuckClosed)], DeviceState.Faulted, FaultCode.WatchdogNotWorking, 1000, Ending.Released),
        new("needle driver reports a fault", Moment.Boot, [Broken(BenchFault.NeedleDriverFault)], DeviceState.Faulted, FaultCode.NeedleDriverFault, 1000, Ending.Released),
        new("depth driver reports a fault", Moment.Boot, [Broken(BenchFault.DepthDriverFault)], DeviceState.Faulted, FaultCode.DepthDriverFault, 1000, Ending.Released),
        new("one copy of the settings bad", Moment.Boot, [Did(DeedKind.DamageSettings, 1)], DeviceState.Unhomed, FaultCode.None, 1000, Ending.Released),
        new("both copies of the settings bad", Moment.Boot, [Did(DeedKind.DamageSettings, 2)], DeviceState.Faulted, FaultCode.SettingsLost, 1000, Ending.Released),
        new("trigger stuck", Moment.Boot, [Broken(BenchFault.TriggerStuckPressed)], DeviceState.Unhomed, FaultCode.None, 1000, Ending.Released),
        new("supply low", Moment.Boot, [Did(DeedKind.Sag, -1)], DeviceState.Unhomed, FaultCode.None, 1000, Ending.Released),

        // Homing: the position is not known, so the motors are let go where they are.
        new("home switch never closes", Moment.Homing, [Broken(BenchFault.HomeSwitchStuckOpen)], DeviceState.Faulted, FaultCode.HomeSwitchNotFound, 4000, Ending.Released, 4000),
        new("home switch always closed", Moment.Homing, [Broken(BenchFault.HomeSwitchStuckClosed)], DeviceState.Faulted, FaultCode.HomeSwitchStuckClosed, 1500, Ending.Released),
        new("limit switch wire broken", Moment.Homing, [Broken(BenchFault.LimitSwitchWireBroken)], DeviceState.Faulted, FaultCode.LimitSwitchOpen, 3000, Ending.Released),
        new("stage jammed", Moment.Homing, [Broken(BenchFault.DepthMotorJammed)], DeviceState.Faulted, FaultCode.HomeSwitchNotFound, 4000, Ending.Released),
        new("index dark", Moment.Homing, [Broken(BenchFault.IndexStuckLow)], DeviceState.Faulted, FaultCode.IndexNotFound, 5000, Ending.Released, 5000),
        new("needle motor jammed", Moment.Homing, [Broken(BenchFault.NeedleMotorJammed)], DeviceState.Faulted, FaultCode.IndexNotFound, 5000, Ending.Released, 5000),
        new("needle driver reports a fault", Moment.Homing, [Broken(BenchFault.NeedleDriverFault)], DeviceState.Faulted, FaultCode.NeedleDriverFault, 100, Ending.Released),
        new("depth driver reports a fault", Moment.Homing, [Broken(BenchFault.DepthDriverFault)], DeviceState.Faulted, FaultCode.DepthDriverFault, 100, Ending.Released),
        new("emergency stop pressed", Moment.Homing, [Did(DeedKind.EmergencyStop, -1)], DeviceState.EmergencyStopped, FaultCode.EmergencyStop, 100, Ending.Released),
        new("serial silence", Moment.Homing, [Did(DeedKind.Silence, 2000)], DeviceState.Faulted, FaultCode.LinkLost, 700, Ending.Released),
        new("supply low", Moment.Homing, [Did(DeedKind.Sag, -1)], DeviceState.Faulted, FaultCode.SupplyLow, 100, Ending.Released),
        new("cartridge pulled", Moment.Homing, [Did(DeedKind.Cartridge, -1)], DeviceState.Parked, FaultCode.None, 5000, Ending.Parked, 5000),

        // Parked: what does not endanger is told and refused at the next command, not latched.
        new("supply low", Moment.Parked, [Did(DeedKind.Sag, -1)], DeviceState.Faulted, FaultCode.SupplyLow, 300, Ending.Parked, 1),
        new("limit switch wire broken", Moment.Parked, [Broken(BenchFault.LimitSwitchWireBroken)], DeviceState.Faulted, FaultCode.LimitSwitchOpen, 300, Ending.Released, 1),
        new("emergency stop pressed", Moment.Parked, [Did(DeedKind.EmergencyStop, -1)], DeviceState.EmergencyStopped, FaultCode.EmergencyStop, 300, Ending.Released, 1),
        new("flash takes no settings", Moment.Parked, [Did(DeedKind.FlashFails, -1), Did(DeedKind.WriteSettings, 1)], DeviceState.Faulted, FaultCode.SettingsNotStored, 1000, Ending.Parked, 1),
        new("cartridge seated in service", Moment.Parked, [Did(DeedKind.Cartridge, 1000), After(200, DeedKind.EnterService)], DeviceState.Faulted, FaultCode.CartridgeInService, 1400, Ending.Parked, 1),
        new("cartridge pulled", Moment.Parked, [Did(DeedKind.Cartridge, -1)], DeviceState.Parked, FaultCode.None, 3000, Ending.Parked, 1),
        new("trigger stuck", Moment.Parked, [Broken(BenchFault.TriggerStuckPressed), After(100, DeedKind.Configure, 500, 60000, 1500), After(200, DeedKind.Arm)], DeviceState.Parked, FaultCode.None, 3000, Ending.Parked, 1),
        new("serial silence", Moment.Parked, [Did(DeedKind.Silence, 2000)], DeviceState.Parked, FaultCode.None, 3000, Ending.Parked, 1),
        new("serial garbage", Moment.Parked, [Did(DeedKind.Garbage, 1, 200), After(100, DeedKind.Garbage, 2, 200)], DeviceState.Parked, FaultCode.None, 3000, Ending.Parked, 1),
        new("needle driver reports a fault", Moment.Parked, [Broken(BenchFault.NeedleDriverFault)], DeviceState.Parked, FaultCode.None, 3000, Ending.Parked, 1),
        new("pause of 400 ms", Moment.Parked, [Did(DeedKind.Pause, 400)], DeviceState.Parked, FaultCode.None, 3000, Ending.Parked, 1),

        // Armed: tips in already; the stage goes back.
        new("cartridge pulled", Moment.Armed, [Did(DeedKind.Cartridge, -1)], DeviceState.Faulted, FaultCode.CartridgeRemoved, 100, Ending.Parked, 1),
        new("emergency stop pressed", Moment.Armed, [Did(DeedKind.EmergencyStop, -1)], DeviceState.EmergencyStopped, FaultCode.EmergencyStop, 100, Ending.Released, 1),
        new("serial silence", Moment.Armed, [Did(DeedKind.Silence, 2000)], DeviceState.Faulted, FaultCode.LinkLost, 700, Ending.Parked, 1),
        new("supply low", Moment.Armed, [Did(DeedKind.Sag, -1)], DeviceState.Faulted, FaultCode.SupplyLow, 100, Ending.Parked, 1),
        new("limit switch wire broken", Moment.Armed, [Broken(BenchFault.LimitSwitchWireBroken)], DeviceState.Faulted, FaultCode.LimitSwitchOpen, 100, Ending.Released, 1),
        new("limit switch always closed", Moment.Armed, [Broken(BenchFault.LimitSwitchStuckClosed)], DeviceState.Armed, FaultCode.None, 3000, Ending.GoesOn, 1),
        new("needle driver reports a fault", Moment.Armed, [Broken(BenchFault.NeedleDriverFault)], DeviceState.Faulted, FaultCode.NeedleDriverFault, 100, Ending.Parked, 1),
        new("depth driver reports a fault", Moment.Armed, [Broken(BenchFault.DepthDriverFault)], DeviceState.Faulted, FaultCode.DepthDriverFault, 100, Ending.Released, 1),
        new("stage slips, and a stop", Moment.Armed, [Did(DeedKind.Slip, 40), After(50, DeedKind.StopByte)], DeviceState.Faulted, FaultCode.PositionLost, 3000, Ending.Released, 1),
        new("stage jammed, and a stop", Moment.Armed, [Broken(BenchFault.DepthMotorJammed), After(50, DeedKind.StopByte)], DeviceState.Faulted, FaultCode.PositionLost, 3000, Ending.Released, 1),
        new("watchdog line stuck", Moment.Armed, [Broken(BenchFault.WatchdogLineStuck)], DeviceState.Faulted, FaultCode.WatchdogNotWorking, 400, Ending.Released, 1),
        new("pause of 180 ms", Moment.Armed, [Did(DeedKind.Pause, 180)], DeviceState.Armed, FaultCode.None, 3000, Ending.GoesOn, 1),
        new("trigger stuck", Moment.Armed, [Broken(BenchFault.TriggerStuckPressed)], DeviceState.Armed, FaultCode.None, 123_000, Ending.GoesOn, 122_000),

        // Running: pulses are cut at once, the stage goes back, tips in within 1.5 s of the reaction.
        new("index dark", Moment.Running, [Broken(BenchFault.IndexStuckLow)], DeviceState.Faulted, FaultCode.NeedleStalled, 250, Ending.Released, 1750),
        new("index always bright", Moment.Running, [Broken(BenchFault.IndexStuckHigh)], DeviceState.Faulted, FaultCode.NeedleStalled, 250, Ending.Released, 1750),
        new("index doubled", Moment.Running, [Broken(BenchFault.IndexDoubled)], DeviceState.Faulted, FaultCode.RateOutOfBand, 1500, Ending.Parked, 3000),
        new("needle motor jammed", Moment.Running, [Broken(BenchFault.NeedleMotorJammed)], DeviceState.Faulted, FaultCode.NeedleStalled, 250, Ending.Released, 1750),
        new("needle driver reports a fault", Moment.Running, [Broken(BenchFault.NeedleDriverFault)], DeviceState.Faulted, FaultCode.NeedleDriverFault, 100, Ending.Released, 1600),
        new("depth driver reports a fault", Moment.Running, [Broken(BenchFault.DepthDriverFault)], DeviceState.Faulted, FaultCode.DepthDriverFault, 100, Ending.Released, 1600),
        new("emergency stop pressed", Moment.Running, [Did(DeedKind.EmergencyStop, -1)], DeviceState.EmergencyStopped, FaultCode.EmergencyStop, 100, Ending.Released, 1500),
        new("emergency stop wire broken", Moment.Running, [Broken(BenchFault.EmergencyStopWireBroken)], DeviceState.EmergencyStopped, FaultCode.EmergencyStop, 100, Ending.Released, 1500),
        new("cartridge pulled", Moment.Running, [Did(DeedKind.Cartridge, -1)], DeviceState.Faulted, FaultCode.CartridgeRemoved, 100, Ending.Parked, 1600),
        new("serial silence", Moment.Running, [Did(DeedKind.Silence, 2000)], DeviceState.Faulted, FaultCode.LinkLost, 700, Ending.Parked, 2200),
        new("line unplugged", Moment.Running, [Did(DeedKind.CutLine, 1000)], DeviceState.Faulted, FaultCode.LinkLost, 1500, Ending.Parked, 2200),
        new("every byte lost for 300 ms", Moment.Running, [Did(DeedKind.Noise, 300, 0, 1_000_000)], DeviceState.Running, FaultCode.None, 3000, Ending.GoesOn),
        new("serial garbage", Moment.Running, [Did(DeedKind.Garbage, 2, 60)], DeviceState.Running, FaultCode.None, 3000, Ending.GoesOn),
        new("serial garbage with a STOP byte in it", Moment.Running, [Did(DeedKind.Garbage, 3, 100)], DeviceState.Parked, FaultCode.None, 3000, Ending.Parked, 1500),
        new("supply dips for 30 ms", Moment.Running, [Did(DeedKind.Mains, 30)], DeviceState.Faulted, FaultCode.SupplyLow, 100, Ending.Parked, 1600),
        new("supply low", Moment.Running, [Did(DeedKind.Sag, -1)], DeviceState.Faulted, FaultCode.SupplyLow, 100, Ending.Parked, 1600),
        new("mains fail for good", Moment.Running, [Did(DeedKind.Mains, -1)], DeviceState.Faulted, FaultCode.SupplyLow, 100, Ending.Released, 1600),
        new("board without power for 50 ms", Moment.Running, [Did(DeedKind.PowerCut, 50), After(800, DeedKind.Proceed)], DeviceState.Unhomed, FaultCode.None, 2000, Ending.Released),
        new("pause of 140 ms", Moment.Running, [Did(DeedKind.Pause, 140)], DeviceState.Running, FaultCode.None, 3000, Ending.GoesOn),
        new("pause of 180 ms", Moment.Running, [Did(DeedKind.Pause, 180)], DeviceState.Faulted, FaultCode.TickGap, 350, Ending.Parked, 1800),
        new("pause of 400 ms", Moment.Running, [Did(DeedKind.Pause, 400)], DeviceState.Faulted, FaultCode.TickGap, 600, Ending.Parked, 2000),
        new("watchdog line stuck", Moment.Running, [Broken(BenchFault.WatchdogLineStuck)], DeviceState.Faulted, FaultCode.WatchdogNotWorking, 400, Ending.Released),
        new("watchdog gate stuck closed", Moment.Running, [Broken(BenchFault.WatchdogGateStuckClosed)], DeviceState.Running, FaultCode.None, 3000, Ending.GoesOn),
        new("stage slips, and a stop", Moment.Running, [Did(DeedKind.Slip, 40), After(50, DeedKind.StopByte)], DeviceState.Faulted, FaultCode.PositionLost, 3000, Ending.Released, 1600),
        new("stage slips within the proof's tolerance, and a stop", Moment.Running, [Did(DeedKind.Slip, 4), After(50, DeedKind.StopByte)], DeviceState.Parked, FaultCode.None, 3000, Ending.Parked, 1600),
        new("stage jammed, and a stop", Moment.Running, [Broken(BenchFault.DepthMotorJammed), After(50, DeedKind.StopByte)], DeviceState.Faulted, FaultCode.PositionLost, 3000, Ending.Released, 1600),
        new("home switch never closes, and a stop", Moment.Running, [Broken(BenchFault.HomeSwitchStuckOpen), After(50, DeedKind.StopByte)], DeviceState.Faulted, FaultCode.PositionLost, 3000, Ending.Released, 1600),
        new("home switch always closed, and a stop", Moment.Running, [Broken(BenchFault.HomeSwitchStuckClosed), After(50, DeedKind.StopByte)], DeviceState.Faulted, FaultCode.PositionLost, 3000, Ending.Released, 1600),
        new("limit switch wire broken", Moment.Running, [Broken(BenchFault.LimitSwitchWireBroken)], DeviceState.Faulted, FaultCode.LimitSwitchOpen, 100, Ending.Released, 1600),
        new("limit switch always closed", Moment.Running, [Broken(BenchFault.LimitSwitchStuckClosed)], DeviceState.Running, FaultCode.None, 3000, Ending.GoesOn),
        new("trigger stuck", Moment.Running, [Broken(BenchFault.TriggerStuckPressed)], DeviceState.Armed, FaultCode.None, 121_000, Ending.GoesOn, 120_500),
    ];

    private static Deed Broken(BenchFault fault) => Deed.Break(0, fault);

    private static Deed Did(DeedKind kind, int a, int b = 0, int c = 0) => new(0, kind, a, b, c);

    private static Deed After(int milliseconds, DeedKind kind, int a = 0, int b = 0, int c = 0) => new(milliseconds * 1_000L, kind, a, b, c);
}
