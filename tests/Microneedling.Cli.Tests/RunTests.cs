// run with a simulated device in this process; what really moved is asked of its bench.

using Microneedling.SimulatedBoard;
using Microneedling.Simulator;

namespace Microneedling.Cli.Tests;

public sealed class RunTests
{
    private const string Values = "--device sim: --depth 0.50 --rate 60";

    [Fact]
    public async Task Run_follows_the_strokes_of_the_trigger_and_stops_when_there_are_enough()
    {
        using var told = await Typed.RunAsync(0, $"run {Values} --strokes 40 --press --yes --json");

        var lines = told.JsonLines;
        Assert.Equal("treatment", lines[0].GetProperty("kind").GetString());
        Assert.Contains(lines, line => line.GetProperty("kind").GetString() == "status" && line.GetProperty("state").GetString() == "Running");
        Assert.Equal("end", lines[^1].GetProperty("kind").GetString());
        Assert.InRange(lines[^1].GetProperty("strokes").GetInt32(), 40, 80);
        Assert.InRange(lines[^1].GetProperty("strokesAtRest").GetInt32() - lines[^1].GetProperty("strokes").GetInt32(), 0, 10);
        var bench = (await told.Device).Bench;
        Assert.InRange(bench.StrokesCompleted, 40, 90);
        Assert.True(bench.DeepestTipMicrometers <= 501);
        Assert.True(bench.TipMicrometers < 0);
    }

    [Fact]
    public async Task Run_never_starts_the_needles_by_itself()
    {
        using var run = Typed.Begin($"run {Values} --strokes 10 --yes");
        await run.Errors.NextAsync("Press the trigger on the handpiece");
        var strokes = (await run.Device).Bench.StrokesCompleted;
        await run.Output.NextAsync("armed");
        await run.Output.NextAsync("armed");
        Assert.Equal(strokes, (await run.Device).Bench.StrokesCompleted);
        (await run.Device).Bench.PressTrigger();

        Assert.Equal(0, await run.Ending);
        Assert.Contains("Reached and stopped.", run.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_counts_time_of_stroking()
    {
        using var told = await Typed.RunAsync(0, $"run {Values} --seconds 1 --press --yes --json");

        Assert.InRange(told.JsonLines[^1].GetProperty("strokes").GetInt32(), 25, 110);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--strokes 10 --seconds 1")]
    public async Task Run_needs_to_know_how_long(string options)
    {
        using var told = await Typed.RunAsync(2, $"run {Values} --yes --press {options}");

        Assert.Contains("either --strokes N or --seconds S", told.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_while_running_ends_it_with_1_and_the_words_of_the_fault()
    {
        using var run = Typed.Begin($"run {Values} --strokes 10000 --press --yes --json");
        await run.Output.NextAsync("\"state\":\"Running\"");
        (await run.Device).Bench.SetFault(BenchFault.NeedleMotorJammed, true);

        Assert.Equal(1, await run.Ending);
        Assert.Equal("NeedleStalled", run.JsonLines[^1].GetProperty("fault").GetString());
    }

    [Fact]
    public async Task A_link_that_is_lost_ends_it_with_4_and_the_device_has_stopped_by_itself()
    {
        using var run = Typed.Begin($"run {Values} --strokes 10000 --press --yes", new Typed.Setting { Prepare = static _ => { } });
        await run.Output.NextAsync("running");
        SimulatedDevice device = await run.Device;
        device.Board.Serial.Cut = true;

        Assert.Equal(4, await run.Ending);
        Assert.Equal(0, device.Bench.TrueRateMillihertz);
    }
}
