using Microneedling.Client;
using Microneedling.Protocol;
using Xunit.Abstractions;

namespace Microneedling.Hil.Tests;

[Collection(Suite.Name)]
public sealed class IdentityScenarios(QaRun run, ITestOutputHelper output)
{
    [Scenario("The device tells who it is, which versions it speaks and the limits in force", Need.Device)]
    [Trait("Requirement", "ID-1")]
    public void Identity_and_versions() => run.Run(output, IdentityAsync);

    internal static async Task IdentityAsync(TestStand stand)
    {
        await stand.ConnectAsync();
        var identity = stand.Device.Identity;

        stand.Judge("serial number", identity.SerialNumber, "", least: 1);
        stand.Judge("protocol major version", identity.ProtocolVersion.Major, "", ProtocolVersion.Major, ProtocolVersion.Major);
        stand.Judge("absolute depth in force", identity.Limits.AbsoluteDepth.Micrometers, "µm", most: Limits.AbsoluteDepthMicrometers);
        stand.Judge("depth without a supervisor", identity.Limits.UnsupervisedDepth.Micrometers, "µm", most: Limits.UnsupervisedDepthMicrometers);
        stand.Judge("fastest rate in force", identity.Limits.MaximumRate.Millihertz, "mHz", most: Limits.MaximumRateMillihertz);
        stand.Judge("link watchdog", identity.Limits.LinkTimeout.TotalMilliseconds, "ms", most: Limits.LinkTimeoutMilliseconds);
        var status = await stand.Device.WaitForAsync(one => one.State is not (DeviceState.Booting or DeviceState.SelfTest), TimeSpan.FromSeconds(5));
        stand.Judge("nobody has homed or armed it", status.State is DeviceState.Unhomed or DeviceState.Parked);
    }

    [Scenario("The self test passes, the external watchdog's included", Need.Device)]
    [Trait("Requirement", "WDOG-3")]
    public void Self_test() => run.Run(output, async stand =>
    {
        await stand.ConnectAsync();
        await stand.Device.WaitForAsync(status => status.State == DeviceState.Unhomed, TimeSpan.FromSeconds(5));
        await stand.Device.RunSelfTestAsync();
        await stand.DelayAsync(0.1);
        await stand.Device.WaitForAsync(status => status.State == DeviceState.Unhomed, TimeSpan.FromSeconds(5));
        var outcome = await stand.Device.ReadSelfTestAsync();

        stand.Judge("checks made", outcome.Tested, "bits", least: 1);
        stand.Judge("checks failed", outcome.Failed, "bits", most: 0);
    });
}
