// A device of an older minor version, made of its recording: it knows the messages and layouts of then and no others, every
// payload that it sends is one that was recorded, and an unknown message is rejected as then. It moves nothing; its states
// follow from the commands. Only what belongs to the moment is put in: uptime, number of the latest event.

using Microneedling.Protocol;
using Microneedling.Testing.Conversations;

namespace Microneedling.Client.Tests.Versions;

internal sealed class OldDevice
{
    private readonly ITransport line;
    private readonly ManualTime time;
    private readonly FrameDecoder decoder = new();
    private readonly List<byte> open = [];
    private readonly Dictionary<(byte Id, ushort Sequence), OldFrame> memory = [];
    private readonly OldFrame[] said;
    private readonly OldFrame[] events;
    private readonly Dictionary<byte, OldFrame[]> asked;
    private DeviceState state = DeviceState.Unhomed;
    private long token;
    private long latestEvent;
    private ushort sequence;
    private TimeSpan? heartAt;

    public OldDevice(string version, ITransport line, ManualTime time)
    {
        this.line = line;
        this.time = time;
        Recording = Conversation.Load(version);
        said = [.. Recording.Frames.Where(one => one.Kind == LineKind.Device).Select(one => Recording.Read(one.Bytes))];
        events = [.. said.Where(frame => frame.Name == "Event").DistinctBy(frame => frame["Number"]).OrderBy(frame => frame["Number"])];
        asked = Recording.Frames.Where(one => one.Kind == LineKind.Host).Select(one => Recording.Read(one.Bytes)).GroupBy(frame => frame.Id).ToDictionary(group => group.Key, group => group.ToArray());
        latestEvent = NumberOfChangeTo(DeviceState.Unhomed);
        Listening = ListenAsync();
        Reporting = ReportAsync();
    }

    public Conversation Recording { get; }

    /// <summary>Numbers of the messages that came and that this version does not know.</summary>
    public List<int> Unknown { get; } = [];

    /// <summary>Commands executed, in order.</summary>
    public List<string> Executed { get; } = [];

    /// <summary>Longest time between two heartbeats.</summary>
    public TimeSpan LongestSilence { get; private set; }

    /// <summary>Whether an answer is lost on its way; asked once each time.</summary>
    public Func<string, bool> LosesAnswerTo { get; set; } = _ => false;

    /// <summary>The events so far, as they were recorded.</summary>
    public IEnumerable<OldFrame> Events => events.Where(one => one["Number"] <= latestEvent);

    public Task Listening { get; }

    public Task Reporting { get; }

    /// <summary>The trigger starts the needles, or lets go of them.</summary>
    public Task PressTriggerAsync() => ChangeAsync(DeviceState.Running);

    private async Task ListenAsync()
    {
        byte[] buffer = new byte[256];
        for (int count; (count = await line.ReadAsync(buffer, CancellationToken.None)) > 0;)
        {
            for (int i = 0; i < count; i++)
            {
                await TakeAsync(buffer[i]);
            }
        }
    }

    private async Task ReportAsync()
    {
        while (!Listening.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Limits.IdleStatusMilliseconds), time);
            await SendAsync(Status(), 0);
        }
    }

    private async Task TakeAsync(byte value)
    {
        DecodeResult result = decoder.Push(value);
        if (result == DecodeResult.Stop)
        {
            await ChangeAsync(DeviceState.Parked);
            return;
        }

        open.Add(value);
        if (result == DecodeResult.Frame)
        {
            OldFrame frame = Recording.Read(open);
            open.Clear();
            await HearAsync(frame);
        }
    }

    private async Task HearAsync(OldFrame frame)
    {
        if (frame.Name == "Heartbeat")
        {
            LongestSilence = heartAt is { } before && time.Elapsed - before > LongestSilence ? time.Elapsed - before : LongestSilence;
            heartAt = time.Elapsed;
            return;
        }

        DeviceState stateBefore = state;
        if (!memory.TryGetValue((frame.Id, frame.Sequence), out OldFrame? answer))
        {
            answer = Answer(frame);
            if (answer.Name is "Accepted" or "Rejected" or "TreatmentAccepted")
            {
                memory[(frame.Id, frame.Sequence)] = answer;
                Executed.Add(frame.Name);
            }
        }

        if (!LosesAnswerTo(frame.Name))
        {
            await SendAsync(answer, frame.Sequence);
        }

        if (frame.Name == "EventsRequest")
        {
            foreach (OldFrame one in Events.Where(one => one["Number"] >= frame["FirstNumber"]).ToArray())
            {
                await SendAsync(one, 0);
            }
        }

        if (state != stateBefore)
        {
            await TellChangeAsync();
        }
    }

    private OldFrame Answer(OldFrame frame)
    {
        if (frame.Layout is null)
        {
            Unknown.Add(frame.Id);
            return said.First(IsUnknown).With("Detail", frame.Id);
        }

        if (frame.Payload.Length < frame.Layout.Length)
        {
            return Rejection(RejectionReason.MalformedPayload);
        }

        switch (frame.Name)
        {
            case "StatusRequest":
                return Status();
            case "EventsRequest":
                return said.First(one => one.Name == "EventsAvailable").With("OldestNumber", 1).With("LatestNumber", latestEvent);
            case "ConfigureTreatment":
                return Configure(frame);
            case "Arm":
                return frame["Token"] == token ? Accept(DeviceState.Armed) : Rejection(RejectionReason.StaleToken);
            case "Start":
                return Rejection(RejectionReason.TriggerRequired);
            case "Home" or "Disarm" or "Stop":
                return Accept(DeviceState.Parked);
            default:
                return AnswerOfThen(frame);
        }
    }

    // The recorded proposal of the same values was answered so; a device of then does not look at bytes behind its layout.
    private OldFrame Configure(OldFrame proposal)
    {
        OldFrame then = asked[proposal.Id].First(one => one.Payload.AsSpan().SequenceEqual(proposal.Payload.AsSpan(0, proposal.Layout!.Length)));
        OldFrame accepted = AnswerOfThen(then);
        token = accepted["Token"];
        return accepted;
    }

    private OldFrame AnswerOfThen(OldFrame question)
    {
        OldFrame then = asked[question.Id].FirstOrDefault(one => one.Sequence == question.Sequence) ?? asked[question.Id][0];
        return said.First(one => one.ReplyTo == then.Sequence);
    }

    private OldFrame Accept(DeviceState next)
    {
        state = next;
        return said.First(one => one.Name == "Accepted");
    }

    private OldFrame Rejection(RejectionReason reason) => said.First(one => one.Name == "Rejected" && one["Reason"] == (long)reason);

    private static bool IsUnknown(OldFrame one) => one.Name == "Rejected" && one["Reason"] == (long)RejectionReason.UnknownMessage;

    private OldFrame Status() => said
        .Last(one => one.Name == "Status" && one["State"] == (long)state && one["Fault"] == 0)
        .With("UptimeMilliseconds", (long)time.Elapsed.TotalMilliseconds + 1_000)
        .With("LatestEventNumber", latestEvent);

    private async Task ChangeAsync(DeviceState next)
    {
        if (state != next)
        {
            state = next;
            await TellChangeAsync();
        }
    }

    // The log goes on as it was recorded, up to the next change to this state.
    private async Task TellChangeAsync()
    {
        long told = latestEvent;
        latestEvent = NumberOfChangeTo(state);
        foreach (OldFrame one in Events.Where(one => one["Number"] > told).ToArray())
        {
            await SendAsync(one, 0);
        }

        await SendAsync(Status(), 0);
    }

    private long NumberOfChangeTo(DeviceState next) => events.FirstOrDefault(
        one => one["Number"] > latestEvent && one["Code"] == (long)EventCode.StateChanged && one["Argument1"] == (long)next)?["Number"] ?? latestEvent;

    private async Task SendAsync(OldFrame frame, ushort replyTo)
    {
        try
        {
            await line.WriteAsync(OldFrameWriter.Write(frame with { Sequence = ++sequence, ReplyTo = replyTo }), CancellationToken.None);
        }
        catch (LinkException)
        {
            // The host has closed the line.
        }
    }
}
