// jog, selftest, settings: each sim: is a new device, device 1 with a zero offset of 0.

using System.Globalization;
using Microneedling.SimulatedBoard;

namespace Microneedling.Cli.Tests;

public sealed class ServiceTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-cli-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Jog_is_refused_with_a_cartridge_seated()
    {
        using var told = await Typed.RunAsync(3, "jog 0.2 --device sim: --json");

        Assert.Equal("CartridgeSeated", told.Json.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Jog_moves_there_and_back_and_asks_for_more_when_told_to()
    {
        using var told = await Typed.RunAsync(0, "jog 0.2 -0.1 --stay --device sim: --no-cartridge --json", input: "0.05\nfar\n0.9\n\n");

        Assert.Equal([200, -100, 50], told.JsonLines.Select(line => line.GetProperty("travelMicrometers").GetInt32()));
        Assert.Contains("'far' is no distance in millimetres", told.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("A jog is 0.50 mm at most", told.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_jog_too_far_is_refused_and_service_is_left()
    {
        using var told = await Typed.RunAsync(3, "jog 0.6 --device sim: --no-cartridge");

        Assert.Contains("A jog is 0.50 mm at most", told.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Self_test_passes_and_its_last_outcome_can_be_asked_for()
    {
        using var test = await Typed.RunAsync(0, "selftest --device sim: --json");
        Assert.True(test.Json.GetProperty("passed").GetBoolean());

        using var last = await Typed.RunAsync(
            1, "selftest --last --device sim:", new Typed.Setting { Prepare = device => device.Bench.SetFault(BenchFault.WatchdogGateStuckClosed, true) });
        Assert.Contains("failed", last.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_are_written_and_read_back()
    {
        using var set = await Typed.RunAsync(0, "settings set --serial-number 77 --zero-offset -0.12 --device sim: --json");
        Assert.Equal(77, set.Json.GetProperty("serialNumber").GetInt32());
        Assert.Equal(-120, set.Json.GetProperty("zeroOffsetMicrometers").GetInt32());
        Assert.True(set.Json.GetProperty("asWritten").GetBoolean());

        using var get = await Typed.RunAsync(0, "settings get --device sim:");
        Assert.Contains("serial number  1", get.Output.Text, StringComparison.Ordinal);

        using var refused = await Typed.RunAsync(3, "settings set --zero-offset 0.31 --device sim:");
        Assert.NotEmpty(refused.Errors.Text);
    }

    [Fact]
    public async Task A_backup_of_settings_goes_back_to_its_device_and_to_no_other_unless_forced()
    {
        var own = Path.Combine(folder.FullName, "one.json");
        using var backup = await Typed.RunAsync(0, $"settings backup {own} --device sim:");
        using var again = await Typed.RunAsync(2, $"settings backup {own} --device sim:");
        using var restored = await Typed.RunAsync(0, $"settings restore {own} --device sim:");
        Assert.Contains("Read back: as written.", restored.Output.Text, StringComparison.Ordinal);

        var other = Path.Combine(folder.FullName, "other.json");
        await File.WriteAllTextAsync(other, (await File.ReadAllTextAsync(own)).Replace("\"serialNumber\": 1,", "\"serialNumber\": 9,", StringComparison.Ordinal));
        using var refused = await Typed.RunAsync(2, $"settings restore {other} --device sim:");
        Assert.Contains("These are the settings of device 9, and this is device 1", refused.Errors.Text, StringComparison.Ordinal);
        using var forced = await Typed.RunAsync(0, $"settings restore {other} --force --device sim: --json");
        Assert.Equal(9, forced.Json.GetProperty("serialNumber").GetInt32());
    }

    [Theory]
    [InlineData("{}", "is no backup")]
    [InlineData("not json", "is no backup")]
    [InlineData("{\"format\":\"microneedling-device-settings\",\"version\":2,\"serialNumber\":1,\"zeroOffsetMicrometers\":0,\"firmwareVersion\":\"1\",\"readAtUtc\":\"2026-01-01T00:00:00Z\"}", "is of version 2")]
    public async Task A_file_that_is_no_backup_is_refused(string content, string words)
    {
        var path = Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{content.Length}.json"));
        await File.WriteAllTextAsync(path, content);
        using var told = await Typed.RunAsync(2, $"settings restore {path} --device sim:");

        Assert.Contains(words, told.Errors.Text, StringComparison.Ordinal);
    }
}
