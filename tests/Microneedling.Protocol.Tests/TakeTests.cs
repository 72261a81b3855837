namespace Microneedling.Protocol.Tests;

/// <summary>The decoder that gets bytes in pieces out of a larger array: it never looks behind the end of a piece.</summary>
public class TakeTests
{
    // Two bytes of it are stuffed.
    private static readonly byte[] Frame = Line.Frame(new Heartbeat { HostNonce = 0x117D22A5 }, sequence: 0x7E33);

    [Fact]
    public void Wherever_a_frame_is_cut_in_two_it_is_the_same_frame()
    {
        for (int cut = 1; cut < Frame.Length; cut++)
        {
            int at = cut;
            Assert.Equal([.. Line.Decode(Frame)], Line.DecodeInChunks(Frame, () => at));
        }
    }

    [Fact]
    public void A_piece_that_is_the_whole_array_ends_with_it()
    {
        for (int cut = 1; cut < Frame.Length; cut++)
        {
            FrameDecoder decoder = new();
            byte[] first = Frame[..cut];
            byte[] rest = Frame[cut..];
            for (int at = 0; at < first.Length;)
            {
                at = decoder.Take(first, at, first.Length);
                Assert.NotEqual(DecodeResult.Frame, decoder.Result);
            }

            int next = 0;
            while (next < rest.Length)
            {
                next = decoder.Take(rest, next, rest.Length);
            }

            Assert.Equal((DecodeResult.Frame, MessageId.Heartbeat), (decoder.Result, decoder.Id));
        }
    }

    [Fact]
    public void What_comes_before_the_first_flag_is_no_damaged_frame()
    {
        FrameDecoder decoder = new();
        byte[] noise = [.. Enumerable.Range(0, 200).Select(i => (byte)(0x20 + (i % 64)))];

        Assert.All(noise, value => Assert.Equal(DecodeResult.None, decoder.Push(value)));
        Assert.Equal(DecodeResult.None, decoder.Push(Framing.Flag));
        Assert.Equal([DecodeResult.Frame], Frame.Select(decoder.Push).Where(result => result != DecodeResult.None));
    }

    [Fact]
    public void A_payload_put_into_the_body_makes_the_frame_that_its_message_makes()
    {
        FrameEncoder encoder = new();
        byte[] payload = [0xA5, 0x22, 0x7D, 0x11];
        payload.CopyTo(encoder.Body, Framing.HeaderLength);
        byte[] target = new byte[Framing.MaximumFrameLength];
        int length = encoder.Close(MessageId.Heartbeat, 0x7E33, 0, payload.Length, target);
        Assert.Equal(Frame, target[..length]);

        FrameDecoder decoder = new();
        Assert.Contains(DecodeResult.Frame, Frame.Select(decoder.Push).ToArray());
        Assert.Equal(payload, decoder.Body.AsSpan(Framing.HeaderLength, decoder.PayloadLength).ToArray());
    }

    [Fact]
    public void A_byte_behind_the_end_of_a_payload_is_zero_and_never_what_stands_there()
    {
        PayloadCursor cursor = new();
        cursor.StartReading([0x11, 0x99], 0, 1);

        Assert.Equal((byte)0x11, cursor.Byte(0));
        Assert.Equal((byte)0, cursor.Byte(0));
    }
}
