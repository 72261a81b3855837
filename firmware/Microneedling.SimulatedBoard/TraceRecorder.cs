// A run on file: what goes in, and when it is looked at.
//
//   as it happens          every edge that the firmware makes, every change of the pulses' frequency, every hand on the bench
//   1 µs after a step      of the depth stage: where it is now
//   every 100 µs           while needle pulses run: levels of the sensors, among them the index flag
//   every millisecond      sensors, the drivers' power after all gates, and the true position of stage, cam and tips
//
// Only changes are written. Looking changes nothing on the board. While a pulse train runs, needle_step is x, unknown: its edges
// are not listed, needle_step_hz tells their frequency. The serial wires are left out: what they carry are bytes, not levels.

using Microneedling.SimulatedBoard.Mechanics;

namespace Microneedling.SimulatedBoard;

/// <summary>Writes a board's run to the files that <see cref="BoardOptions.TracePath"/> names. Everything is called with the board held.</summary>
internal sealed class TraceRecorder : IDisposable
{
    private const long SensorSpacing = 100;
    private const long TruthSpacing = 1_000;

    private static readonly Signal[] Driven =
    [
        Signal.NeedleStep, Signal.NeedleEnable, Signal.DepthStep, Signal.DepthDirection, Signal.DepthEnable,
        Signal.WatchdogToggle, Signal.AlarmLed, Signal.AlarmBuzzer,
    ];

    private static readonly Signal[] Sensed =
    [
        Signal.Index, Signal.HomeSwitch, Signal.LimitSwitch, Signal.Trigger, Signal.EmergencyStop, Signal.CartridgeSeated,
        Signal.SupplyGood, Signal.WatchdogGood, Signal.NeedleDiagnosis, Signal.DepthDiagnosis,
    ];

    private static readonly Signal[] Wires = [.. Driven, .. Sensed];

    private static readonly TraceVariable NeedleHertz = new(Wires.Length, "needle_step_hz", TraceKind.Integer);
    private static readonly TraceVariable NeedlePowered = new(Wires.Length + 1, "needle_driver_powered", TraceKind.Wire);
    private static readonly TraceVariable DepthPowered = new(Wires.Length + 2, "depth_driver_powered", TraceKind.Wire);
    private static readonly TraceVariable Stage = new(Wires.Length + 3, "stage_um", TraceKind.Real);
    private static readonly TraceVariable Cam = new(Wires.Length + 4, "cam_degrees", TraceKind.Real);
    private static readonly TraceVariable Tip = new(Wires.Length + 5, "tip_um", TraceKind.Real);

    private static readonly TraceVariable[] Variables =
    [
        .. Wires.Select((signal, index) => new TraceVariable(index, NameOf(signal), TraceKind.Wire)),
        NeedleHertz, NeedlePowered, DepthPowered, Stage, Cam, Tip,
    ];

    private static readonly TraceVariable?[] OfSignal =
        [.. Enum.GetValues<Signal>().Select(signal => Array.Find(Variables, variable => variable.Name == NameOf(signal)))];

    private readonly Mechanism mechanism;
    private readonly ITraceWriter[] writers;
    private readonly double[] latest = new double[Variables.Length];
    private long truthAt;
    private bool pulses;
    private bool disposed;

    /// <summary>Opens the files, over what they held, and writes what everything is now.</summary>
    internal TraceRecorder(string path, Mechanism mechanism, int seed, long now)
    {
        this.mechanism = mechanism;
        writers = Open(path);
        Look(now, (variable, value) => latest[variable.Index] = value);
        foreach (ITraceWriter writer in writers)
        {
            writer.Begin(Variables, latest, seed, now);
        }

        truthAt = now;
        NextSample = now + TruthSpacing;
    }

    /// <summary>When the board is looked at next.</summary>
    internal long NextSample { get; private set; }

    /// <summary>What a wire is called in the files: needle_step for <see cref="Signal.NeedleStep"/>.</summary>
    internal static string NameOf(Signal signal) =>
        string.Concat(signal.ToString().Select((letter, index) => index > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{letter}")).ToLowerInvariant();

    /// <summary>A wire has changed, as in <see cref="TraceEntry"/>.</summary>
    internal void Record(long now, Signal signal, int value)
    {
        if (disposed)
        {
            return;
        }

        if (signal == Signal.NeedleStep)
        {
            // A level of 1 and pulses of 1 Hz look the same; nobody pulses at 1 Hz.
            pulses = value > 1;
            Set(now, NeedleHertz, pulses ? value : 0);
            Set(now, OfSignal[(int)signal]!, pulses ? double.NaN : value);
            NextSample = Math.Min(NextSample, now + SensorSpacing);
        }
        else if (OfSignal[(int)signal] is { } wire)
        {
            Set(now, wire, value);
            if (signal == Signal.DepthStep)
            {
                truthAt = now;
                NextSample = now + 1;
            }
        }
    }

    /// <summary>The clock is about to move on: does the looks that come before.</summary>
    internal void SampleBefore(long time)
    {
        while (NextSample < time)
        {
            Sample(NextSample);
        }
    }

    /// <summary>Looks now.</summary>
    internal void Sample(long now)
    {
        if (disposed)
        {
            NextSample = long.MaxValue;
            return;
        }

        Look(now, (variable, value) => Set(now, variable, value), truth: now >= truthAt);
        if (now >= truthAt)
        {
            truthAt = now + TruthSpacing;
        }

        NextSample = pulses ? Math.Min(truthAt, now + SensorSpacing) : truthAt;
    }

    /// <summary>Looks a last time and closes the files; the board is held by the caller.</summary>
    internal void Close(long now)
    {
        truthAt = now;
        Sample(now);
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        disposed = true;
        foreach (ITraceWriter writer in writers)
        {
            writer.Dispose();
        }
    }

    private static ITraceWriter[] Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return Path.GetExtension(path) switch
        {
            ".vcd" => [new VcdWriter(path)],
            ".csv" => [new CsvWriter(path)],
            "" => [new VcdWriter(path + ".vcd"), new CsvWriter(path + ".csv")],
            string extension => throw new ArgumentException(
                $"A trace is a .vcd or a .csv file, or both when the name has no extension; {extension} is neither.", nameof(path)),
        };
    }

    private void Look(long now, Action<TraceVariable, double> tell, bool truth = true)
    {
        foreach (Signal signal in Sensed)
        {
            // Contacts are open against a pull-up.
            tell(OfSignal[(int)signal]!, mechanism.LevelOf(signal, now) == WireLevel.Low ? 0 : 1);
        }

        if (truth)
        {
            tell(NeedlePowered, mechanism.Needles.Powered ? 1 : 0);
            tell(DepthPowered, mechanism.Stage.Powered ? 1 : 0);
            tell(Stage, mechanism.Stage.Micrometers);
            tell(Cam, CamGeometry.Modulo(mechanism.Needles.Angle, CamGeometry.MicrostepsPerRevolution) * 360.0 / CamGeometry.MicrostepsPerRevolution);
            tell(Tip, mechanism.Needles.TipMicrometers);
        }
    }

    private void Set(long now, TraceVariable variable, double value)
    {
        if (latest[variable.Index].Equals(value))
        {
            return;
        }

        latest[variable.Index] = value;
        foreach (ITraceWriter writer in writers)
        {
            writer.Change(now, variable, value);
        }
    }
}
