// The program at a device on a line of the system, as it is at a real one.

using Microneedling.Protocol;
using Microneedling.Simulator;

namespace Microneedling.Tablet.Tests;

public sealed class RealLineTests
{
    [Fact]
    public async Task A_device_behind_a_port_is_treated_with_its_restart_is_told_and_survived_and_every_frame_is_traced()
    {
        await using var rack = await DeviceRack.StartAsync(new SimulatorOptions { TcpPort = 0 }, _ => { });
        var device = rack.Devices[0];
        string trace = Path.GetTempFileName();
        try
        {
            await using (var tablet = await RunningTablet.StartAsync("--device", $"tcp://{rack.EndPoints[0]}", "--trace", trace))
            {
                var page = await WatchingPage.OpenAsync(tablet);
                await page.HomeAsync();
                long token = await page.ConfigureAsync(500, 60_000);
                await page.SeesAsync(view => view.Status?.Token == token);
                Assert.False(page.Latest!.Device!.Simulated);

                device.Simulated.PowerOff();
                var lost = await page.SeesAsync(view => !view.Link.Connected);
                Assert.Null(lost.Status);
                Assert.Contains("Check the cable", lost.Link.Words, StringComparison.Ordinal);

                device.Simulated.PowerOn();
                var found = await page.SeesAsync(view => view.Link.Connected && view.Status?.State == nameof(DeviceState.Unhomed));
                Assert.Null(found.Treatment);
                Assert.Equal(0, found.Status!.Token);
            }

            string[] lines = await File.ReadAllLinesAsync(trace);
            Assert.Contains(lines, line => line.Contains("> ", StringComparison.Ordinal) && line.Contains("ConfigureTreatment depth 500", StringComparison.Ordinal));
            Assert.Equal(2, lines.Count(line => line.Contains("HelloReply", StringComparison.Ordinal)));
        }
        finally
        {
            File.Delete(trace);
        }
    }
}
