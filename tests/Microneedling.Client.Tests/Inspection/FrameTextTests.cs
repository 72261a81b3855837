using System.Globalization;
using System.Text.Json.Nodes;
using Microneedling.Client.Inspection;
using Microneedling.Protocol;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Inspection;

/// <summary>Layouts found out by looking, and frames in words.</summary>
public class FrameTextTests(ITestOutputHelper output)
{
    private static readonly JsonObject[] Vectors =
        [.. JsonNode.Parse(File.ReadAllText(GeneratedPart.PathOf("shared/vectors/messages.json")))!["vectors"]!.AsArray().Select(vector => vector!.AsObject())];

    [Theory]
    [InlineData("ConfigureTreatment: typical", "#01003 ConfigureTreatment depth 500 µm, depth cap 1000 µm, rate 60000 mHz, supervisor unlock 0, burst strokes 0")]
    [InlineData("ConfigureTreatment: as 1.0 sends it", "#01003 ConfigureTreatment depth 500 µm, depth cap 1000 µm, rate 60000 mHz, supervisor unlock 0")]
    [InlineData("Arm: as a later minor version may send it", "#01004 Arm token 2621075940 and 2 bytes more A5 7E")]
    [InlineData("Accepted: typical", "#00042 Accepted to #01001")]
    [InlineData("Heartbeat: typical", "#----- Heartbeat host nonce 190731757")]
    [InlineData("Jog: typical", "#01017 Jog micrometers -250 µm")]
    [InlineData("SettleCommand: typical", "#01012 SettleCommand command sequence 1004, command id Arm")]
    [InlineData("ClearFault: all largest", "#65535 ClearFault to #65535 fault 65535")]
    [InlineData("Rejected: typical", "#00140 Rejected to #01005 reason TriggerRequired, detail 0 (The needles start only with the trigger on the handpiece. Press and hold it.)")]
    [InlineData("Event: typical", "#00280 Event number 27, uptime 181930 ms, code StateChanged, argument 1 6, argument 2 5 (Now running, was armed.)")]
    [InlineData("SelfTestOutcome: typical", "#00358 SelfTestOutcome to #01015 failed none, tested InputsPlausible|SettingsGood|NeedleDriverWell|DepthDriverWell|WatchdogHolds|WatchdogDrops")]
    [InlineData("SelfTestOutcome: every byte reserved", "#32381 SelfTestOutcome to #06161 failed SettingsGood|NeedleDriverWell|DepthDriverWell|WatchdogHolds|WatchdogDrops|0x7D40, tested DepthDriverWell|WatchdogHolds|0x1100")]
    public void A_frame_is_a_line_with_units_and_names(string vector, string expected) =>
        Assert.Equal(expected, Texts(Convert.FromHexString((string)Vectors.Single(one => (string)one["name"]! == vector)["frame"]!)).Single());

    [Fact]
    public void Frames_that_are_not_known_or_too_short_are_shown_as_bytes()
    {
        Assert.Equal("#00007 message 0x60 to #00003 01 FF", Texts(Frame(0x60, [0x01, 0xFF], 7, 3)).Single());
        Assert.Equal("#00007 message 0x00", Texts(Frame(0x00, [], 7)).Single());
        Assert.Equal("#00007 Arm too short, 3 of 4 bytes 01 02 03", Texts(Frame((byte)MessageId.Arm, [1, 2, 3], 7)).Single());
        Assert.Equal("#00007 Arm too short, 0 of 4 bytes", Texts(Frame((byte)MessageId.Arm, [], 7)).Single());
    }

    [Fact]
    public void Any_frame_is_one_line_and_nothing_throws()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        byte[] payload = new byte[Framing.MaximumPayloadLength];
        for (int round = 0; round < 20_000; round++)
        {
            random.NextBytes(payload);
            if (random.Next(4) == 0)
            {
                Array.Fill(payload, random.Next(2) == 0 ? (byte)0xFF : (byte)0x80);
            }

            byte id = round < 256 ? (byte)round : (byte)random.Next(0x60);
            string text = Texts(Frame(id, payload[..random.Next(payload.Length + 1)], (ushort)random.Next(65536), (ushort)random.Next(65536))).Single();
            Assert.True(text.Length is > 5 and < 2000 && !text.Contains('\n', StringComparison.Ordinal), text);
        }
    }

    [Fact]
    public void Layouts_lead_to_the_fields_of_the_golden_payloads()
    {
        foreach (JsonObject vector in Vectors)
        {
            MessageLayout layout = MessageLayout.Of((MessageId)(byte)vector["id"]!)!;
            byte[] payload = Convert.FromHexString((string)vector["payload"]!);
            JsonObject fields = vector["fields"]!.AsObject();
            Assert.Equal(fields.Select(field => field.Key), layout.Fields.Select(field => field.Name));
            Assert.Equal(layout.Length, layout.Fields.Sum(field => field.Size));
            foreach (FieldLayout field in layout.Fields.Where(field => field.Offset + field.Size <= payload.Length))
            {
                Assert.Equal((long)fields[field.Name]!, Value(payload.AsSpan(field.Offset, field.Size), field.WireType));
            }
        }
    }

    [Fact]
    public void Layouts_are_there_for_every_message_and_know_who_says_it()
    {
        Assert.Equal(Enum.GetValues<MessageId>().Except([MessageId.None]).Order(), MessageLayout.All.Select(layout => layout.Id));
        Assert.All(MessageLayout.All, layout => Assert.InRange(layout.Length, layout.MinimumLength, Framing.MaximumPayloadLength));
        Assert.Equal(
            [MessageId.HelloReply, .. Enum.GetValues<MessageId>().Where(id => id >= MessageId.Accepted)],
            MessageLayout.All.Where(layout => layout.IsFromDevice).Select(layout => layout.Id));
    }

    private static long Value(ReadOnlySpan<byte> bytes, string wireType)
    {
        long value = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            value |= (long)bytes[i] << (8 * i);
        }

        int bits = int.Parse(wireType[(wireType.IndexOf('t', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        Assert.Equal(8 * bytes.Length, bits);
        return wireType[0] == 'u' ? value : value << (64 - bits) >> (64 - bits);
    }

    private static byte[] Frame(byte id, byte[] payload, ushort sequence, ushort replyTo = 0)
    {
        byte[] target = new byte[Framing.MaximumFrameLength];
        return target[..new FrameEncoder().Encode(new Anything(id, payload), sequence, replyTo, target)];
    }

    private static IEnumerable<string> Texts(byte[] bytes)
    {
        FrameDecoder decoder = new();
        foreach (byte value in bytes)
        {
            if (decoder.Push(value) == DecodeResult.Frame)
            {
                yield return FrameText.Of(decoder);
            }
        }
    }

    private sealed class Anything(byte id, byte[] payload) : Message
    {
        public override MessageId Id => (MessageId)id;

        public override int MinimumLength => 0;

        public override void Transfer(PayloadCursor cursor)
        {
            foreach (byte value in payload)
            {
                cursor.Byte(value);
            }
        }
    }
}
