// Every command leaves an event of its own in the device's log, a stroke rate or a session that no other command asks for,
// so that how often it was done can be counted, whatever the client says.

using Microneedling.Protocol;

namespace Microneedling.Client.Tests.Campaigns;

/// <summary>What a command ended as.</summary>
public enum Ending
{
    /// <summary>It returned: done once.</summary>
    Done,

    /// <summary>Refused with a reason: not done.</summary>
    Refused,

    /// <summary>Known not to have been done: never, and never later.</summary>
    Undone,

    /// <summary>Not known: at most once.</summary>
    Unknown,

    /// <summary>Overtaken by a stop: at most once.</summary>
    Overtaken,

    /// <summary>Nobody waited any longer: at most once.</summary>
    Cancelled,
}

/// <summary>What was asked for, what it ended as, and how often it was done.</summary>
internal sealed class CommandLedger(Rig rig)
{
    private const int LowestRate = Limits.MinimumRateMillihertz;
    private const int RateStep = 5;

    private readonly Dictionary<int, Ending> endings = [];

    /// <summary>Gives one command and waits for its end.</summary>
    public async Task GiveAsync(DeviceClient client, int number)
    {
        bool isSession = rig.Random.Next(4) == 0;
        TimeSpan? giveUpAfter = rig.Random.Next(20) == 0 ? TimeSpan.FromMilliseconds(rig.Random.Next(1, 2_000)) : null;
        int depth = rig.Random.Next(Limits.MinimumDepthMicrometers + 10, Limits.UnsupervisedDepthMicrometers);
        using CancellationTokenSource deadline = new(giveUpAfter ?? Timeout.InfiniteTimeSpan, rig.Time);
        rig.Tap.Note($"command {number} given{(isSession ? " (session)" : "")}");
        Ending ending;
        try
        {
            if (isSession)
            {
                await client.BeginSessionAsync((uint)number, deadline.Token);
            }
            else
            {
                AcceptedTreatment accepted = await client.ConfigureAsync(Request(number, depth), deadline.Token);
                Assert.Equal(RateOf(number), accepted.Rate.Millihertz);
                Assert.InRange(accepted.Depth.Micrometers, depth - 5, depth);
            }

            ending = Ending.Done;
        }
        catch (RejectedException)
        {
            ending = Ending.Refused;
        }
        catch (LinkException problem)
        {
            ending = problem.IsKnownUndone ? Ending.Undone : Ending.Unknown;
        }
        catch (StoppedException)
        {
            ending = Ending.Overtaken;
        }
        catch (OperationCanceledException)
        {
            ending = Ending.Cancelled;
        }

        rig.Tap.Note($"command {number} ended: {ending}");
        endings.Add(number, ending);
    }

    /// <summary>Compares with the device's log.</summary>
    public void Check()
    {
        int before = 0;
        Dictionary<int, int> done = [];
        foreach (EventReport report in rig.Tap.Events.Values.OrderBy(report => report.Number))
        {
            int? number = (EventCode)report.Code switch
            {
                EventCode.TreatmentAccepted => (report.Argument2 - LowestRate) / RateStep,
                EventCode.SessionBegun => report.Argument1,
                _ => null,
            };
            if (number is not int one)
            {
                continue;
            }

            done[one] = done.GetValueOrDefault(one) + 1;
            Assert.True(one > before, $"Command {one} was done after command {before}.");
            before = one;
        }

        Assert.True(
            rig.Tap.Events.Count == rig.Tap.LatestEventNumber,
            $"The device has told {rig.Tap.Events.Count} of {rig.Tap.LatestEventNumber} events: not everything can be counted.");
        foreach ((int number, Ending ending) in endings)
        {
            int times = done.GetValueOrDefault(number);
            (int least, int most) = ending switch
            {
                Ending.Done => (1, 1),
                Ending.Refused or Ending.Undone => (0, 0),
                _ => (0, 1),
            };
            Assert.True(times >= least && times <= most, $"Command {number} ended as {ending} and was done {times} times.");
        }

        Assert.All(done.Keys, number => Assert.True(endings.ContainsKey(number), $"Command {number} was done and never given."));
    }

    public override string ToString() => string.Join(", ", endings.Values.GroupBy(ending => ending).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}"));

    private static int RateOf(int number) => LowestRate + (number * RateStep);

    private static TreatmentRequest Request(int number, int depth) => new(
        Depth.FromMicrometers(depth), Depth.FromMicrometers(Limits.UnsupervisedDepthMicrometers), StrokeRate.FromMillihertz(RateOf(number)));
}
