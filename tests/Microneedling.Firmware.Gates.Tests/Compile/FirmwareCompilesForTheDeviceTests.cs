using Microneedling.Firmware.Gates.Tests.Project;
using Microsoft.CodeAnalysis;

namespace Microneedling.Firmware.Gates.Tests.Compile;

public sealed class FirmwareCompilesForTheDeviceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_firmware_compiles_against_the_device_libraries_without_errors_or_warnings(bool optimize)
    {
        var build = DeviceCompiler.CompileFirmware(FirmwareProject.Load(), optimize ? OptimizationLevel.Release : OptimizationLevel.Debug);

        Assert.True(build.Diagnostics.IsEmpty, build.Report);
    }
}
