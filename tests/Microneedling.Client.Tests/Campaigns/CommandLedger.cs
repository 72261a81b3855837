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
    private readonly List<double> milliseconds = [];

    /// <summary>Virtual time that each command took that ended as done, milliseconds.</summary>
    public IReadOnlyList<double> DoneMilliseconds => milliseconds;

    /// <summary>Commands given.</summary>
    public int Given => endings.Count;

    /// <summary>Commands that ended so.</summary>
    public int Ended(Ending ending) => endings.Values.Count(one => one == ending);

    /// <summary>Commands that the device did more often than they may have been done.</summary>
    public int Duplicated()
    {
        Dictionary<int, int> done = TimesDone();
        return endings.Count(one => done.GetValueOrDefault(one.Key) > Allowed(one.Value).Most);
    }

    /// <summary>Commands that ended as done and that the device never did.</summary>
    public int Lost()
    {
        Dictionary<int, int> done = TimesDone();
        return endings.Count(one => done.GetValueOrDefault(one.Key) < Allowed(one.Value).Least);
    }

    /// <summary>Gives one command and waits for its end.</summary>
    public async Task GiveAsync(DeviceClient client, int number)
    {
        bool isSession = rig.Random.Next(4) == 0;
        TimeSpan? giveUpAfter = rig.Random.Next(20) == 0 ? TimeSpan.FromMilliseconds(rig.Random.Next(1, 2_000)) : null;
        int depth = rig.Random.Next(Limits.MinimumDepthMicrometers + 10, Limits.UnsupervisedDepthMicrometers);
        using CancellationTokenSource deadline = new(giveUpAfter ?? Timeout.InfiniteTimeSpan, rig.Time);
        rig.Tap.Note($"command {number} given{(isSession ? " (session)" : "")}");
        long given = rig.Time.NowMicroseconds;
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
            milliseconds.Add((rig.Time.NowMicroseconds - given) / 1e3);
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
        foreach (int number in DoneInOrder())
        {
            Assert.True(number > before, $"Command {number} was done after command {before}.");
            before = number;
        }

        Dictionary<int, int> done = TimesDone();
        Assert.True(
            rig.Tap.Events.Count == rig.Tap.LatestEventNumber,
            $"The device has told {rig.Tap.Events.Count} of {rig.Tap.LatestEventNumber} events: not everything can be counted.");
        foreach ((int number, Ending ending) in endings)
        {
            int times = done.GetValueOrDefault(number);
            (int least, int most) = Allowed(ending);
            Assert.True(times >= least && times <= most, $"Command {number} ended as {ending} and was done {times} times.");
        }

        Assert.All(done.Keys, number => Assert.True(endings.ContainsKey(number), $"Command {number} was done and never given."));
    }

    private Dictionary<int, int> TimesDone() => DoneInOrder().GroupBy(number => number).ToDictionary(same => same.Key, same => same.Count());

    private IEnumerable<int> DoneInOrder() => rig.Tap.Events.Values
        .OrderBy(report => report.Number)
        .Select(report => (EventCode)report.Code switch
        {
            EventCode.TreatmentAccepted => (report.Argument2 - LowestRate) / RateStep,
            EventCode.SessionBegun => report.Argument1,
            _ => (int?)null,
        })
        .OfType<int>();

    private static (int Least, int Most) Allowed(Ending ending) => ending switch
    {
        Ending.Done => (1, 1),
        Ending.Refused or Ending.Undone => (0, 0),
        _ => (0, 1),
    };

    public override string ToString() => string.Join(", ", endings.Values.GroupBy(ending => ending).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}"));

    private static int RateOf(int number) => LowestRate + (number * RateStep);

    private static TreatmentRequest Request(int number, int depth) => new(
        Depth.FromMicrometers(depth), Depth.FromMicrometers(Limits.UnsupervisedDepthMicrometers), StrokeRate.FromMillihertz(RateOf(number)));
}
