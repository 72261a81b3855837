// doctor, and one session of a record.

using System.Text.Json;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Cli.Tests;

public sealed class RecordTests : IDisposable
{
    private static readonly Actor Who = new(null, "owner");
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-cli-");

    private string RecordPath => Path.Combine(folder.FullName, "record.db");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Doctor_with_nothing_there_says_what_to_do_and_ends_with_1()
    {
        using var told = await Typed.RunAsync(1, $"doctor --record {RecordPath}");

        Assert.Contains("OK    program", told.Output.Text, StringComparison.Ordinal);
        Assert.Contains("WARN  ports", told.Output.Text, StringComparison.Ordinal);
        Assert.Contains("FAIL  device       No device answers. Plug one in", told.Output.Text, StringComparison.Ordinal);
        Assert.Contains("FAIL  record       There is no record", told.Output.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(RecordPath));
    }

    [Fact]
    public async Task Doctor_finds_a_device_and_a_record_in_order()
    {
        await FillAsync();
        using var told = await Typed.RunAsync(0, $"doctor --device sim: --record {RecordPath} --json");

        Assert.True(told.Json.GetProperty("inOrder").GetBoolean());
        var findings = told.Json.GetProperty("findings").EnumerateArray().ToDictionary(one => one.GetProperty("about").GetString()!, one => one.GetProperty("verdict").GetString());
        Assert.All(["program", "device", "protocol", "fault", "inputs", "settings", "self test", "record", "disk"], about => Assert.Equal("Ok", findings[about]));
        Assert.Equal("Warn", findings["backup"]);
    }

    [Fact]
    public async Task Doctor_finds_a_latched_fault_and_a_file_that_is_no_record()
    {
        await File.WriteAllTextAsync(RecordPath, new string('x', 2000));
        using var told = await Typed.RunAsync(
            1, $"doctor --device sim: --record {RecordPath}", new Typed.Setting { Prepare = device => device.Bench.PressEmergencyStop() });

        Assert.Contains("FAIL  fault        502 EmergencyStop", told.Output.Text, StringComparison.Ordinal);
        Assert.Contains("FAIL  record", told.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_is_shown_with_its_passes_and_outcome()
    {
        await FillAsync();
        using var told = await Typed.RunAsync(0, $"sessions show {RecordPath} 1 --json");
        Assert.Equal("Completed", told.Json.GetProperty("outcome").GetString());
        var pass = Assert.Single(told.Json.GetProperty("passes").EnumerateArray());
        Assert.Equal(600, pass.GetProperty("strokes").GetInt64());
        Assert.Equal(500, pass.GetProperty("deepestMicrometers").GetInt32());
        Assert.Equal(JsonValueKind.Array, told.Json.GetProperty("accepted").ValueKind);

        using var words = await Typed.RunAsync(0, $"sessions show {RecordPath} 1");
        Assert.Contains("Session 1: Completed", words.Output.Text, StringComparison.Ordinal);
        Assert.Contains("cheek-left", words.Output.Text, StringComparison.Ordinal);

        using var none = await Typed.RunAsync(2, $"sessions show {RecordPath} 2");
        Assert.Contains("There is no session 2", none.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_work_tells_how_far_it_is()
    {
        await FillAsync();
        using var told = await Typed.RunAsync(0, $"move {RecordPath} --to {Path.Combine(folder.FullName, "copy.db")}");

        Assert.Contains("its proof is sound", told.Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("━", told.Errors.Text, StringComparison.Ordinal);

        using var drawn = await Typed.RunAsync(0, $"backup {RecordPath}", new Typed.Setting { IsTerminal = true });
        Assert.Contains("Backing up and checking", drawn.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("checked: sound", drawn.Output.Text, StringComparison.Ordinal);
    }

    private async Task FillAsync()
    {
        await using var store = await SessionStore.OpenAsync(RecordPath);
        var depth = Depth.FromMicrometers(500);
        var rate = StrokeRate.FromMillihertz(60_000);
        DeviceIdentity device = new(
            7, 1, new Version(1, 0, 0), new Version(1, 2),
            new DeviceLimits(Depth.FromMicrometers(100), Depth.FromMicrometers(1500), Depth.FromMicrometers(2500), StrokeRate.FromMillihertz(10_000), StrokeRate.FromMillihertz(100_000), TimeSpan.FromMilliseconds(500)));
        DeviceStatus status = new(
            Start, TimeSpan.FromHours(1), DeviceState.Parked, FaultCode.None, Inputs.SupplyGood, StatusFlags.Homed, Depth.FromMicrometers(-1000), depth, depth, rate,
            StrokeRate.FromMillihertz(0), StrokeRate.FromMillihertz(0), 0, 1, 0, 0, 0);
        await using var recorder = await store.BeginAsync(device, status, new SessionStart(Who, null, null, null, new Cartridge("Sim 12", 12, "LOT-7", new DateOnly(2099, 12, 31))));
        recorder.RecordPass(new Pass(
            1, "cheek-left", 3200, null, null, Who, null, null, Start, Start.AddMinutes(1), PassEnding.Disarmed, 600, TimeSpan.FromSeconds(10), depth, rate));
        await recorder.FinishAsync(SessionOutcome.Completed, status);
    }
}
