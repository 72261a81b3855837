// What anybody or anything can do to a device, as data: so that a run can be made from a seed, repeated from its list, made
// smaller deed by deed, and pasted into a test. Decides nothing; Operator.cs does the deeds.

using System.Globalization;
using Microneedling.SimulatedBoard;

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>Kinds of deeds; the arguments A … E of <see cref="Deed"/> are named here.</summary>
public enum DeedKind
{
    /// <summary>What a sensible operator would do next, by what the device says: greet, clear, home, configure and arm, press. Depth in µm, rate in mHz.</summary>
    Proceed,

    /// <summary>A greeting. Number of the host; 0: the same host again.</summary>
    Hello,

    /// <summary>Home.</summary>
    Home,

    /// <summary>A proposal. Depth, rate, cap, unlock, strokes of a burst.</summary>
    Configure,

    /// <summary>Arm with the token given last.</summary>
    Arm,

    /// <summary>Arm with any token: A.</summary>
    ArmToken,

    /// <summary>Disarm.</summary>
    Disarm,

    /// <summary>The stop command.</summary>
    Stop,

    /// <summary>The STOP byte.</summary>
    StopByte,

    /// <summary>Clears the fault that the device told last.</summary>
    ClearFault,

    /// <summary>Clears a fault by its code: A.</summary>
    ClearNamed,

    /// <summary>Start, which no device accepts.</summary>
    Start,

    /// <summary>Begins a session: its number.</summary>
    BeginSession,

    /// <summary>Enters service.</summary>
    EnterService,

    /// <summary>Leaves service.</summary>
    LeaveService,

    /// <summary>Jogs: micrometres.</summary>
    Jog,

    /// <summary>Calibrates the zero by a gauge that reads wrong by A micrometres.</summary>
    CalibrateZero,

    /// <summary>Writes the settings. Serial number; how wrong the zero offset is, µm.</summary>
    WriteSettings,

    /// <summary>Silences the alarm.</summary>
    SilenceAlarm,

    /// <summary>Tests the device again.</summary>
    SelfTest,

    /// <summary>A message without values, whether it should have some or not: its number.</summary>
    Ask,

    /// <summary>Asks for events from a number on.</summary>
    AskEvents,

    /// <summary>The latest frame again, as a host does that got no answer.</summary>
    Repeat,

    /// <summary>Bytes without sense. Seed, how many.</summary>
    Garbage,

    /// <summary>No heartbeat for A milliseconds.</summary>
    Silence,

    /// <summary>A bad line for A milliseconds. Bits flipped, bytes lost, bytes inserted: of a million.</summary>
    Noise,

    /// <summary>The line is unplugged for A milliseconds.</summary>
    CutLine,

    /// <summary>The trigger is pressed and held.</summary>
    Press,

    /// <summary>The trigger is released.</summary>
    Release,

    /// <summary>The cartridge is off for A milliseconds; negative: for good.</summary>
    Cartridge,

    /// <summary>The emergency stop is pressed for A milliseconds; negative: for good.</summary>
    EmergencyStop,

    /// <summary>The supply is low and still drives the motors, for A milliseconds; negative: for good.</summary>
    Sag,

    /// <summary>The mains fail, for A milliseconds; negative: for good.</summary>
    Mains,

    /// <summary>The first A copies of the settings on flash are damaged: 1 or 2.</summary>
    DamageSettings,

    /// <summary>Flash takes nothing more, for A milliseconds; negative: for good.</summary>
    FlashFails,

    /// <summary>The power is off for A milliseconds.</summary>
    PowerCut,

    /// <summary>The stage slips by A steps, positive towards the skin.</summary>
    Slip,

    /// <summary>Something breaks, <see cref="BenchFault"/> A, for B milliseconds; negative: for good.</summary>
    Break,

    /// <summary>The interpreter stands still for A milliseconds.</summary>
    Pause,

    /// <summary>For A milliseconds the interpreter stands still again and again, each time less than a millisecond. Seed.</summary>
    Stutter,
}

/// <summary>One deed at a time of the board, counted from the beginning of the run.</summary>
public readonly record struct Deed(long AtMicroseconds, DeedKind Kind, int A = 0, int B = 0, int C = 0, int D = 0, int E = 0)
{
    /// <summary>A breakage.</summary>
    public static Deed Break(long atMicroseconds, BenchFault fault, int milliseconds = -1) =>
        new(atMicroseconds, DeedKind.Break, (int)fault, milliseconds);

    /// <summary>The deed as C#.</summary>
    public override string ToString()
    {
        if (Kind == DeedKind.Break)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Deed.Break({AtMicroseconds}, BenchFault.{(BenchFault)A}, {B})");
        }

        int[] arguments = [A, B, C, D, E];
        int used = Array.FindLastIndex(arguments, argument => argument != 0) + 1;
        string text = string.Concat(arguments.Take(used).Select(argument => string.Create(CultureInfo.InvariantCulture, $", {argument}")));
        return string.Create(CultureInfo.InvariantCulture, $"new Deed({AtMicroseconds}, DeedKind.{Kind}{text})");
    }
}
