using System.Globalization;
using Microneedling.Protocol;
using Microneedling.Testing.Conversations;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests.Versions;

/// <summary>A host of an older minor version treats with today's firmware as it did with the firmware of its day.</summary>
public sealed class OldHostTests(PlayedHosts hosts, ITestOutputHelper output) : IClassFixture<PlayedHosts>
{
    private const int DepthToleranceMicrometers = 10;
    private const int StageToleranceMicrometers = 10;

    // What may differ, and how far. Every other field must be what it was.
    private static readonly Dictionary<string, Func<long, long, bool>> MayDiffer = new(StringComparer.Ordinal)
    {
        ["ProtocolMinor"] = static (then, today) => today >= then,
        ["FirmwareMajor"] = static (_, _) => true,
        ["FirmwareMinor"] = static (_, _) => true,
        ["FirmwarePatch"] = static (_, _) => true,
        ["BootId"] = static (_, today) => today != 0,
        ["Capabilities"] = static (then, today) => (then & today) == then,
        ["Token"] = static (then, today) => (then == 0) == (today == 0),
        ["UptimeMilliseconds"] = static (_, today) => today > 0,
        ["LatestEventNumber"] = static (_, today) => today > 0,
        ["LatestNumber"] = static (_, today) => today > 0,
        ["StagePositionMicrometers"] = static (_, _) => true,
        ["DrivenRateMillihertz"] = static (_, _) => true,
        ["MeasuredRateMillihertz"] = static (_, _) => true,
        ["StrokeCount"] = static (_, _) => true,
        ["Inputs"] = static (then, today) => ((then ^ today) & (Inputs.EmergencyStop | Inputs.SupplyGood)) == 0,
        ["Flags"] = static (then, today) => ((then ^ today) & StatusFlags.Homed) == 0,
        ["DroppedReports"] = static (_, _) => true,
        ["Strokes"] = static (_, _) => true,
        ["Starts"] = static (_, today) => today > 0,
        ["Faults"] = static (_, _) => true,
        ["Writes"] = static (_, today) => today > 0,
    };

    // Since 1.2 a new host begins with nothing accepted: what an earlier connection proposed is 0 in the statuses of the next.
    private static readonly string[] ForgottenForTheNextHost = ["DepthMicrometers", "DepthCapMicrometers", "RateMillihertz", "Token", "BurstStrokes"];

    // Events that say the same whoever counts: those with stroke counts in them are compared without.
    private static readonly Dictionary<EventCode, bool> Compared = new()
    {
        [EventCode.StateChanged] = true,
        [EventCode.FaultRaised] = true,
        [EventCode.FaultCleared] = true,
        [EventCode.TreatmentAccepted] = true,
        [EventCode.StopRequested] = true,
        [EventCode.CartridgeChanged] = true,
        [EventCode.TriggerPressed] = false,
        [EventCode.TriggerReleased] = false,
    };

    public static TheoryData<string> Versions => [.. Conversation.Versions];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_command_of_an_old_host_is_answered_as_it_was(string version)
    {
        OldHost host = hosts.Played(version, output.WriteLine);
        Assert.NotEmpty(host.Answers);
        Assert.All(host.Answers, pair =>
        {
            Assert.NotNull(pair.Today);
            Assert.Equal(pair.Then.Name, pair.Today.Name);
            Assert.All(pair.Then.Layout!.Fields, field => Assert.True(
                MeansTheSame(pair, field.Name),
                $"{pair.Command.Name} {pair.Command.Sequence}: {pair.Then.Name}.{field.Name} was {pair.Then[field.Name]}, is {pair.Today[field.Name]}"));
        });
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Needles_do_what_they_did_for_an_old_host_and_park_in_the_end(string version)
    {
        OldHost host = hosts.Played(version, output.WriteLine);
        Assert.NotEmpty(host.Truths);
        Assert.All(host.Truths, truth =>
        {
            output.WriteLine($"+{truth.AtMilliseconds} ms then {truth.Then}; today {truth.Today}");
            Assert.InRange(truth.Today.DeepestMicrometers, truth.Then.DeepestMicrometers - DepthToleranceMicrometers, truth.Then.DeepestMicrometers + DepthToleranceMicrometers);
            Assert.InRange(truth.Today.StageMicrometers, truth.Then.StageMicrometers - StageToleranceMicrometers, truth.Then.StageMicrometers + StageToleranceMicrometers);
            Assert.InRange(truth.Today.StrokesOut, truth.Then.StrokesOut * 0.8 - 2, truth.Then.StrokesOut * 1.2 + 2);
        });
        Assert.Contains(host.Truths, truth => truth.Then.StrokesOut >= 40);
        Assert.InRange(host.Bench.StageMicrometers, Limits.ParkedStageMicrometers - 10, Limits.ParkedStageMicrometers);
        Assert.True(host.Bench.AtTopDeadCentre);
        Assert.False(host.Bench.NeedleDriverEnabled || host.Bench.DepthDriverEnabled);
        Assert.Equal(0, host.Bench.StageStepsLost);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Todays_frames_cut_to_the_old_length_mean_to_an_old_host_what_they_mean_today(string version)
    {
        OldHost host = hosts.Played(version, output.WriteLine);
        FrameDecoder decoder = new();
        int compared = 0;
        foreach ((OldFrame frame, byte[] bytes) in host.Heard.Where(heard => heard.Frame.Layout is not null))
        {
            Assert.Contains(DecodeResult.Frame, bytes.Select(decoder.Push).ToArray());
            Message today = Blank(decoder.Id);
            Assert.True(decoder.TryRead(today));
            Assert.InRange(frame.Payload.Length, frame.Layout!.Length, Framing.MaximumPayloadLength);
            Assert.All(frame.Layout.Fields, field => Assert.Equal(
                Convert.ToInt64(today.GetType().GetField(field.Name)!.GetValue(today), CultureInfo.InvariantCulture), frame[field.Name]));
            compared++;
        }

        Assert.True(compared > 100);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void An_old_host_is_told_the_events_that_it_was_told_then_in_their_order(string version)
    {
        OldHost host = hosts.Played(version, output.WriteLine);
        OldFrame[] framesThen = [.. host.Recording.Frames.Where(line => line.Kind == LineKind.Device).Select(line => host.Recording.Read(line.Bytes))];
        foreach (EventCode code in Compared.Keys)
        {
            long[] then = Told(framesThen, code);
            Queue<long> today = new(Told(host.Heard.Select(heard => heard.Frame), code));
            Assert.NotEmpty(then);
            Assert.All(then, argument => Assert.True(Skipped(today, argument), $"Not told any longer, or not in this order: {code} {argument}"));
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void An_old_host_that_connects_anew_is_given_every_event_since_the_start(string version)
    {
        OldHost host = hosts.Played(version, output.WriteLine);
        OldFrame[] second = [.. host.Heard.Skip(host.LinksBeganAt[1]).Select(heard => heard.Frame)];
        OldFrame available = second.Single(frame => frame.Name == nameof(MessageId.EventsAvailable));
        Assert.Equal(1, available["OldestNumber"]);
        long[] numbers = [.. second.Where(frame => frame.Name == nameof(MessageId.Event)).Select(frame => frame["Number"])];
        Assert.Equal(Enumerable.Range(1, (int)available["LatestNumber"]).Select(number => (long)number), numbers.Distinct().Order().Take((int)available["LatestNumber"]));
    }

    private static bool MeansTheSame(AnswerPair pair, string field)
    {
        (long then, long today) = (pair.Then[field], pair.Today![field]);
        bool isForgotten = pair.Link > 1 && pair.Then.Name == nameof(MessageId.Status) && ForgottenForTheNextHost.Contains(field);
        return MayDiffer.TryGetValue(field, out Func<long, long, bool>? fits) && !isForgotten ? fits(then, today) : today == (isForgotten ? 0 : then);
    }

    private static long[] Told(IEnumerable<OldFrame> frames, EventCode code) =>
    [
        .. frames.Where(frame => frame.Name == nameof(MessageId.Event) && frame["Code"] == (long)code)
            .DistinctBy(frame => frame["Number"])
            .OrderBy(frame => frame["Number"])
            .Select(frame => Compared[code] ? frame["Argument1"] : 0),
    ];

    private static bool Skipped(Queue<long> told, long wanted)
    {
        while (told.TryDequeue(out long one))
        {
            if (one == wanted)
            {
                return true;
            }
        }

        return false;
    }

    private static Message Blank(MessageId id) => typeof(Message).Assembly.GetExportedTypes()
        .Where(static type => type.IsSubclassOf(typeof(Message)) && type.GetConstructor([]) is not null)
        .Select(static type => (Message)Activator.CreateInstance(type)!)
        .FirstOrDefault(message => message.Id == id) ?? new EmptyMessage(id);
}

/// <summary>The hosts of all recordings, each played once.</summary>
public sealed class PlayedHosts : IDisposable
{
    private readonly Dictionary<string, OldHost> hosts = new(StringComparer.Ordinal);

    public void Dispose()
    {
        foreach (OldHost host in hosts.Values)
        {
            host.Dispose();
        }
    }

    internal OldHost Played(string version, Action<string> print)
    {
        if (!hosts.TryGetValue(version, out OldHost? host))
        {
            host = new OldHost(version, print);
            hosts.Add(version, host);
            host.Play();
        }

        return host;
    }
}
