// The two forms of a run on file. Numbers have a point whatever the machine's language; times are the board's, in
// microseconds.
//
//   VCD   value change dump (IEEE 1364), for GTKWave and other waveform viewers
//   CSV   time_us,name,value: one line a change; an unknown level is x

using System.Globalization;
using System.Text;

namespace Microneedling.SimulatedBoard;

/// <summary>What a variable of a trace is.</summary>
internal enum TraceKind
{
    /// <summary>A level: 0, 1, or not a number while it is unknown.</summary>
    Wire,

    /// <summary>A whole number, not negative.</summary>
    Integer,

    /// <summary>Any number.</summary>
    Real,
}

/// <summary>One variable; the index is its place among all.</summary>
internal sealed record TraceVariable(int Index, string Name, TraceKind Kind);

/// <summary>Writes one file. Changes come in the order of time.</summary>
internal interface ITraceWriter : IDisposable
{
    /// <summary>Writes the head and what every variable is at first.</summary>
    void Begin(IReadOnlyList<TraceVariable> variables, IReadOnlyList<double> values, int seed, long now);

    /// <summary>Writes a change.</summary>
    void Change(long now, TraceVariable variable, double value);
}

/// <summary>A value change dump.</summary>
internal sealed class VcdWriter(string path) : ITraceWriter
{
    private const char FirstIdentifier = '!';

    private readonly StreamWriter file = TraceFile.Create(path);
    private long time = long.MinValue;

    public void Begin(IReadOnlyList<TraceVariable> variables, IReadOnlyList<double> values, int seed, long now)
    {
        file.Write(string.Create(CultureInfo.InvariantCulture, $"$version Microneedling simulated board, seed {seed} $end\n$timescale 1 us $end\n$scope module board $end\n"));
        foreach (TraceVariable variable in variables)
        {
            string type = variable.Kind switch
            {
                TraceKind.Wire => "wire 1",
                TraceKind.Integer => "integer 32",
                _ => "real 64",
            };
            file.Write($"$var {type} {Identifier(variable)} {variable.Name} $end\n");
        }

        file.Write("$upscope $end\n$enddefinitions $end\n");
        MoveTo(now);
        file.Write("$dumpvars\n");
        foreach (TraceVariable variable in variables)
        {
            WriteValue(variable, values[variable.Index]);
        }

        file.Write("$end\n");
    }

    public void Change(long now, TraceVariable variable, double value)
    {
        MoveTo(now);
        WriteValue(variable, value);
    }

    public void Dispose() => file.Dispose();

    private static char Identifier(TraceVariable variable) => (char)(FirstIdentifier + variable.Index);

    private void MoveTo(long now)
    {
        if (now != time)
        {
            time = now;
            file.Write('#');
            file.Write(now);
            file.Write('\n');
        }
    }

    private void WriteValue(TraceVariable variable, double value)
    {
        switch (variable.Kind)
        {
            case TraceKind.Wire:
                file.Write(TraceFile.Level(value));
                break;
            case TraceKind.Integer:
                file.Write('b');
                file.Write(((int)value).ToString("b", CultureInfo.InvariantCulture));
                file.Write(' ');
                break;
            default:
                file.Write('r');
                file.Write(TraceFile.Number(value));
                file.Write(' ');
                break;
        }

        file.Write(Identifier(variable));
        file.Write('\n');
    }
}

/// <summary>A table.</summary>
internal sealed class CsvWriter(string path) : ITraceWriter
{
    private readonly StreamWriter file = TraceFile.Create(path);

    public void Begin(IReadOnlyList<TraceVariable> variables, IReadOnlyList<double> values, int seed, long now)
    {
        file.Write("time_us,name,value\n");
        foreach (TraceVariable variable in variables)
        {
            Change(now, variable, values[variable.Index]);
        }
    }

    public void Change(long now, TraceVariable variable, double value)
    {
        file.Write(now);
        file.Write(',');
        file.Write(variable.Name);
        file.Write(',');
        if (variable.Kind == TraceKind.Wire)
        {
            file.Write(TraceFile.Level(value));
        }
        else
        {
            file.Write(TraceFile.Number(value));
        }

        file.Write('\n');
    }

    public void Dispose() => file.Dispose();
}

/// <summary>What both forms share.</summary>
internal static class TraceFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Opens a file, over what it held; others may read it meanwhile.</summary>
    internal static StreamWriter Create(string path) =>
        new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read), new UTF8Encoding(false), BufferBytes);

    internal static char Level(double value) => double.IsNaN(value) ? 'x' : value == 0 ? '0' : '1';

    internal static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
