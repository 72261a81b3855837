// A program that follows another on the same line without pause, and a device that restarts in the middle of whatever it
// was told.

using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Campaigns;

/// <summary>Two programs one after the other; two starts of a device.</summary>
public sealed class TwoOfEverythingTests(ITestOutputHelper output)
{
    private const int HandOvers = 60;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    // A second of silence, or the restart is seen at once.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(6);

    private static readonly AcceptedTreatment Nothing = new(default, default, default, 1);

    private static readonly TreatmentRequest Shallow =
        new(Depth.FromMillimeters(0.5), DepthCap: Depth.FromMillimeters(1.0), StrokeRate.FromStrokesPerSecond(60));

    private static readonly Dictionary<string, Func<DeviceClient, Task>> Commands = new()
    {
        ["home"] = client => client.HomeAsync(),
        ["configure"] = client => client.ConfigureAsync(Shallow),
        ["begin session"] = client => client.BeginSessionAsync(5),
        ["arm"] = async client => await client.ArmAsync(await client.ConfigureAsync(Shallow)),
        ["disarm"] = client => client.DisarmAsync(),
        ["stop"] = client => client.StopAsync(),
        ["clear fault"] = client => client.ClearFaultAsync(FaultCode.LinkLost),
        ["arm nothing"] = client => client.ArmAsync(Nothing),
        ["enter service"] = client => client.EnterServiceAsync(),
        ["jog"] = client => client.JogAsync(Depth.FromMillimeters(0.1)),
        ["write settings"] = client => client.WriteSettingsAsync(1, Depth.FromMicrometers(10)),
        ["self test"] = client => client.RunSelfTestAsync(),
        ["status"] = client => client.GetStatusAsync(),
        ["settings"] = client => client.ReadSettingsAsync(),
    };

    public static TheoryData<string> CommandNames => [.. Commands.Keys];

    [Theory]
    [InlineData(BadLine.Noisy, true, 1)]
    [InlineData(BadLine.Jumbled, true, 2)]
    [InlineData(BadLine.Noisy, false, 3)]
    [InlineData(BadLine.Jumbled, false, 4)]
    [InlineData(BadLine.Stalling, false, 5)]
    public void A_program_that_follows_another_without_pause_gets_its_own_answers_only(BadLine line, bool isCalm, int seed) => Rig.Run(line, seed, async rig =>
    {
        await rig.ParkedAsync();
        CommandLedger ledger = new(rig);
        for (int number = 1; number < HandOvers * 3;)
        {
            rig.IsCalm = isCalm;
            DeviceClient first = await rig.ConnectedAsync();
            Task underWay = Task.WhenAll(ledger.GiveAsync(first, number++), ledger.GiveAsync(first, number++));
            await rig.Time.Delay(TimeSpan.FromMilliseconds(rig.Random.Next(40)));
            await rig.LeaveAsync();
            DeviceClient second = await rig.ConnectedAsync();
            Assert.True(underWay.IsCompletedSuccessfully, "Whatever waits for a client ends with it.");
            await ledger.GiveAsync(second, number++);
        }

        await rig.ReadAllEventsAsync();
        ledger.Check();
        output.WriteLine($"{ledger}; {rig}");
    });

    [Theory]
    [MemberData(nameof(CommandNames))]
    public void A_device_that_restarts_in_the_middle_of_a_command_ends_it_and_is_found_at_rest(string command)
    {
        Dictionary<string, int> endings = [];
        foreach (int milliseconds in new[] { 0, 2, 4, 6, 9, 12, 15, 20, 30, 60 })
        {
            string ending = RestartDuring(Commands[command], milliseconds);
            endings[ending] = endings.GetValueOrDefault(ending) + 1;
        }

        output.WriteLine(string.Join(", ", endings.Select(one => $"{one.Value} × {one.Key}")));
    }

    private static string RestartDuring(Func<DeviceClient, Task> give, int milliseconds)
    {
        string ending = "done";
        VirtualTime.Run(new BoardOptions { Seed = 7 + milliseconds }, async (time, device) =>
        {
            device.Bench.SeatCartridge();
            await using DeviceClient client = await DeviceClient.ConnectAsync(device.Connect(), time);
            await client.WaitForAsync(status => status.State == DeviceState.Unhomed, Soon);
            await client.HomeAsync();
            await client.WaitForAsync(status => status.State == DeviceState.Parked && !status.Is(StatusFlags.Parking), Soon);

            Task<Exception?> given = Record.ExceptionAsync(() => give(client));
            await time.Delay(TimeSpan.FromMilliseconds(milliseconds));
            device.PowerOff();
            await time.Delay(TimeSpan.FromMilliseconds(milliseconds % 4 == 0 ? 20 : 400));
            long steps = device.Bench.StageSteps;
            long pulses = device.Bench.NeedleMicrosteps;
            device.PowerOn();
            await Task.WhenAny(given, time.Delay(LongestEnd));
            Assert.True(given.IsCompleted, $"It has not ended within {LongestEnd.TotalSeconds} s.");
            Exception? problem = await given;
            Assert.True(problem is null or DeviceException, problem?.ToString());
            ending = problem is LinkException { IsKnownUndone: true } ? "undone" : problem?.GetType().Name ?? "done";

            LinkException lost = await Assert.ThrowsAsync<LinkException>(() => client.Completion.WaitAsync(LongestEnd, time));
            Assert.True(lost.IsTransient);
            await client.DisposeAsync();
            await using DeviceClient again = await DeviceClient.ConnectAsync(device.Connect(), time);
            DeviceStatus status = await again.WaitForAsync(status => status.State == DeviceState.Unhomed, Soon);
            Assert.NotEqual(client.Identity.BootId, again.Identity.BootId);
            Assert.Equal((0u, false, FaultCode.None), (status.Token, status.Is(StatusFlags.Homed), status.Fault));
            await time.Delay(TimeSpan.FromSeconds(1));
            Assert.Equal((steps, pulses), (device.Bench.StageSteps, device.Bench.NeedleMicrosteps));
        });
        return ending;
    }
}
