using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace Microneedling.Protocol.Tests.Vectors;

/// <summary>
/// Every golden frame, spoilt in every small way: it is never taken for another frame, and the frame behind it is always
/// understood. The same damage at every run: what is rare by chance must not make a test fail now and then.
/// </summary>
public class VectorDamageTests(ITestOutputHelper output)
{
    private const int LongestBurstBits = 32;

    private static readonly byte[] Next = Line.Frame(new Heartbeat { HostNonce = 0x7E7D1811 }, 0x7E18);
    private static readonly byte[][] Frames = [.. MessageVectors.File.Read().Select(vector => Convert.FromHexString((string)((JsonNode)vector)["frame"]!))];

    private long tried;

    [Fact]
    public void Cut_at_any_byte_from_either_end_a_frame_is_gone_and_the_next_is_understood()
    {
        foreach (byte[] frame in Frames)
        {
            for (int at = 1; at < frame.Length - 1; at++)
            {
                AssertGone(frame.AsSpan(0, at));
                AssertGone(frame.AsSpan(at));
            }
        }

        Told();
    }

    [Fact]
    public void With_any_one_bit_turned_a_frame_is_gone_and_the_next_is_understood()
    {
        foreach (byte[] frame in Frames)
        {
            byte[] damaged = [.. frame];
            for (int bit = 0; bit < frame.Length * 8; bit++)
            {
                Turn(damaged, bit, 1);
                AssertGone(damaged);
                Turn(damaged, bit, 1);
            }
        }

        Told();
    }

    [Fact]
    public void With_a_burst_of_up_to_32_bits_at_any_place_a_frame_is_gone_and_the_next_is_understood()
    {
        Random random = Seeded.Random(output, 32);
        foreach (byte[] frame in Frames)
        {
            byte[] damaged = [.. frame];
            for (int bit = 0; bit < frame.Length * 8; bit++)
            {
                // Eight lengths at every place; the next place has others.
                for (int turn = 0; turn < 8; turn++)
                {
                    int length = Math.Min(2 + ((bit + (4 * turn)) % (LongestBurstBits - 1)), (frame.Length * 8) - bit);
                    // A burst begins and ends with a turned bit; what is between is as it comes.
                    ulong ends = 1UL | (1UL << (length - 1));
                    ulong pattern = ends | ((ulong)random.NextInt64() & ((1UL << length) - 1));
                    Turn(damaged, bit, pattern);
                    AssertGone(damaged, isWholeButForItsEnd: damaged[^1] == Framing.Stop && damaged.AsSpan(..^1).SequenceEqual(frame.AsSpan(..^1)));
                    Turn(damaged, bit, pattern);
                }
            }
        }

        Told();
    }

    [Fact]
    public void With_any_two_bytes_swapped_a_frame_is_gone_and_the_next_is_understood()
    {
        foreach (byte[] frame in Frames)
        {
            for (int first = 0; first < frame.Length; first++)
            {
                for (int second = first + 1; second < frame.Length; second++)
                {
                    byte[] damaged = [.. frame];
                    (damaged[first], damaged[second]) = (damaged[second], damaged[first]);
                    if (frame[first] != frame[second])
                    {
                        AssertGone(damaged);
                    }
                }
            }
        }

        Told();
    }

    private static void Turn(byte[] bytes, int bit, ulong pattern)
    {
        for (int i = 0; pattern >> i != 0 && i < 64; i++)
        {
            bytes[(bit + i) / 8] ^= (byte)(((pattern >> i) & 1) << ((bit + i) % 8));
        }
    }

    // Nothing of these bytes is a frame, and what stands behind them is.
    private void AssertGone(ReadOnlySpan<byte> damaged, bool isWholeButForItsEnd = false)
    {
        tried++;
        FrameDecoder decoder = new();
        foreach (byte value in damaged)
        {
            if (decoder.Push(value) == DecodeResult.Frame)
            {
                Assert.Fail($"{Convert.ToHexString(damaged)} was taken for a frame.");
            }
        }

        // The next frame's opening flag may close this one too: when all of it is there but for its own closing flag.
        int frames = 0;
        foreach (byte value in Next)
        {
            frames += decoder.Push(value) == DecodeResult.Frame ? 1 : 0;
        }

        if (frames != (isWholeButForItsEnd ? 2 : 1) || decoder.Id != MessageId.Heartbeat || decoder.Sequence != 0x7E18)
        {
            Assert.Fail($"{Convert.ToHexString(damaged)} kept the next frame from being understood.");
        }
    }

    private void Told()
    {
        output.WriteLine($"{Frames.Length} frames, {tried} damaged ones");
        Assert.True(tried > Frames.Length * 20);
    }
}
