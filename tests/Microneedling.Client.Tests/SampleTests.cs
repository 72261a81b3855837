using System.Reflection;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>
/// The sample in DeviceClient's documentation, run. On the real clock and off the test runner's context, as in a plain
/// program; nothing in it waits for time to pass.
/// </summary>
public class SampleTests
{
    [Fact]
    public Task Sample_in_the_documentation_runs() => Task.Run(async () =>
    {
        (InMemoryTransport transport, InMemoryTransport line) = InMemoryTransport.CreatePair();
        FakeDevice fake = new(line, new ManualTime()) { Reports = false };
        fake.Status.StrokeCount = 100;

        // <sample>
        await using var device = await DeviceClient.ConnectAsync(transport);
        await device.HomeAsync();
        await device.WaitForAsync(status => status.State == DeviceState.Parked, TimeSpan.FromSeconds(10));
        var treatment = await device.ConfigureAsync(new TreatmentRequest(
            Depth.FromMillimeters(0.5), DepthCap: Depth.FromMillimeters(1.0), StrokeRate.FromStrokesPerSecond(60)));
        await device.ArmAsync(treatment); // from now on the trigger on the handpiece starts and ends the strokes
        var done = await device.WaitForAsync(status => status.StrokeCount >= 100, TimeSpan.FromMinutes(1));
        Console.WriteLine($"{done.StrokeCount} strokes at {done.MeasuredRate}, {treatment.Depth} deep");
        await device.StopAsync();
        // </sample>

        Assert.Equal(
            [MessageId.Home, MessageId.ConfigureTreatment, MessageId.Arm, MessageId.Stop],
            fake.Executed.Where(id => id is not (MessageId.HelloRequest or MessageId.StatusRequest or MessageId.EventsRequest)));
    });

    [Fact]
    public void Sample_in_the_documentation_is_the_one_that_runs()
    {
        string[] documented = LinesBetween("DeviceClient.cs", "<code>", "</code>", "///");
        string[] run = LinesBetween("SampleTests.cs", "// <sample>", "// </sample>", "");
        Assert.NotEmpty(run);
        Assert.Equal(run, documented);
    }

    private static string[] LinesBetween(string file, string open, string close, string prefix)
    {
        using StreamReader reader = new(Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!);
        return [.. reader.ReadToEnd().Split('\n')
            .Select(line => line.Trim())
            .Select(line => prefix.Length > 0 && line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..].Trim() : line)
            .SkipWhile(line => line != open).Skip(1).TakeWhile(line => line != close)];
    }
}
