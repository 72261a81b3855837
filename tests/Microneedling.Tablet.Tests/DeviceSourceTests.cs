// The way to the device, when something beside the device is in the way.

using Microneedling.Tablet.Device;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microneedling.Tablet.Tests;

public sealed class DeviceSourceTests
{
    [Fact]
    public async Task A_trace_that_cannot_be_made_does_not_keep_the_device_open()
    {
        var folder = Directory.CreateTempSubdirectory("microneedling-trace-");
        string missing = Path.Combine(folder.FullName, "missing");
        var options = TabletOptions.Parse(["--database", Path.Combine(folder.FullName, "record.db"), "--trace", Path.Combine(missing, "trace.txt")]);
        await using var source = new DeviceSource(new ConnectionChoice(options, NullLogger<ConnectionChoice>.Instance), options, Surroundings.Real, NullLogger<DeviceSource>.Instance);

        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => source.OpenAsync(CancellationToken.None));
        Directory.CreateDirectory(missing);
        await using (var transport = await source.OpenAsync(CancellationToken.None))
        {
            Assert.Equal("sim:", transport.Name);
        }

        folder.Delete(recursive: true);
    }
}
