// The bench controller's end of the line, for any bench: what the simulator serves beside a device, and a pattern for the one
// of a jig. hardware-docs/jig.md is its reference, the table of commands below its order. Text in, text out; DeadMan watches the host.

using System.Globalization;
using Microneedling.Simulator.Plugs;

namespace Microneedling.Qa.Instruments;

/// <summary>Answers the commands of <see cref="ScpiBench"/> for a bench, and those for hands and scripts if it is <see cref="IBenchGauges"/>. One command at a time.</summary>
public sealed class ScpiController : IBenchController
{
    private const int MostErrors = 16;
    private const int MostAtOnce = 64;
    private const int LongestSilenceSeconds = 3_600;
    private const string NoError = "0,\"no error\"";

    private readonly IBench bench;
    private readonly DeadMan deadMan;
    private readonly Dictionary<string, Command> commands = new(StringComparer.Ordinal);
    private readonly Queue<string> errors = new();
    private IReadOnlyList<string> strokes = [];
    private IReadOnlyList<string> readings = [];

    /// <summary>Begins with the dead man disarmed.</summary>
    /// <param name="bench">Owned by the controller from now on.</param>
    /// <param name="time">Clock of the dead man; the system's when null.</param>
    public ScpiController(IBench bench, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(bench);
        this.bench = bench;
        deadMan = new DeadMan(bench, time ?? TimeProvider.System);
        Ask("*IDN?", _ => Task.FromResult(bench.Identity.Name));
        Ask("CAL:DATE?", _ => Task.FromResult(bench.Identity.CalibratedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "NONE"));
        Ask("CAL:UNC?", _ => Task.FromResult(Line($"{bench.Identity.TipUncertaintyMicrometers * 1000:0}")));
        Tell("SYST:DEAD", ArmAsync);
        Ask("MEAS:ALL?", ct => OfAsync(bench.ReadAsync(ct), Of));
        Ask("MEAS:EXTR?", ct => OfAsync(bench.ExtremesAsync(ct), Of));
        Ask("INIT", ClearAsync);
        Ask("STR:COUN?", async ct => Line($"{(strokes = [.. (await bench.StrokesAsync(ct)).Select(one => Line($"{one.EndedAtMicroseconds},{one.DeepestTipMicrometers * 1000:0}"))]).Count}"));
        Tell("STR:DATA?", (range, _) => Task.FromResult(Part(strokes, range)));
        foreach (var which in Enum.GetValues<BenchSwitch>())
        {
            Tell($"OUTP:{ScpiBench.NameOf(which)}", async (state, ct) => Line($"{await bench.SwitchAsync(which, IsOn(state), ct)}"));
        }

        Ask("MEAS:TIP?", ct => OfAsync(bench.ReadAsync(ct), reading => Line($"{reading.TipMicrometers:0}")));
        Ask("MEAS:STROKES?", ct => OfAsync(bench.ReadAsync(ct), reading => Line($"{reading.Strokes}")));
        Ask("MEAS:FORCE?", ct => OfAsync(bench.ReadAsync(ct), reading => Line($"{reading.ForceMillinewtons:0}")));
        Ask("SYST:TIME?", TimeAsync);
        Ask("SYST:ERR?", _ => Task.FromResult(errors.TryDequeue(out var error) ? error : NoError));
        if (bench is IBenchGauges gauges)
        {
            Ask("MEAS:RATE?", ct => OfAsync(gauges.GaugesAsync(ct), reading => Line($"{reading.RateMillihertz}")));
            Ask("MEAS:SUPPLY?", ct => OfAsync(gauges.GaugesAsync(ct), reading => Line($"{reading.SupplyMillivolts}")));
            Ask("INP:LIM?", ct => OfAsync(gauges.GaugesAsync(ct), reading => reading.LimitSwitchOpen ? "1" : "0"));
            Ask("INP:HOME?", ct => OfAsync(gauges.GaugesAsync(ct), reading => reading.HomeSwitchOpen ? "1" : "0"));
            Ask("INP:TIP:TRACE:COUN?", async ct => Line($"{(readings = [.. (await gauges.TipTraceAsync(ct)).Select(one => Line($"{one.AtMicroseconds},{one.TipMicrometers * 1000:0}"))]).Count}"));
            Tell("INP:TIP:TRACE?", (range, _) => Task.FromResult(Part(readings, range)));
        }
    }

    /// <inheritdoc/>
    public async Task<string> AnswerAsync(string command, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        var words = command.Trim().Split(' ', 2);
        try
        {
            var known = commands.GetValueOrDefault(words[0]) is { } found && (found.NeedsValue || words.Length == 1)
                ? found
                : throw new Refusal(-113, $"no such command: {command}");
            deadMan.Hear();
            return await known.Do(words.Length > 1 ? words[1].Trim() : known.NeedsValue ? throw new Refusal(-109, $"{words[0]} needs a value") : "", ct);
        }
        catch (Refusal refusal)
        {
            return Kept(refusal.Code, refusal.Message);
        }
        catch (BenchException problem)
        {
            return Kept(-200, problem.Message);
        }
    }

    /// <inheritdoc/>
    public void LoseHost() => deadMan.Lose();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await deadMan.DisposeAsync();
        await bench.DisposeAsync();
    }

    private static bool IsOn(string state) => state switch
    {
        "ON" => true,
        "OFF" => false,
        _ => throw new Refusal(-224, $"neither ON nor OFF: {state}"),
    };

    private static string Part(IReadOnlyList<string> list, string range)
    {
        if (range.Split(',') is not [var first, var count])
        {
            throw new Refusal(-109, "say the first and how many, such as 0,64");
        }

        var from = Number(first, 0, list.Count - 1);
        return string.Join(';', list.Skip(from).Take(Number(count, 1, MostAtOnce)));
    }

    private static int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new Refusal(-222, most < least ? "the list is empty" : Line($"{text} is not a number from {least} to {most}"));

    private static string Of(BenchReading reading) =>
        Line($"{reading.AtMicroseconds},{reading.TipMicrometers * 1000:0},{reading.Strokes},{reading.ForceMillinewtons:0},{(reading.SupplyGood ? 1 : 0)}");

    private static string Of(BenchExtremes extremes) => Line(
        $"{extremes.DeepestTipMicrometers * 1000:0},{extremes.LastMotionMicroseconds?.ToString(CultureInfo.InvariantCulture) ?? "NONE"},{extremes.LastOutMicroseconds?.ToString(CultureInfo.InvariantCulture) ?? "NONE"}");

    private static async Task<string> OfAsync<T>(Task<T> seen, Func<T, string> say) => say(await seen);

    private static string Line(FormattableString text) => FormattableString.Invariant(text);

    private void Ask(string name, Func<CancellationToken, Task<string>> answer) => commands.Add(name, new Command(false, (_, ct) => answer(ct)));

    private void Tell(string name, Func<string, CancellationToken, Task<string>> act) => commands.Add(name, new Command(true, act));

    private async Task<string> ArmAsync(string seconds, CancellationToken ct)
    {
        await deadMan.ArmAsync(TimeSpan.FromSeconds(Number(seconds, 0, LongestSilenceSeconds)));
        return await TimeAsync(ct);
    }

    private async Task<string> ClearAsync(CancellationToken ct)
    {
        await bench.ClearAsync(ct);
        return await TimeAsync(ct);
    }

    private async Task<string> TimeAsync(CancellationToken ct) => Line($"{(await bench.ReadAsync(ct)).AtMicroseconds}");

    private string Kept(int code, string words)
    {
        var error = Line($"{code},\"{words.Replace('"', '\'')}\"");
        if (errors.Count < MostErrors)
        {
            errors.Enqueue(errors.Count == MostErrors - 1 ? "-350,\"more errors than were asked for\"" : error);
        }

        return $"ERR {error}";
    }

    private sealed record Command(bool NeedsValue, Func<string, CancellationToken, Task<string>> Do);

    /// <summary>A command that cannot be followed; nothing is done.</summary>
    private sealed class Refusal(int code, string words) : Exception(words)
    {
        internal int Code => code;
    }
}
