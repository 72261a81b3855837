// Stops over bad lines, at any moment while the needles stroke. Whether they do is looked at on the bench (StopWatcher.cs).

using Microneedling.Protocol;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Campaigns;

/// <summary>A stop is always effective, and never claimed without being true.</summary>
public sealed class StopCampaignTests(ITestOutputHelper output)
{
    private const int RoundsOfRun = 10;
    private const int MostRunningMilliseconds = 1_200;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    // 2 s, and a question for the status.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(4);

    // Finding out that the link is lost, on both sides, and 1.5 s for the needles.
    private static readonly TimeSpan LongestUntilIn = TimeSpan.FromSeconds(4);

    private enum Way
    {
        Stop,
        StopWithOthersUnderWay,
        StopThatNobodyWaitsFor,
        Dispose,
        Cut,
    }

    public static TheoryData<BadLine, int> Lines => BadLines.Each(inCi: 4);

    [Theory]
    [MemberData(nameof(Lines))]
    [Trait("Requirement", "STOP-4")]
    public void A_stop_is_always_effective_and_never_claimed_without_being_true(BadLine line, int seed) => Rig.Run(line, seed, async rig =>
    {
        Dictionary<string, int> endings = [];
        for (int round = 0; round < RoundsOfRun; round++)
        {
            DeviceClient client = await StrokingAsync(rig);
            using StopWatcher watcher = new(rig.Device.Board, rig.Tap);
            rig.IsCalm = false;
            await rig.Time.Delay(TimeSpan.FromMilliseconds(rig.Random.Next(MostRunningMilliseconds)));
            Way way = (Way)rig.Random.Next(Enum.GetValues<Way>().Length);
            bool wasStroking = watcher.DueAtMicroseconds is null;
            string ending = await StopAsync(rig, client, way, watcher);
            string key = $"{way} {ending}{(wasStroking ? "" : " (had stopped before)")}";
            endings[key] = endings.GetValueOrDefault(key) + 1;
            if (watcher.DueAtMicroseconds is null)
            {
                // Not told yet: the host says so, and goes.
                Assert.NotEqual("confirmed", ending);
                await rig.LeaveAsync();
            }

            await rig.Time.Until(() => watcher.DueAtMicroseconds is not null, LongestUntilIn);
            await TemptAsync(rig);
            Assert.True(watcher.Problem is null, $"{way}, {ending}: {watcher.Problem}");
            Assert.False(rig.Bench.NeedlesOut);
            await rig.LeaveAsync();
        }

        output.WriteLine($"{line}, seed {seed}: {string.Join(", ", endings.OrderBy(one => one.Key).Select(one => $"{one.Value} × {one.Key}"))}; {rig}");
    });

    [Fact]
    public void A_stop_that_is_claimed_while_the_needles_stroke_is_seen() => Rig.Run(BadLine.Noisy, 1, async rig =>
    {
        await StrokingAsync(rig);
        using StopWatcher watcher = new(rig.Device.Board, rig.Tap);
        await rig.Time.Delay(TimeSpan.FromMilliseconds(100));
        Assert.Null(watcher.Problem);
        watcher.Confirmed(rig.Time.NowMicroseconds);
        await rig.Time.Delay(TimeSpan.FromMilliseconds(20));
        Assert.Contains("pulses", watcher.Problem, StringComparison.Ordinal);
    });

    private static async Task<DeviceClient> StrokingAsync(Rig rig)
    {
        DeviceClient client = await rig.ParkedAsync();
        AcceptedTreatment treatment = await client.ConfigureAsync(new TreatmentRequest(
            Depth.FromMicrometers(rig.Random.Next(200, 1_500)),
            Depth.FromMicrometers(Limits.UnsupervisedDepthMicrometers),
            StrokeRate.FromMillihertz(rig.Random.Next(Limits.MinimumRateMillihertz, Limits.MaximumRateMillihertz))));
        await client.ArmAsync(treatment);
        await client.WaitForAsync(status => status.State == DeviceState.Armed && status.StagePosition == treatment.Depth && !status.Is(StatusFlags.StageMoving), Soon);
        long turned = rig.Bench.NeedleMicrosteps;
        await rig.Time.Delay(TimeSpan.FromMilliseconds(300));
        Assert.Equal(turned, rig.Bench.NeedleMicrosteps);
        rig.Bench.PressTrigger();
        await client.WaitForAsync(status => status.State == DeviceState.Running, Soon);
        await rig.Time.Until(() => rig.Bench.NeedlesOut, Soon);
        return client;
    }

    private static async Task<string> StopAsync(Rig rig, DeviceClient client, Way way, StopWatcher watcher)
    {
        rig.Tap.Note($"{way}");
        switch (way)
        {
            case Way.Dispose:
                await rig.LeaveAsync();
                return "left";
            case Way.Cut:
                rig.Cut();
                return "cut";
            case Way.StopThatNobodyWaitsFor:
                using (CancellationTokenSource patience = new(TimeSpan.FromMilliseconds(rig.Random.Next(20)), rig.Time))
                {
                    Exception? given = await Record.ExceptionAsync(() => client.StopAsync(patience.Token));
                    await rig.Time.Delay(LongestStop);
                    return given is null ? Confirm(rig, watcher) : "given up";
                }

            case Way.StopWithOthersUnderWay:
                Task[] others =
                [
                    Record.ExceptionAsync(() => client.ConfigureAsync(new TreatmentRequest(
                        Depth.FromMicrometers(300), Depth.FromMicrometers(Limits.UnsupervisedDepthMicrometers), StrokeRate.FromStrokesPerSecond(50)))),
                    Record.ExceptionAsync(() => client.HomeAsync()),
                ];
                await rig.Time.Delay(TimeSpan.FromMilliseconds(rig.Random.Next(200)));
                string ending = await StopAsync(rig, client, Way.Stop, watcher);
                await rig.Time.Delay(TimeSpan.FromMilliseconds(10));
                Assert.All(others, other => Assert.True(other.IsCompleted, "A stop ends every command under way."));
                return ending;
            default:
                Task stopping = Record.ExceptionAsync(() => client.StopAsync());
                await Task.WhenAny(stopping, rig.Time.Delay(LongestStop));
                Assert.True(stopping.IsCompleted, $"The stop has not ended within {LongestStop.TotalSeconds} s.");
                switch (await (Task<Exception?>)stopping)
                {
                    case null:
                        return Confirm(rig, watcher);
                    case LinkException:
                        return "not confirmed";
                    case Exception other:
                        throw other;
                }
        }
    }

    private static string Confirm(Rig rig, StopWatcher watcher)
    {
        rig.Tap.Note("confirmed");
        watcher.Confirmed(rig.Time.NowMicroseconds);
        return "confirmed";
    }

    // The trigger is still held, then pressed anew, while the line goes on as it is: nothing may stroke.
    private static async Task TemptAsync(Rig rig)
    {
        await rig.Time.Delay(TimeSpan.FromMilliseconds(rig.Random.Next(1_700, 2_500)));
        rig.Bench.ReleaseTrigger();
        await rig.Time.Delay(TimeSpan.FromMilliseconds(100));
        rig.Bench.PressTrigger();
        await rig.Time.Delay(TimeSpan.FromSeconds(1));
        rig.Bench.ReleaseTrigger();
    }
}
