// A bench controller at a serial line, in text: one command a line, one answer a line. hardware-docs/jig.md is its reference.
//
//   *IDN?            → maker,model,serial,version            MEAS:ALL?     → us,tip_nm,strokes,force_mn,supply(0|1)
//   CAL:DATE?        → 2026-11-02 or NONE                     MEAS:EXTR?    → deepest_nm,last_motion_us|NONE,last_out_us|NONE
//   CAL:UNC?         → nanometres                             STR:COUN?     → strokes kept
//   OUTP:ESTOP ON    → us                                     STR:DATA? 0,64 → us,deepest_nm;us,deepest_nm;…
//   INIT             → us                                     SYST:DEAD 5   → us
//
// What fails is answered ERR code,"words". Every command that acts answers with the controller's time, so that nothing is
// taken for done that was not. Without a command for SYST:DEAD seconds the controller releases the trigger, presses the
// emergency stop and, two seconds later, when the stage has retracted, takes the power away: a run that has died leaves nothing
// moving. It is never disarmed from here: whatever a run leaves is made safe by whoever is there.

using System.Globalization;
using System.Text;
using Microneedling.Client;

namespace Microneedling.Qa.Instruments;

/// <summary>A bench controller that speaks SCPI-style text.</summary>
public sealed class ScpiBench : IBench
{
    private const int StrokesAtOnce = 64;
    private const int LongestLine = 8192;
    private const string None = "NONE";

    /// <summary>Seconds without a command after which the controller makes everything safe.</summary>
    private const int DeadSeconds = 5;

    private static readonly string Watch = string.Create(CultureInfo.InvariantCulture, $"SYST:DEAD {DeadSeconds}");
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(1);

    private readonly ITransport line;
    private readonly TimeProvider time;
    private readonly byte[] buffer = new byte[4096];
    private readonly StringBuilder pending = new();
    private readonly Lock gate = new();
    private Task turn = Task.CompletedTask;
    private readonly CancellationTokenSource ending = new();
    private Task living = Task.CompletedTask;
    private bool isOutOfStep;

    private ScpiBench(ITransport line, TimeProvider time) => (this.line, this.time) = (line, time);

    /// <inheritdoc/>
    public BenchIdentity Identity { get; private set; } = new("", null, 0);

    /// <summary>Asks the controller who it is, and begins its watch over this program.</summary>
    /// <param name="line">Owned by the bench from now on; disposed also when this fails.</param>
    /// <param name="time">Clock for time-outs; the system's when null.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="BenchException">No controller answers as one should.</exception>
    public static async Task<ScpiBench> ConnectAsync(ITransport line, TimeProvider? time = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(line);
        ScpiBench bench = new(line, time ?? TimeProvider.System);
        try
        {
            var name = await bench.AskAsync("*IDN?", ct);
            var calibrated = await bench.AskAsync("CAL:DATE?", ct);
            var uncertainty = Number("CAL:UNC?", await bench.AskAsync("CAL:UNC?", ct));
            bench.Identity = new BenchIdentity(name, calibrated == None ? null : Day(calibrated), uncertainty / 1000.0);
            await bench.AskAsync(Watch, ct);
            bench.living = bench.LiveAsync();
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<BenchReading> ReadAsync(CancellationToken ct = default)
    {
        const string Command = "MEAS:ALL?";
        var fields = Fields(Command, await AskAsync(Command, ct), 5);
        return new BenchReading(fields[0]!.Value, fields[1]!.Value / 1000.0, fields[2]!.Value, fields[3]!.Value, fields[4] != 0);
    }

    /// <inheritdoc/>
    public async Task<long> SwitchAsync(BenchSwitch which, bool isOn, CancellationToken ct = default)
    {
        var command = $"OUTP:{NameOf(which)} {(isOn ? "ON" : "OFF")}";
        return Number(command, await AskAsync(command, ct));
    }

    /// <inheritdoc/>
    public async Task ClearAsync(CancellationToken ct = default) => Number("INIT", await AskAsync("INIT", ct));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BenchStroke>> StrokesAsync(CancellationToken ct = default)
    {
        var count = Number("STR:COUN?", await AskAsync("STR:COUN?", ct));
        List<BenchStroke> strokes = [];
        while (strokes.Count < count)
        {
            var command = string.Create(CultureInfo.InvariantCulture, $"STR:DATA? {strokes.Count},{Math.Min(StrokesAtOnce, count - strokes.Count)}");
            var answer = await AskAsync(command, ct);
            var before = strokes.Count;
            foreach (var stroke in answer.Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                var fields = Fields(command, stroke, 2);
                strokes.Add(new BenchStroke(fields[0]!.Value, fields[1]!.Value / 1000.0));
            }

            if (strokes.Count == before)
            {
                throw new BenchException($"The bench said that it has {count} strokes and gave none beyond {before}.");
            }
        }

        return strokes;
    }

    /// <inheritdoc/>
    public async Task<BenchExtremes> ExtremesAsync(CancellationToken ct = default)
    {
        const string Command = "MEAS:EXTR?";
        var fields = Fields(Command, await AskAsync(Command, ct), 3);
        return new BenchExtremes(fields[0]!.Value / 1000.0, fields[1], fields[2]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (ending.IsCancellationRequested)
        {
            return;
        }

        ending.Cancel(); // On this thread: in virtual time there is no other.
        await living;
        await line.DisposeAsync();
        ending.Dispose();
    }

    /// <summary>What a switch is called on the line.</summary>
    internal static string NameOf(BenchSwitch which) => which switch
    {
        BenchSwitch.EmergencyStop => "ESTOP",
        BenchSwitch.Trigger => "TRIG",
        BenchSwitch.Cartridge => "CART",
        BenchSwitch.Power => "POWER",
        BenchSwitch.SerialLine => "SERIAL",
        _ => throw new ArgumentOutOfRangeException(nameof(which)),
    };

    private static DateOnly Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day
        : throw Odd("CAL:DATE?", text);

    private static BenchException Odd(string command, string answer) => new($"The bench answered '{command}' with '{answer}', which is not the answer of hardware-docs/jig.md. Check the controller's version.");

    private static long Number(string command, string answer) => Fields(command, answer, 1)[0] ?? throw Odd(command, answer);

    /// <summary>Whole numbers; NONE is null, but for the first.</summary>
    private static long?[] Fields(string command, string answer, int count)
    {
        var texts = answer.Split(',');
        var fields = new long?[count];
        for (var i = 0; i < count; i++)
        {
            if (texts.Length != count || texts[i] != None && !long.TryParse(texts[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                throw Odd(command, answer);
            }

            fields[i] = texts[i] == None ? null : long.Parse(texts[i], CultureInfo.InvariantCulture);
        }

        return fields[0] is null ? throw Odd(command, answer) : fields;
    }

    /// <summary>While this program lives the controller hears of it, also when a scenario only waits.</summary>
    private async Task LiveAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(SignOfLife, time, ending.Token);
                await AskAsync(Watch, ending.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or BenchException)
        {
            // The next command tells what is the matter.
        }
    }

    private async Task<string> AskAsync(string command, CancellationToken ct)
    {
        // One after the other: each waits for the one before it, which ends within its time-out.
        TaskCompletionSource mine = new();
        Task before;
        lock (gate)
        {
            (before, turn) = (turn, mine.Task);
        }

        await before;
        try
        {
            if (isOutOfStep)
            {
                throw new BenchException($"The bench at {line.Name} owes an answer: what it says now may be that one. Connect to it anew.");
            }

            isOutOfStep = true; // Until the answer is here, whatever happens.
            pending.Clear();
            await line.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), ct);
            using CancellationTokenSource timeout = new(AnswerTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
            try
            {
                var answer = await ReadLineAsync(either.Token);
                isOutOfStep = false;
                return answer.StartsWith("ERR ", StringComparison.Ordinal) ? throw new BenchException($"The bench refused '{command}': {answer[4..]}.") : answer;
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                throw new BenchException($"The bench at {line.Name} did not answer '{command}' within {AnswerTimeout.TotalSeconds:0} s. Check its power, its line and its address.");
            }
        }
        catch (LinkException e)
        {
            throw new BenchException($"The bench at {line.Name} cannot be reached: {e.Message}", e);
        }
        finally
        {
            mine.SetResult();
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken ct)
    {
        while (true)
        {
            var text = pending.ToString();
            if (text.IndexOf('\n', StringComparison.Ordinal) is var end and >= 0)
            {
                pending.Remove(0, end + 1);
                return text[..end].TrimEnd('\r');
            }

            var read = await line.ReadAsync(buffer, ct);
            if (read == 0 || text.Length > LongestLine)
            {
                throw new BenchException(read == 0 ? $"The bench at {line.Name} closed its line." : $"The bench at {line.Name} sends without an end.");
            }

            pending.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
    }
}
