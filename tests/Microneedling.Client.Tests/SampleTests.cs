using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Microneedling.Client.Transports;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>
/// The sample in the README and in DeviceClient's documentation, run: over TCP, on the real clock and off the test runner's
/// context, as in a plain program. Nothing in it waits for time to pass.
/// </summary>
public class SampleTests
{
    [Fact]
    public Task Sample_in_the_documentation_runs() => Task.Run(async () =>
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        string address = $"tcp://{listener.LocalEndpoint}";
        Task<FakeDevice> connected = FakeBehindAsync(listener);

        // <sample>
        await using var device = await DeviceClient.ConnectAsync(address); // such as "serial:/dev/ttyUSB0" or "device:1042"
        await device.HomeAsync();
        await device.WaitForAsync(status => status.State == DeviceState.Parked, TimeSpan.FromSeconds(10));
        var treatment = await device.ConfigureAsync(new TreatmentRequest(
            Depth.FromMillimeters(0.5), DepthCap: Depth.FromMillimeters(1.0), StrokeRate.FromStrokesPerSecond(60)));
        await device.ArmAsync(treatment); // from now on the trigger on the handpiece starts and ends the strokes
        var done = await device.WaitForAsync(status => status.StrokeCount >= 100, TimeSpan.FromMinutes(1));
        Console.WriteLine($"{done.StrokeCount} strokes at {done.MeasuredRate}, {treatment.Depth} deep");
        await device.StopAsync();
        // </sample>

        FakeDevice fake = await connected;
        Assert.Equal(
            [MessageId.Home, MessageId.ConfigureTreatment, MessageId.Arm, MessageId.Stop],
            fake.Executed.Where(id => id is not (MessageId.HelloRequest or MessageId.StatusRequest or MessageId.EventsRequest)));
    });

    [Fact]
    public void Samples_in_the_documents_are_the_one_that_runs()
    {
        string[] run = LinesBetween("SampleTests.cs", "// <sample>", "// </sample>", "");
        Assert.InRange(run.Length, 1, 10);
        Assert.Equal(run, LinesBetween("DeviceClient.cs", "<code>", "</code>", "///"));
        Assert.Equal(run, LinesBetween("README.md", "```csharp", "```", ""));
    }

    private static async Task<FakeDevice> FakeBehindAsync(TcpListener listener)
    {
        Socket host = await listener.AcceptSocketAsync();
        FakeDevice fake = new(new LineTransport("peer:", new TcpLine(host), "gone"), new ManualTime()) { Reports = false };
        fake.Status.StrokeCount = 100;
        return fake;
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
