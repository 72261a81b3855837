// The bench controller's end of the line, for any bench: what tests put before the simulated board, and a pattern for the one of
// a jig. Text in, text out; decides nothing. The dead man needs a clock and hands of its own: here SYST:DEAD is only answered.

using System.Globalization;

namespace Microneedling.Qa.Instruments;

/// <summary>Answers the commands of <see cref="ScpiBench"/> for a bench.</summary>
public sealed class ScpiController(IBench bench)
{
    private static readonly Dictionary<string, BenchSwitch> Switches = Enum.GetValues<BenchSwitch>().ToDictionary(ScpiBench.NameOf);

    private IReadOnlyList<BenchStroke> kept = [];

    /// <summary>Answers one line, without its end.</summary>
    public async Task<string> AnswerAsync(string command, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        try
        {
            return command.Trim().Split(' ', 2) switch
            {
                ["*IDN?"] => bench.Identity.Name,
                ["CAL:DATE?"] => bench.Identity.CalibratedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "NONE",
                ["CAL:UNC?"] => Line($"{bench.Identity.TipUncertaintyMicrometers * 1000:0}"),
                ["MEAS:ALL?"] => Of(await bench.ReadAsync(ct)),
                ["MEAS:EXTR?"] => Of(await bench.ExtremesAsync(ct)),
                ["INIT"] => await ClearAsync(ct),
                ["STR:COUN?"] => Line($"{(kept = await bench.StrokesAsync(ct)).Count}"),
                ["STR:DATA?", var range] when range.Split(',') is [var first, var count] && int.TryParse(first, out var from) && int.TryParse(count, out var many) && from >= 0 && many > 0 =>
                    string.Join(';', kept.Skip(from).Take(many).Select(stroke => Line($"{stroke.EndedAtMicroseconds},{stroke.DeepestTipMicrometers * 1000:0}"))),
                ["SYST:DEAD", _] => Line($"{(await bench.ReadAsync(ct)).AtMicroseconds}"),
                [var output, "ON" or "OFF"] when output.StartsWith("OUTP:", StringComparison.Ordinal) && Switches.TryGetValue(output[5..], out var which) =>
                    Line($"{await bench.SwitchAsync(which, command.EndsWith("ON", StringComparison.Ordinal), ct)}"),
                _ => $"ERR -113,\"no such command: {command}\"",
            };
        }
        catch (BenchException e)
        {
            return $"ERR -200,\"{e.Message.Replace('"', '\'')}\"";
        }
    }

    private async Task<string> ClearAsync(CancellationToken ct)
    {
        await bench.ClearAsync(ct);
        return Line($"{(await bench.ReadAsync(ct)).AtMicroseconds}");
    }

    private static string Of(BenchReading reading) =>
        Line($"{reading.AtMicroseconds},{reading.TipMicrometers * 1000:0},{reading.Strokes},{reading.ForceMillinewtons:0},{(reading.SupplyGood ? 1 : 0)}");

    private static string Of(BenchExtremes extremes) => Line(
        $"{extremes.DeepestTipMicrometers * 1000:0},{extremes.LastMotionMicroseconds?.ToString(CultureInfo.InvariantCulture) ?? "NONE"},{extremes.LastOutMicroseconds?.ToString(CultureInfo.InvariantCulture) ?? "NONE"}");

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}
