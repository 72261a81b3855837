using Xunit.Abstractions;

namespace Microneedling.Protocol.Tests;

/// <summary>Noise on the line: nothing damaged is taken for something else, and the next whole frame is understood.</summary>
public class DamageTests(ITestOutputHelper output)
{
    private static readonly Heartbeat Next = new() { HostNonce = 0x7E7D1811 };

    [Fact]
    public void A_frame_with_any_one_bit_turned_is_never_taken_for_another()
    {
        Random random = Seeded.Random(output);
        foreach (Message message in AllMessages.Blank())
        {
            AllMessages.Fill(message, random);
            byte[] frame = Line.Frame(message, sequence: 0x117E);
            for (int bit = 0; bit < frame.Length * 8; bit++)
            {
                byte[] damaged = [.. frame];
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                List<object> results = Line.Decode([.. damaged, .. Line.Frame(Next)]);
                Assert.Equal([Received.Of(Next)], results.Where(result => result is Received));
            }
        }
    }

    [Fact]
    public void A_frame_cut_short_at_any_byte_is_reported_damaged_and_never_taken_for_another()
    {
        Random random = Seeded.Random(output);
        foreach (Message message in AllMessages.Blank())
        {
            AllMessages.Fill(message, random);
            byte[] frame = Line.Frame(message);
            for (int length = 2; length < frame.Length - 1; length++)
            {
                List<object> results = Line.Decode([.. frame[..length], .. Line.Frame(Next)]);
                Assert.Equal([DecodeResult.Damaged, Received.Of(Next)], results);
            }
        }
    }

    [Fact]
    public void A_frame_whose_head_is_missing_is_never_taken_for_another()
    {
        Random random = Seeded.Random(output);
        foreach (Message message in AllMessages.Blank())
        {
            AllMessages.Fill(message, random);
            byte[] frame = Line.Frame(message);
            for (int start = 1; start < frame.Length; start++)
            {
                List<object> results = Line.Decode([Framing.Flag, .. Line.Frame(Next), .. frame[(start + 1)..], .. Line.Frame(Next)]);
                Assert.Equal([Received.Of(Next), Received.Of(Next)], results.Where(result => result is Received));
            }
        }
    }

    [Fact]
    public void A_byte_lost_doubled_or_swapped_is_never_taken_for_another()
    {
        Random random = Seeded.Random(output);
        foreach (Message message in AllMessages.Blank())
        {
            AllMessages.Fill(message, random);
            byte[] frame = Line.Frame(message);
            for (int at = 1; at < frame.Length - 2; at++)
            {
                AssertNothingElseIsAccepted(message, [.. frame[..at], .. frame[(at + 1)..]]);
                AssertNothingElseIsAccepted(message, [.. frame[..at], frame[at], .. frame[at..]]);
                AssertNothingElseIsAccepted(message, [.. frame[..at], frame[at + 1], frame[at], .. frame[(at + 2)..]]);
            }
        }
    }

    [Fact]
    public void After_any_garbage_the_next_whole_frame_is_understood()
    {
        Random random = Seeded.Random(output);
        for (int round = 0; round < 2000; round++)
        {
            byte[] garbage = NoisyBytes(random, random.Next(0, 200));
            Assert.Equal(Received.Of(Next), Line.Decode([.. garbage, .. Line.Frame(Next)])[^1]);
        }
    }

    [Fact]
    public void Flow_control_bytes_that_a_driver_left_in_spoil_the_frame_they_stand_in_and_no_other()
    {
        byte[] frame = Line.Frame(new Arm { Token = 5 });
        foreach (byte flowControl in new[] { Framing.XOn, Framing.XOff })
        {
            List<object> results = Line.Decode([.. frame[..4], flowControl, .. frame[4..], .. Line.Frame(Next)]);
            Assert.Equal([DecodeResult.Damaged, Received.Of(Next)], results);
        }
    }

    [Fact]
    public void Decoding_allocates_nothing()
    {
        Random random = Seeded.Random(output);
        Message[] messages = [.. AllMessages.Blank()];
        foreach (Message message in messages)
        {
            AllMessages.Fill(message, random);
        }

        byte[] bytes = [.. messages.SelectMany(message => Line.Frame(message)), .. NoisyBytes(random, 2000)];
        FrameDecoder decoder = new();
        DecodeInto(decoder, bytes, messages);
        TakeInto(decoder, bytes, messages);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int frames = DecodeInto(decoder, bytes, messages);
        int taken = TakeInto(decoder, bytes, messages);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(frames >= messages.Length && taken == frames);
    }

    private static int DecodeInto(FrameDecoder decoder, byte[] bytes, Message[] messages)
    {
        int frames = 0;
        foreach (byte value in bytes)
        {
            if (decoder.Push(value) == DecodeResult.Frame)
            {
                frames++;
                Read(decoder, messages);
            }
        }

        return frames;
    }

    private static int TakeInto(FrameDecoder decoder, byte[] bytes, Message[] messages)
    {
        int frames = 0;
        int at = 0;
        while (at < bytes.Length)
        {
            at = decoder.Take(bytes, at, bytes.Length);
            if (decoder.Result == DecodeResult.Frame)
            {
                frames++;
                Read(decoder, messages);
            }
        }

        return frames;
    }

    private static void Read(FrameDecoder decoder, Message[] messages)
    {
        foreach (Message message in messages)
        {
            if (message.Id == decoder.Id)
            {
                decoder.TryRead(message);
            }
        }
    }

    private static void AssertNothingElseIsAccepted(Message original, byte[] damaged)
    {
        List<object> results = Line.Decode([.. damaged, .. Line.Frame(Next)]);
        Assert.Equal(Received.Of(Next), results[^1]);
        Assert.All(results.SkipLast(1), result => Assert.True(result is not Received || result.Equals(Received.Of(original))));
    }

    /// <summary>Random bytes in which reserved ones are common.</summary>
    private static byte[] NoisyBytes(Random random, int count)
    {
        byte[] common = [Framing.Flag, Framing.Escape, Framing.Stop, Framing.XOn, Framing.XOff, 0x5E, 0x5D, 0x38, 0x31, 0x33, 0x00];
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = random.Next(6) == 0 ? common[random.Next(common.Length)] : (byte)random.Next(256);
        }

        return bytes;
    }
}
