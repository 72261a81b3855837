// The calibration of the zero, step by step; each sim: is a new device with a zero offset of 0.

namespace Microneedling.Cli.Tests;

public sealed class CalibrateTests
{
    [Fact]
    public async Task Calibrate_measures_stores_reads_back_and_homes_anew()
    {
        using var told = await Typed.RunAsync(0, "calibrate --device sim: --no-cartridge --jog 0.5 --jog 0.5 --measured 0.05 --yes --json");

        var (measured, calibrated) = (told.JsonLines[^2], told.JsonLines[^1]);
        Assert.Equal(50, measured.GetProperty("measuredMicrometers").GetInt32());
        Assert.True(calibrated.GetProperty("good").GetBoolean());
        Assert.InRange(
            calibrated.GetProperty("readBackZeroOffsetMicrometers").GetInt32() - measured.GetProperty("afterMicrometers").GetInt32(), -2, 2);
    }

    [Fact]
    public async Task Calibrate_asks_for_jogs_the_gauge_and_a_yes()
    {
        using var told = await Typed.RunAsync(0, "calibrate --device sim: --no-cartridge", input: "0.5\n0.5\n\nabout nothing\n0.02\ny\n");

        Assert.Contains("'about nothing' is no distance", told.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("Stored and read back", told.Output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--jog 0.5 --jog 0.5 --measured 0.05", "n\n", "Nothing was stored.")]
    [InlineData(3, "--jog 0.5 --measured 0.5 --yes", "", "Measure again")]
    [InlineData(2, "--jog 0.5", "", "Nothing was measured")]
    public async Task Calibrate_stores_nothing_that_was_not_confirmed_or_is_out_of_bounds(int code, string options, string input, string words)
    {
        using var told = await Typed.RunAsync(code, "calibrate --device sim: --no-cartridge " + options, input: input);

        Assert.Contains(words, told.Errors.Text, StringComparison.Ordinal);
    }
}
