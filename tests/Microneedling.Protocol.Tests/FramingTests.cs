using Xunit.Abstractions;

namespace Microneedling.Protocol.Tests;

/// <summary>The shape of a frame on the line, and the STOP byte that may stand anywhere in it.</summary>
public class FramingTests(ITestOutputHelper output)
{
    private static readonly byte[] Reserved = [Framing.Flag, Framing.Escape, Framing.Stop, Framing.XOn, Framing.XOff];

    [Fact]
    public void A_frame_looks_like_this()
    {
        // Arm (22), sequence 0102, answers nothing, token 7E11187D: all four bytes of it are stuffed; CRC 4 bytes.
        byte[] expected = Convert.FromHexString("7E" + "22" + "0201" + "0000" + "7D5D7D387D317D5E" + "E04758C1" + "7E");
        Assert.Equal(expected, Line.Frame(new Arm { Token = 0x7E11187D }, sequence: 0x0102));
    }

    [Fact]
    public void Sizes_hold_together()
    {
        Assert.Equal(128, Framing.MaximumFrameLength);
        Assert.All(AllMessages.Blank(), message => Assert.InRange(message.MinimumLength, 0, Framing.MaximumPayloadLength));
    }

    [Fact]
    public void Longest_payload_with_every_byte_stuffed_fits_one_serial_write_and_is_read_back()
    {
        foreach (byte value in Reserved)
        {
            RawMessage fullest = new(value, [.. Enumerable.Repeat(value, Framing.MaximumPayloadLength)]);
            ushort sequence = (ushort)(value | (value << 8));
            byte[] frame = Line.Frame(fullest, sequence, sequence);
            int stuffedBytes = Framing.HeaderLength + Framing.MaximumPayloadLength;
            Assert.InRange(frame.Length, 2 + (2 * stuffedBytes) + Framing.CrcLength, Framing.MaximumFrameLength);
            Assert.Equal([new Received(value, sequence, sequence, Convert.ToHexString(fullest.Bytes))], Line.Decode(frame));
        }
    }

    [Fact]
    public void Body_one_byte_longer_than_the_longest_is_damaged()
    {
        Message message = new RawMessage(0x50, new byte[Framing.MaximumPayloadLength]);
        byte[] frame = Line.Frame(message);
        byte[] longer = [.. frame[..^1], 0x55, Framing.Flag];
        Assert.Equal([DecodeResult.Damaged], Line.Decode(longer));
    }

    [Fact]
    public void Reserved_bytes_never_stand_raw_inside_a_frame()
    {
        Random random = Seeded.Random(output);
        for (int round = 0; round < 200; round++)
        {
            foreach (Message message in AllMessages.Blank())
            {
                AllMessages.Fill(message, random);
                byte[] frame = Line.Frame(message, (ushort)random.Next(65536), (ushort)random.Next(65536));
                Assert.Equal((Framing.Flag, Framing.Flag), (frame[0], frame[^1]));
                byte[] inside = frame[1..^1];
                for (int i = 0; i < inside.Length; i++)
                {
                    bool opensAnEscape = inside[i] == Framing.Escape && i + 1 < inside.Length && Framing.IsReserved((byte)(inside[i + 1] ^ Framing.EscapeMask));
                    Assert.True(opensAnEscape || !Framing.IsReserved(inside[i]), $"{inside[i]:X2} at {i} of {Convert.ToHexString(frame)}");
                }
            }
        }
    }

    [Fact]
    public void Encoder_agrees_with_the_rules_read_a_second_time_on_any_payload()
    {
        Random random = Seeded.Random(output);
        for (int round = 0; round < 50; round++)
        {
            for (int length = 0; length <= Framing.MaximumPayloadLength; length++)
            {
                byte[] payload = new byte[length];
                random.NextBytes(payload);
                byte id = (byte)random.Next(256);
                ushort sequence = (ushort)random.Next(65536);
                ushort replyTo = (ushort)random.Next(65536);
                Assert.Equal(ReferenceFrame(id, sequence, replyTo, payload), Line.Frame(new RawMessage(id, payload), sequence, replyTo));
            }
        }
    }

    [Fact]
    public void Plain_bytes_end_at_the_first_reserved_one_or_where_they_are_said_to()
    {
        byte[] data = new byte[40];
        for (int end = 0; end <= data.Length; end++)
        {
            for (int offset = 0; offset <= end; offset++)
            {
                Assert.Equal(end, Framing.EndOfPlain(data, offset, end));
                for (int at = offset; at < data.Length; at++)
                {
                    data[at] = Reserved[at % Reserved.Length];
                    Assert.Equal(Math.Min(at, end), Framing.EndOfPlain(data, offset, end));
                    data[at] = 0;
                }
            }
        }
    }

    [Fact]
    public void Five_bytes_and_no_others_are_reserved() =>
        Assert.Equal(Reserved.Order(), Enumerable.Range(0, 256).Select(value => (byte)value).Where(Framing.IsReserved));

    [Fact]
    public void Frame_stuffed_in_another_way_is_damaged_even_if_its_crc_is_right()
    {
        byte[] frame = Line.Frame(new Arm { Token = 0x11131122 }, sequence: 0x0102);
        int ordinary = 1;
        Assert.Equal((byte)MessageId.Arm, frame[ordinary]);
        byte[] stuffedNeedlessly = [.. frame[..ordinary], Framing.Escape, (byte)(frame[ordinary] ^ Framing.EscapeMask), .. frame[(ordinary + 1)..]];
        Assert.Equal([DecodeResult.Damaged], Line.Decode(stuffedNeedlessly));

        int escape = Array.IndexOf(frame, Framing.Escape);
        foreach (byte flowControl in new[] { Framing.XOn, Framing.XOff })
        {
            Assert.Equal(flowControl == Framing.XOn ? 0x31 : 0x33, frame[escape + 1]);
            byte[] raw = [.. frame[..escape], flowControl, .. frame[(escape + 2)..]];
            Assert.Equal([DecodeResult.Damaged], Line.Decode(raw));
            escape += 2;
        }
    }

    [Fact]
    public void Every_reserved_byte_stays_harmless_when_stuffed() =>
        Assert.All(Reserved, value => Assert.False(Framing.IsReserved((byte)(value ^ Framing.EscapeMask))));

    [Fact]
    public void Stop_is_recognised_at_every_place_and_the_frame_around_it_still_arrives()
    {
        Random random = Seeded.Random(output);
        foreach (Message message in AllMessages.Blank())
        {
            AllMessages.Fill(message, random);
            ushort sequence = 0x7D18;
            byte[] frame = Line.Frame(message, sequence);
            for (int at = 0; at <= frame.Length; at++)
            {
                List<object> results = Line.Decode([.. frame[..at], Framing.Stop, .. frame[at..]]);
                object[] expected = at == frame.Length
                    ? [Received.Of(message, sequence), DecodeResult.Stop]
                    : [DecodeResult.Stop, Received.Of(message, sequence)];
                Assert.Equal(expected, results);
            }
        }
    }

    [Fact]
    public void A_stop_after_every_byte_is_counted_and_takes_nothing_from_the_frame()
    {
        Arm message = new() { Token = 0x1813117D };
        byte[] frame = Line.Frame(message);
        List<object> results = Line.Decode(frame.SelectMany(value => new[] { value, Framing.Stop }));
        Assert.Equal(frame.Length, results.Count(result => result is DecodeResult.Stop));
        Assert.Equal([Received.Of(message)], results.Where(result => result is not DecodeResult.Stop));
    }

    [Fact]
    public void Stop_is_recognised_before_the_first_flag_and_in_garbage() =>
        Assert.Equal([DecodeResult.Stop, DecodeResult.Stop], Line.Decode([Framing.Stop, 0x01, 0x02, Framing.Stop]));

    [Fact]
    public void Frames_may_share_a_flag_or_stand_apart()
    {
        Arm first = new() { Token = 1 };
        Arm second = new() { Token = 2 };
        byte[] one = Line.Frame(first);
        byte[] two = Line.Frame(second);
        object[] both = [Received.Of(first), Received.Of(second)];
        Assert.Equal(both, Line.Decode([.. one, .. two[1..]]));
        Assert.Equal(both, Line.Decode([.. one, .. two]));
        Assert.Equal(both, Line.Decode([.. one, Framing.Flag, Framing.Flag, .. two]));
    }

    private static byte[] ReferenceFrame(byte id, ushort sequence, ushort replyTo, byte[] payload)
    {
        byte[] covered = [id, .. BitConverter.GetBytes(sequence), .. BitConverter.GetBytes(replyTo), .. payload];
        byte[] body = [.. covered, .. BitConverter.GetBytes(ReferenceDecoder.BitwiseCrc(covered))];
        return [0x7E, .. body.SelectMany<byte, byte>(value => Reserved.Contains(value) ? [0x7D, (byte)(value ^ 0x20)] : [value]), 0x7E];
    }
}
