// home, configure and arm with a simulated device in this process; what really moved is asked of its bench.

namespace Microneedling.Cli.Tests;

public sealed class TreatTests
{
    private const string Values = "--device sim: --depth 0.50 --rate 60";

    [Fact]
    public async Task Home_parks_where_the_bench_says_so_too()
    {
        using var told = await Typed.RunAsync(0, "home --device sim: --json");

        Assert.Equal("Parked", told.Json.GetProperty("state").GetString());
        Assert.True(told.Json.GetProperty("homed").GetBoolean());
        Assert.InRange((await told.Device).Bench.StageMicrometers, -1010, -990);
    }

    [Fact]
    public async Task Ctrl_C_while_homing_stops_the_device()
    {
        using var home = Typed.Begin("home --device sim:");
        await home.Errors.NextAsync("Homing device 1.");
        home.CtrlC();

        Assert.Equal(130, await home.Ending);
        await home.Errors.NextAsync("the device has confirmed it");
    }

    [Fact]
    public async Task Configure_shows_asked_beside_accepted()
    {
        using var told = await Typed.RunAsync(0, "configure --device sim: --depth 0.512 --rate 61.5 --cap 1 --burst 10 --json");

        var (asked, accepted) = (told.Json.GetProperty("asked"), told.Json.GetProperty("accepted"));
        Assert.Equal(512, asked.GetProperty("depthMicrometers").GetInt32());
        Assert.InRange(accepted.GetProperty("depthMicrometers").GetInt32(), 508, 512);
        Assert.Equal(61_500, asked.GetProperty("rateMillihertz").GetInt32());
        Assert.InRange(accepted.GetProperty("rateMillihertz").GetInt32(), 61_000, 61_500);
        Assert.Equal(10, accepted.GetProperty("burstStrokes").GetInt32());
    }

    [Fact]
    public async Task Without_a_yes_nothing_is_armed()
    {
        using var told = await Typed.RunAsync(2, "arm " + Values, input: "n\n");

        Assert.Contains("Arm device 1 with exactly these values? [y/N]", told.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("Not armed.", told.Errors.Text, StringComparison.Ordinal);
        Assert.InRange((await told.Device).Bench.StageMicrometers, -1010, -990);
    }

    [Fact]
    public async Task Arm_stays_until_Ctrl_C_and_ends_with_a_confirmed_stop()
    {
        using var arm = Typed.Begin($"arm {Values} --yes");
        await arm.Errors.NextAsync("Armed: the trigger starts the needles.");
        arm.CtrlC();

        Assert.Equal(130, await arm.Ending);
        await arm.Errors.NextAsync("the device has confirmed it");
    }

    [Fact]
    public async Task Arm_refuses_a_device_without_a_cartridge()
    {
        using var told = await Typed.RunAsync(3, $"arm {Values} --yes --no-cartridge");

        Assert.Contains("Seat a cartridge first.", told.Errors.Text, StringComparison.Ordinal);
    }
}
