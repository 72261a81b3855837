// Which device the program is connected to, how that is changed, and that it is remembered.

using System.Net;
using Microneedling.Protocol;
using Microneedling.Simulator;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microneedling.Tablet.Tests;

public sealed class ConnectionTests
{
    [Fact]
    public async Task The_running_program_changes_to_another_device_and_back_and_the_audit_trail_says_so()
    {
        await using var rack = await DeviceRack.StartAsync(new SimulatorOptions { TcpPort = 0, Seed = 4321 }, _ => { });
        string address = $"tcp://{rack.EndPoints[0]}";
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);

        await tablet.Connections.UseAsync(SignedInPerson.Owner, address, CancellationToken.None);
        var real = await page.SeesAsync(view => view.Device is { SerialNumber: 4321, Simulated: false });
        Assert.Equal(nameof(DeviceState.Unhomed), real.Status!.State);
        using (var panel = await tablet.Http.GetAsync("/device/simulator"))
        using (var truth = await tablet.Http.GetAsync("/api/simulator"))
        using (var hand = await page.PostAsync("/api/simulator/trigger", new { on = true }))
        {
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (panel.StatusCode, truth.StatusCode, hand.StatusCode));
        }

        Assert.DoesNotContain("/device/simulator", await tablet.Http.GetStringAsync("/device"), StringComparison.Ordinal);

        await tablet.Connections.UseAsync(SignedInPerson.Owner, "sim:", CancellationToken.None);
        await page.SeesAsync(view => view.Device is { SerialNumber: 1, Simulated: true });
        Assert.Equal(
            ["sim:, was " + address, address + ", was sim:"],
            (await tablet.Sessions.Audit.ListAsync()).Where(entry => entry.Action == "device.chosen").Select(entry => entry.Details));
    }

    [Fact]
    public async Task It_is_refused_while_a_session_is_open_while_the_device_moves_and_for_what_is_no_address()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);

        async Task<string> RefusedAsync(string address) =>
            (await Assert.ThrowsAsync<DeskRefusedException>(() => tablet.Connections.UseAsync(SignedInPerson.Owner, address, CancellationToken.None))).Code;

        Assert.Equal("addressUnknown", await RefusedAsync("ftp://x"));
        Assert.Equal("addressUnknown", await RefusedAsync(""));
        await page.SucceedsAsync("/api/home", new { page = page.Id });
        await page.SeesAsync(DeviceState.Homing);
        Assert.Equal("deviceMoves", await RefusedAsync("device:1"));
        await page.SeesAsync(DeviceState.Parked);
        await tablet.BeginPracticeAsync();
        Assert.Equal("sessionOpen", await RefusedAsync("device:1"));
        Assert.True(tablet.Device.IsSimulated);
        Assert.False(File.Exists(ConnectionChoice.FileBeside(tablet.DatabasePath)));
    }

    [Fact]
    public void What_was_chosen_counts_at_the_next_start_unless_the_command_line_names_a_device()
    {
        var folder = Directory.CreateTempSubdirectory("microneedling-choice-");
        string[] arguments = ["--database", Path.Combine(folder.FullName, "record.db")];
        Assert.Equal("sim:", Choice(arguments).Address);

        Choice(arguments).Choose("device:1042");

        Assert.Equal("device:1042", Choice(arguments).Address);
        Assert.Equal("tcp://127.0.0.1:7777", Choice([.. arguments, "--device", "tcp://127.0.0.1:7777"]).Address);
        Assert.Equal("sim:", Choice([.. arguments, "--device", "sim:"]).Address);
        File.WriteAllText(ConnectionChoice.FileBeside(arguments[1]), "nonsense");
        Assert.Equal("sim:", Choice(arguments).Address);
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("sim:", true)]
    [InlineData("device:12345", true)]
    [InlineData("serial:/dev/ttyUSB0", true)]
    [InlineData("SERIAL:COM5", true)]
    [InlineData("tcp://192.168.1.20:7777", true)]
    [InlineData("sim:2", false)]
    [InlineData("serial:", false)]
    [InlineData("serial:/dev/tty USB0", false)]
    [InlineData("http://x", false)]
    [InlineData("device:1\n", false)]
    [InlineData(null, false)]
    public void Only_known_ways_are_addresses(string? address, bool isOne) => Assert.Equal(isOne, ConnectionChoice.IsAddress(address));

    [Fact]
    public async Task A_search_leaves_the_present_connection_alone()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.HomeAsync();

        await tablet.Connections.SearchAsync(allPorts: false, CancellationToken.None);

        Assert.Equal(DeviceState.Parked, tablet.Device.LatestStatus!.State);
        Assert.True(tablet.View.Link.Connected);
    }

    private static ConnectionChoice Choice(string[] arguments) => new(TabletOptions.Parse(arguments), NullLogger<ConnectionChoice>.Instance);
}
