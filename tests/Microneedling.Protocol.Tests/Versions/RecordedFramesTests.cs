using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microneedling.Testing.Conversations;

namespace Microneedling.Protocol.Tests.Versions;

/// <summary>Conversations of every minor version, recorded with that version's own code, are understood today as they were then.</summary>
public partial class RecordedFramesTests
{
    private static readonly Dictionary<string, Type> EnumOfField = new(StringComparer.Ordinal)
    {
        ["State"] = typeof(DeviceState),
        ["Fault"] = typeof(FaultCode),
        ["Reason"] = typeof(RejectionReason),
        ["Code"] = typeof(EventCode),
    };

    public static TheoryData<string> Versions => [.. Conversation.Versions];

    [Fact]
    public void Every_older_minor_version_is_recorded() => Assert.All(
        Enumerable.Range(0, ProtocolVersion.Minor),
        minor => Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{ProtocolVersion.Major}.{minor}"), Conversation.Versions));

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_recorded_frame_decodes_today_to_what_it_meant_then(string version)
    {
        Conversation conversation = Conversation.Load(version);
        foreach (ConversationLine line in conversation.Frames)
        {
            OldFrame then = conversation.Read(line.Bytes);
            FrameDecoder decoder = Decode(line.Bytes);
            Assert.Equal(((MessageId)then.Id, then.Sequence, then.ReplyTo), (decoder.Id, decoder.Sequence, decoder.ReplyTo));
            if (then.Layout is not null)
            {
                Message today = Read(decoder);
                Assert.Equal(ValuesBehind(line), ValuesOf(today));
                Assert.All(then.Layout.Fields, field => Assert.Equal(then[field.Name], ValuesOf(today).GetValueOrDefault(field.Name)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Names_behind_a_recorded_frame_are_todays(string version)
    {
        Conversation conversation = Conversation.Load(version);
        foreach (ConversationLine line in conversation.Frames.Where(line => conversation.Read(line.Bytes).Layout is not null))
        {
            string header = line.Words.Split(':')[0];
            FrameDecoder decoder = Decode(line.Bytes);
            Assert.Equal(decoder.ReplyTo == 0 ? $"{decoder.Id} {decoder.Sequence}" : $"{decoder.Id} {decoder.Sequence} re {decoder.ReplyTo}", header);
            Assert.All(
                FieldWords().Matches(line.Words).Where(match => EnumOfField.ContainsKey(match.Groups[1].Value)),
                match => Assert.Equal(Enum.Parse(EnumOfField[match.Groups[1].Value], match.Groups[2].Value).ToString(), match.Groups[3].Value));
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Layouts_have_only_grown_at_their_ends(string version)
    {
        foreach (OldLayout then in Conversation.Load(version).Layouts)
        {
            Message today = AllMessages.Blank().Single(message => (byte)message.Id == then.Id);
            OldField[] fields = [.. AllMessages.FieldsOf(today).Take(then.Fields.Count).Select(AsOldField)];
            Assert.Equal(then.Fields, fields);
            Assert.InRange(then.Length, today.MinimumLength, Framing.MaximumPayloadLength);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void No_number_has_changed_its_meaning(string version)
    {
        foreach ((string type, IReadOnlyDictionary<string, long> then) in Conversation.Load(version).Numbers)
        {
            FieldInfo[] today = (typeof(Message).Assembly.GetType($"Microneedling.Protocol.{type}") ?? throw new InvalidOperationException($"{type} is gone."))
                .GetFields(BindingFlags.Public | BindingFlags.Static);
            Dictionary<string, long> numbers = today.ToDictionary(field => field.Name, field => Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture));
            Assert.All(then, one => Assert.Equal((one.Key, one.Value), (one.Key, numbers.GetValueOrDefault(one.Key, -1))));
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_message_of_a_version_is_spoken_in_its_recording(string version)
    {
        Conversation conversation = Conversation.Load(version);
        HashSet<byte> spoken = [.. conversation.Frames.Select(line => conversation.Read(line.Bytes).Id)];
        Assert.Empty(conversation.Layouts.Where(layout => !spoken.Contains(layout.Id)).Select(layout => layout.Name));
        Assert.Contains(conversation.Lines, line => line.Kind == LineKind.Host && line.Bytes is [Framing.Stop]);
    }

    private static FrameDecoder Decode(byte[] bytes)
    {
        FrameDecoder decoder = new();
        DecodeResult[] results = [.. bytes.Select(decoder.Push)];
        Assert.Equal(DecodeResult.Frame, results[^1]);
        Assert.All(results[..^1], result => Assert.Equal(DecodeResult.None, result));
        return decoder;
    }

    private static Message Read(FrameDecoder decoder)
    {
        Message message = AllMessages.Blank().Single(message => message.Id == decoder.Id);
        Assert.True(decoder.TryRead(message));
        return message;
    }

    // Fields that are 0 are left out, as in a recording.
    private static SortedDictionary<string, long> ValuesOf(Message message) => new(
        AllMessages.FieldsOf(message)
            .Select(field => (field.Name, Value: Convert.ToInt64(field.GetValue(message), CultureInfo.InvariantCulture)))
            .Where(field => field.Value != 0)
            .ToDictionary(field => field.Name, field => field.Value),
        StringComparer.Ordinal);

    private static SortedDictionary<string, long> ValuesBehind(ConversationLine line) => new(
        FieldWords().Matches(line.Words).ToDictionary(match => match.Groups[1].Value, match => long.Parse(match.Groups[2].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
        StringComparer.Ordinal);

    private static OldField AsOldField(FieldInfo field) => new(
        field.Name,
        System.Runtime.InteropServices.Marshal.SizeOf(field.FieldType),
        field.FieldType == typeof(short) || field.FieldType == typeof(int));

    [GeneratedRegex(@"(\w+)=(-?\d+)(?: (\w+))?")]
    private static partial Regex FieldWords();
}
