// An old host at today's device: the host's bytes of a recorded conversation go to today's firmware, which is read by the
// old version's layouts. Like the host of then,
//
//   - it sends what it sent, as long after the step before as then,
//   - it goes on only when what it waited for has come (the recording's "wait" lines), and when what had been answered by
//     then has been answered,
//   - it beats every 100 ms with its own heartbeat,
//   - it arms with the token that it was given: the recorded token is replaced by the one that today's device gave to the
//     same proposal. Nothing else is replaced.

using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Microneedling.Testing.Conversations;

namespace Microneedling.Firmware.Tests.Versions;

/// <summary>What the needles did at one moment of the conversation, then and today.</summary>
internal sealed record TruthPair(long AtMilliseconds, BenchTruth Then, BenchTruth Today);

/// <summary>A command of one of the recording's connections, what it was answered then, and what today.</summary>
internal sealed record AnswerPair(int Link, OldFrame Command, OldFrame Then, OldFrame? Today);

/// <summary>Plays the host of a recording against today's firmware.</summary>
internal sealed class OldHost : IDisposable
{
    private const long AnswerMicroseconds = 1_000_000;
    private const long WaitMicroseconds = 20_000_000;

    private readonly Conversation conversation;
    private readonly VirtualBoard board;
    private readonly SerialHostEnd line;
    private readonly BenchWitness witness;
    private readonly FrameDecoder decoder = new();
    private readonly List<byte> open = [];
    private readonly Dictionary<(int Link, ushort Sequence), OldFrame> commands = [];
    private readonly Dictionary<(int Link, ushort Sequence), OldFrame> answersThen = [];
    private readonly Dictionary<(int Link, ushort Sequence), OldFrame> answersToday = [];
    private int link;
    private byte[]? heartbeat;
    private long nextHeartbeat;
    private OldFrame? freshStatus;

    public OldHost(string version, Action<string> print)
    {
        conversation = Conversation.Load(version);
        board = new VirtualBoard(new BoardOptions { Seed = 1 });
        print($"Board seed {board.Seed}.");
        Production.Calibrate(board, 1);
        witness = new BenchWitness(board.Bench);
        line = board.Serial.Attach(Receive);
        board.PowerOn(Program.Main);
    }

    /// <summary>The recording.</summary>
    public Conversation Recording => conversation;

    /// <summary>The board's physical side.</summary>
    public Bench Bench => board.Bench;

    /// <summary>Every frame that today's device has sent, as the old host reads it, and its bytes.</summary>
    public List<(OldFrame Frame, byte[] Bytes)> Heard { get; } = [];

    /// <summary>Index in <see cref="Heard"/> at which each connection began.</summary>
    public List<int> LinksBeganAt { get; } = [];

    /// <summary>The bench, then and today, wherever the recording looks.</summary>
    public List<TruthPair> Truths { get; } = [];

    /// <summary>Every command that was answered then.</summary>
    public IEnumerable<AnswerPair> Answers => answersThen.Select(then => new AnswerPair(then.Key.Link, commands[then.Key], then.Value, answersToday.GetValueOrDefault(then.Key)));

    /// <summary>Plays the whole conversation.</summary>
    public void Play()
    {
        long stepThen = 0;
        long stepToday = board.NowMicroseconds;
        foreach (ConversationLine one in conversation.Lines)
        {
            if (one.Kind == LineKind.Device)
            {
                NoteAnswerThen(one);
                continue;
            }

            if (IsHeartbeat(one))
            {
                Beat(one.Bytes);
                continue;
            }

            if (one.Kind == LineKind.Wait)
            {
                Await(Milestone.Parse(one.Words), $"+{one.AtMilliseconds} ms: {one.Words}");
            }
            else
            {
                AwaitAnswersOfThen(one);
                Pass(null, stepToday + ((one.AtMilliseconds - stepThen) * 1_000) - board.NowMicroseconds);
                Step(one);
            }

            stepThen = one.AtMilliseconds;
            stepToday = board.NowMicroseconds;
        }
    }

    public void Dispose()
    {
        board.Dispose();
        line.Dispose();
    }

    private bool IsHeartbeat(ConversationLine one) =>
        one.Kind == LineKind.Host && one.Bytes.Length > 1 && conversation.Read(one.Bytes).Name == nameof(MessageId.Heartbeat);

    private void Step(ConversationLine one)
    {
        switch (one.Kind)
        {
            case LineKind.Host:
                Send(one.Bytes);
                break;
            case LineKind.Bench:
                BenchDeeds.Do(board, one.Words);
                freshStatus = null;
                break;
            case LineKind.Truth:
                Truths.Add(new TruthPair(one.AtMilliseconds, BenchTruth.Parse(one.Words), witness.Look()));
                break;
            case LineKind.Link when one.Words == "opened":
                link++;
                LinksBeganAt.Add(Heard.Count);
                break;
            case LineKind.Link:
                heartbeat = null;
                break;
            default:
                throw new InvalidOperationException($"A line of kind {one.Kind}.");
        }
    }

    private void Send(byte[] bytes)
    {
        if (bytes.Length > 1)
        {
            OldFrame command = conversation.Read(bytes);
            commands[(link, command.Sequence)] = command;
            if (command.Name == nameof(MessageId.SettleCommand))
            {
                // The answer bears the number of the command that is settled, be it one that was never sent.
                commands.TryAdd((link, (ushort)command["CommandSequence"]), command);
            }

            bytes = command.Name == nameof(MessageId.Arm) ? OldFrameWriter.Write(command.With("Token", TokenToday(command["Token"]))) : bytes;
        }

        freshStatus = null;
        line.Write(bytes);
    }

    private long TokenToday(long tokenThen)
    {
        (int, ushort) proposal = answersThen.Single(answer => answer.Value.Name == nameof(MessageId.TreatmentAccepted) && answer.Value["Token"] == tokenThen).Key;
        OldFrame today = answersToday[proposal];
        return today.Name == nameof(MessageId.TreatmentAccepted)
            ? today["Token"]
            : throw new InvalidOperationException($"A proposal of then is answered {today.Name} today.");
    }

    private void NoteAnswerThen(ConversationLine one)
    {
        if (one.Words != Conversation.Damaged && conversation.Read(one.Bytes) is { ReplyTo: not 0 } frame)
        {
            answersThen[(link, frame.ReplyTo)] = frame;
        }
    }

    private void Beat(byte[] bytes)
    {
        nextHeartbeat = heartbeat is null ? board.NowMicroseconds : nextHeartbeat;
        heartbeat = bytes;
    }

    private void AwaitAnswersOfThen(ConversationLine before)
    {
        if (!Pass(() => answersThen.Keys.All(answersToday.ContainsKey), AnswerMicroseconds))
        {
            (int, ushort) missing = answersThen.Keys.First(key => !answersToday.ContainsKey(key));
            throw new TimeoutException($"Before +{before.AtMilliseconds} ms ({before.Words}): {commands[missing]} is not answered today.");
        }
    }

    private void Await(Milestone milestone, string words)
    {
        bool IsReached() => freshStatus is { } status
            && milestone.IsReached((int)status["State"], (int)status["Flags"], (int)status["StagePositionMicrometers"], witness.StrokesOut);
        if (!Pass(IsReached, WaitMicroseconds))
        {
            throw new TimeoutException(
                $"{words}: not reached within {WaitMicroseconds / 1_000_000} s; state {(DeviceState?)freshStatus?["State"]}, {witness.StrokesOut} strokes out, stage {Bench.StageMicrometers:0} µm.");
        }
    }

    // Lets the board run, with the old host's heartbeat, until the condition holds; false when time is over before.
    private bool Pass(Func<bool>? condition, long microseconds)
    {
        long end = board.NowMicroseconds + microseconds;
        while (true)
        {
            if (heartbeat is not null && board.NowMicroseconds >= nextHeartbeat)
            {
                line.Write(heartbeat);
                nextHeartbeat = board.NowMicroseconds + (Limits.HeartbeatMilliseconds * 1_000);
            }

            if (condition?.Invoke() == true)
            {
                return true;
            }

            if (board.NowMicroseconds >= end)
            {
                return false;
            }

            long until = heartbeat is null ? end : Math.Min(end, nextHeartbeat);
            if (condition is null)
            {
                board.RunFor(until - board.NowMicroseconds);
            }
            else
            {
                board.RunUntil(condition, until - board.NowMicroseconds);
            }
        }
    }

    private void Receive(ReadOnlyMemory<byte> bytes)
    {
        foreach (byte value in bytes.Span)
        {
            DecodeResult result = decoder.Push(value);
            if (result == DecodeResult.Damaged)
            {
                open.Clear();
            }

            open.Add(value);
            if (result == DecodeResult.Frame)
            {
                Hear([.. open]);
                open.Clear();
            }
        }
    }

    private void Hear(byte[] bytes)
    {
        OldFrame frame = conversation.Read(bytes);
        Heard.Add((frame, bytes));
        if (frame.ReplyTo != 0)
        {
            answersToday[(link, frame.ReplyTo)] = frame;
        }

        if (frame.Name == nameof(MessageId.Status))
        {
            freshStatus = frame;
        }
    }
}
