using Xunit.Abstractions;

namespace Microneedling.Protocol.Tests;

/// <summary>What every message looks like on the line, judged for all of them at once.</summary>
public class MessageLayoutTests(ITestOutputHelper output)
{
    public static TheoryData<string> PayloadTypeNames => [.. AllMessages.PayloadTypes.Select(type => type.Name)];

    /// <summary>Bytes that minor versions after 1.0 have appended; an older peer does not send them.</summary>
    private static readonly Dictionary<string, int> AppendedBytes = new()
    {
        [nameof(StatusReport)] = 7,
        [nameof(ConfigureTreatment)] = 2,
        [nameof(TreatmentAccepted)] = 2,
        [nameof(HelloReply)] = 4,
    };

    [Theory]
    [MemberData(nameof(PayloadTypeNames))]
    public void Payload_is_every_public_field_in_declaration_order_little_endian(string typeName)
    {
        Random random = Seeded.Random(output);
        Message message = Make(typeName);
        for (int round = 0; round < 20; round++)
        {
            AllMessages.Fill(message, random);
            byte[] buffer = new byte[Framing.MaximumPayloadLength];
            PayloadCursor cursor = new();
            cursor.StartWriting(buffer, 0);
            message.Transfer(cursor);
            Assert.Equal(AllMessages.ExpectedPayload(message), buffer[..cursor.Position]);
        }
    }

    [Theory]
    [MemberData(nameof(PayloadTypeNames))]
    public void Minimum_length_is_what_is_written_and_fits_a_frame(string typeName)
    {
        Message message = Make(typeName);
        Assert.Equal(AllMessages.ExpectedPayload(message).Length, message.MinimumLength + AppendedBytes.GetValueOrDefault(typeName));
        Assert.InRange(message.MinimumLength, 1, Framing.MaximumPayloadLength);
    }

    [Fact]
    public void Every_message_survives_the_line_with_any_field_values()
    {
        Random random = Seeded.Random(output);
        FrameDecoder decoder = new();
        int messages = 0;
        for (int round = 0; round < 200; round++)
        {
            foreach (Message sent in AllMessages.Blank())
            {
                AllMessages.Fill(sent, random);
                ushort sequence = (ushort)random.Next(65536);
                ushort replyTo = (ushort)random.Next(65536);
                Message received = AllMessages.BlankLike(sent);
                Assert.Equal(DecodeResult.Frame, PushAll(decoder, Line.Frame(sent, sequence, replyTo)));
                Assert.Equal((sent.Id, sequence, replyTo), (decoder.Id, decoder.Sequence, decoder.ReplyTo));
                Assert.True(decoder.TryRead(received));
                Assert.Equal(AllMessages.Describe(sent), AllMessages.Describe(received));
                messages++;
            }
        }

        Assert.Equal(200 * (Enum.GetValues<MessageId>().Length - 1), messages);
    }

    [Theory]
    [MemberData(nameof(PayloadTypeNames))]
    public void Every_payload_shorter_than_the_layout_is_refused(string typeName)
    {
        Message message = Make(typeName);
        for (int length = 0; length < message.MinimumLength; length++)
        {
            FrameDecoder decoder = new();
            Assert.Equal(DecodeResult.Frame, PushAll(decoder, Line.FrameAround((byte)message.Id, new byte[length])));
            Assert.False(decoder.TryRead(message));
        }
    }

    [Theory]
    [InlineData(nameof(StatusReport))]
    [InlineData(nameof(ConfigureTreatment))]
    [InlineData(nameof(TreatmentAccepted))]
    [InlineData(nameof(HelloReply))]
    public void What_an_older_minor_version_does_not_send_reads_as_zero(string typeName)
    {
        Message message = Make(typeName);
        AllMessages.Fill(message, Seeded.Random(output));
        FrameDecoder decoder = new();
        Assert.Equal(DecodeResult.Frame, PushAll(decoder, Line.FrameAround((byte)message.Id, new byte[message.MinimumLength])));
        Assert.True(decoder.TryRead(message));
        Assert.All(AllMessages.ExpectedPayload(message), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Payload_that_a_newer_minor_version_made_longer_is_read_up_to_what_is_known()
    {
        Random random = Seeded.Random(output);
        foreach (Message sent in AllMessages.Blank())
        {
            AllMessages.Fill(sent, random);
            byte[] known = AllMessages.ExpectedPayload(sent);
            byte[] longer = [.. known, .. Enumerable.Repeat((byte)0xEE, Framing.MaximumPayloadLength - known.Length)];
            FrameDecoder decoder = new();
            Assert.Equal(DecodeResult.Frame, PushAll(decoder, Line.FrameAround((byte)sent.Id, longer)));
            Message received = AllMessages.BlankLike(sent);
            Assert.True(decoder.TryRead(received));
            Assert.Equal(AllMessages.Describe(sent), AllMessages.Describe(received));
        }
    }

    private static Message Make(string typeName) => AllMessages.Make(AllMessages.PayloadTypes.Single(type => type.Name == typeName));

    private static DecodeResult PushAll(FrameDecoder decoder, byte[] bytes)
    {
        DecodeResult last = DecodeResult.None;
        foreach (byte value in bytes)
        {
            last = decoder.Push(value);
        }

        return last;
    }
}
