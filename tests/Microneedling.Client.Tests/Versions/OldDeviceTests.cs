using Microneedling.Protocol;
using Microneedling.Testing.Conversations;

namespace Microneedling.Client.Tests.Versions;

/// <summary>Today's client treats with a device of an older minor version.</summary>
public class OldDeviceTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);
    private static readonly TreatmentRequest First = Request(800, 60);
    private static readonly TreatmentRequest Second = Request(400, 50);

    /// <summary>The recorded versions that are older than today's.</summary>
    public static TheoryData<string> Versions => [.. Conversation.Versions.Where(version => version != $"{ProtocolVersion.Major}.{ProtocolVersion.Minor}")];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_whole_treatment_and_its_log(string version) => Run(version, async (client, device) =>
    {
        Assert.Equal(Version.Parse(version), client.Identity.ProtocolVersion);
        Assert.Equal((100, 1500, 2500), (client.Identity.Limits.MinimumDepth.Micrometers, client.Identity.Limits.UnsupervisedDepth.Micrometers, client.Identity.Limits.AbsoluteDepth.Micrometers));
        await client.HomeAsync();
        await client.WaitForAsync(status => status.State == DeviceState.Parked, Soon);
        AcceptedTreatment treatment = await client.ConfigureAsync(First);
        Assert.Equal((797, 60_000, 0), (treatment.Depth.Micrometers, treatment.Rate.Millihertz, treatment.BurstStrokes));
        await client.ArmAsync(treatment);
        await client.WaitForAsync(status => status.State == DeviceState.Armed, Soon);
        RejectedException start = await Assert.ThrowsAsync<RejectedException>(() => client.StartAsync());
        Assert.Equal(RejectionReason.TriggerRequired, start.Reason);
        await device.PressTriggerAsync();
        DeviceStatus running = await client.WaitForAsync(status => status.State == DeviceState.Running, Soon);
        Assert.True(running.StrokeCount > 0);
        Assert.Equal(397, (await client.ConfigureAsync(Second)).Depth.Micrometers);
        await client.StopAsync();
        await client.WaitForAsync(status => status.State == DeviceState.Parked, Soon);
        Assert.Equal(["Home", "ConfigureTreatment", "Arm", "Start", "ConfigureTreatment", "Stop"], device.Executed);

        await client.DisposeAsync();
        List<DeviceLogEntry> log = [];
        await foreach (DeviceLogEntry entry in client.EventsAsync())
        {
            log.Add(entry);
        }

        Assert.True(device.Events.Count() > 10);
        Assert.Equal(
            device.Events.Select(one => (one["Number"], one["Code"], one["Argument1"], one["Argument2"])),
            log.Cast<DeviceEvent>().Select(one => ((long)one.Number, (long)one.Code, (long)one.Argument1, (long)one.Argument2)));
    });

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_client_bothers_it_with_nothing_that_it_does_not_know_and_keeps_it_alive(string version) => Run(version, async (client, device) =>
    {
        await client.HomeAsync();
        await client.ConfigureAsync(First);
        await client.GetStatusAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => client.WaitForAsync(_ => false, TimeSpan.FromSeconds(20)));
        await client.StopAsync();
        Assert.Empty(device.Unknown);
        Assert.InRange(device.LongestSilence, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(150));
        Assert.False(client.Completion.IsCompleted);
    });

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_command_whose_answers_are_lost_for_long_is_repeated_and_done_once_without_a_settling_that_it_does_not_know(string version) => Run(version, async (client, device) =>
    {
        int answered = 0;
        device.LosesAnswerTo = name => name == "ConfigureTreatment" && ++answered <= 12;
        await client.HomeAsync();
        Assert.Equal(797, (await client.ConfigureAsync(First)).Depth.Micrometers);
        Assert.Equal(13, answered);
        Assert.Equal(["Home", "ConfigureTreatment"], device.Executed);
        Assert.Empty(device.Unknown);
    });

    [Fact]
    public void A_message_that_a_device_of_1_0_does_not_know_is_told_as_such() => Run("1.0", async (client, device) =>
    {
        RejectedException thrown = await Assert.ThrowsAsync<RejectedException>(() => client.BeginSessionAsync(41));
        Assert.Equal((RejectionReason.UnknownMessage, (int)MessageId.BeginSession), (thrown.Reason, thrown.Detail));
        Assert.Equal([(int)MessageId.BeginSession], device.Unknown);
    });

    [Fact]
    public void A_burst_that_a_device_of_1_0_would_stroke_without_end_is_refused() => Run("1.0", async (client, device) =>
    {
        await client.HomeAsync();
        await Assert.ThrowsAnyAsync<DeviceException>(() => client.ConfigureAsync(First with { BurstStrokes = 10 }));
    });

    private static TreatmentRequest Request(int depthMicrometers, int strokesPerSecond) => new(
        Depth.FromMicrometers(depthMicrometers), DepthCap: Depth.FromMicrometers(1000), StrokeRate.FromStrokesPerSecond(strokesPerSecond));

    private static void Run(string version, Func<DeviceClient, OldDevice, Task> body) => Pump.Run(async time =>
    {
        (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
        OldDevice device = new(version, line, time);
        await using (DeviceClient client = await DeviceClient.ConnectAsync(host, time))
        {
            await body(client, device);
        }

        await line.DisposeAsync();
        await device.Listening;
    });
}
