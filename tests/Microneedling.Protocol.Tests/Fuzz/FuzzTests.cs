using System.Buffers.Binary;
using Xunit.Abstractions;

namespace Microneedling.Protocol.Tests.Fuzz;

/// <summary>
/// Whatever comes down the line: nothing throws, nothing is accepted that nobody sent, and nothing ever keeps the next
/// whole frame or a STOP from being seen.
/// </summary>
public class FuzzTests(ITestOutputHelper output)
{
    private const int RandomBytes = 10_000_000;
    private const int BlockBytes = 1 << 16;
    private const int Mutations = 30_000;

    private static readonly byte[] Hostile = [Framing.Flag, Framing.Escape, Framing.Stop, Framing.XOn, Framing.XOff, 0x5E, 0x5D, 0x38, 0x31, 0x33, 0x00, 0xFF];
    private static readonly Heartbeat Next = new() { HostNonce = 0x137D7E18 };
    private static readonly byte[] NextFrame = Line.Frame(Next, 0x1811);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ten_million_random_bytes_hold_no_frame_and_every_stop_and_never_wedge(bool hostile)
    {
        Random random = Seeded.Random(output);
        FrameDecoder decoder = new();
        FrameDecoder inRuns = new();
        byte[] block = new byte[BlockBytes];
        int stops = 0;
        int takenStops = 0;
        int damaged = 0;
        int expectedStops = 0;
        int followed = 0;
        for (int done = 0; done < RandomBytes; done += BlockBytes)
        {
            Fill(block, random, hostile);
            foreach (byte value in block)
            {
                expectedStops += value == Framing.Stop ? 1 : 0;
                switch (decoder.Push(value))
                {
                    case DecodeResult.Stop:
                        stops++;
                        break;
                    case DecodeResult.Damaged:
                        damaged++;
                        break;
                    case DecodeResult.Frame:
                        // One garbage in four thousand million has the right CRC; this many bytes hold far fewer.
                        Assert.Fail($"{decoder.Id} of {decoder.PayloadLength} bytes was sent by nobody.");
                        break;
                    default:
                        break;
                }
            }

            takenStops += TakeStops(inRuns, block);
            followed += PushNext(decoder);
            Assert.Equal(1, PushNext(inRuns));
        }

        output.WriteLine($"{RandomBytes} bytes: {damaged} damaged, {stops} STOP, {followed} frames behind them understood");
        Assert.Equal(expectedStops, stops);
        Assert.Equal(expectedStops, takenStops);
        Assert.Equal((RandomBytes + BlockBytes - 1) / BlockBytes, followed);
        Assert.True(damaged > 10_000);
    }

    [Fact]
    public void Mutated_frames_with_their_crc_made_anew_are_read_by_every_message_or_refused_and_nothing_throws()
    {
        Random random = Seeded.Random(output);
        Message[] messages = [.. AllMessages.Blank()];
        FrameDecoder decoder = new();
        long read = 0;
        long refused = 0;
        for (int round = 0; round < Mutations; round++)
        {
            Message message = messages[random.Next(messages.Length)];
            AllMessages.Fill(message, random);
            byte[] body = Mutate([(byte)message.Id, .. AllMessages.ExpectedPayload(message)], random);
            RawMessage sent = new(body[0], body[1..]);
            ushort sequence = (ushort)random.Next(65536);
            ushort replyTo = (ushort)random.Next(65536);
            Assert.Equal(DecodeResult.Frame, PushAll(decoder, Line.Frame(sent, sequence, replyTo)));
            Assert.Equal((sent.Id, sequence, replyTo, sent.Bytes.Length), (decoder.Id, decoder.Sequence, decoder.ReplyTo, decoder.PayloadLength));
            foreach (Message target in messages)
            {
                bool isRead = decoder.TryRead(target);
                if (isRead != sent.Bytes.Length >= target.MinimumLength)
                {
                    Assert.Fail($"{target.Id} of {sent.Bytes.Length} bytes was {(isRead ? "read" : "refused")}.");
                }

                read += isRead ? 1 : 0;
                refused += isRead ? 0 : 1;
                if (isRead && target.Id == sent.Id)
                {
                    // What was sent, or zeros where it ended.
                    byte[] fields = AllMessages.ExpectedPayload(target);
                    AssertReadTo(sent.Bytes, fields);
                }
            }
        }

        output.WriteLine($"{Mutations} frames: {read} payloads read, {refused} refused as too short");
        Assert.True(read > Mutations && refused > Mutations);
    }

    [Fact]
    public void Mutated_frames_with_the_old_crc_are_never_accepted()
    {
        Random random = Seeded.Random(output);
        Message[] messages = [.. AllMessages.Blank()];
        FrameDecoder decoder = new();
        int accepted = 0;
        for (int round = 0; round < Mutations; round++)
        {
            Message message = messages[random.Next(messages.Length)];
            AllMessages.Fill(message, random);
            byte[] frame = Line.Frame(message, (ushort)random.Next(65536));
            byte[] mutated = Mutate(frame, random);
            foreach (byte value in mutated)
            {
                accepted += decoder.Push(value) == DecodeResult.Frame && !Contains(mutated, frame) ? 1 : 0;
            }

            Assert.Equal(1, PushNext(decoder));
        }

        Assert.Equal(0, accepted);
    }

    [Fact]
    public void Stop_is_told_at_every_place_of_whatever_comes_and_changes_nothing_else()
    {
        Random random = Seeded.Random(output);
        for (int round = 0; round < 100; round++)
        {
            byte[] bytes = Traffic(random, 120);
            List<object> without = [.. Line.Decode(bytes).Where(result => result is not DecodeResult.Stop)];
            int stops = bytes.Count(value => value == Framing.Stop);
            for (int at = 0; at <= bytes.Length; at++)
            {
                List<object> with = Line.Decode([.. bytes[..at], Framing.Stop, .. bytes[at..]]);
                Assert.Equal(stops + 1, with.Count(result => result is DecodeResult.Stop));
                Assert.Equal(without, with.Where(result => result is not DecodeResult.Stop));
                Assert.Equal(with, Line.DecodeInChunks([.. bytes[..at], Framing.Stop, .. bytes[at..]], () => random.Next(1, 300)));
            }
        }
    }

    [Fact]
    public void Decoder_agrees_with_the_rules_read_a_second_time_on_a_million_bytes_of_spoilt_traffic()
    {
        Random random = Seeded.Random(output);
        int frames = 0;
        for (int part = 0; part < 10; part++)
        {
            byte[] bytes = Traffic(random, 100_000);
            (List<object> expected, int stops) = ReferenceDecoder.Decode(bytes);
            List<object> actual = Line.Decode(bytes);
            Assert.Equal(stops, actual.Count(result => result is DecodeResult.Stop));
            Assert.True(expected.SequenceEqual(actual.Where(result => result is not DecodeResult.Stop)));
            Assert.True(actual.SequenceEqual(Line.DecodeInChunks(bytes, () => random.Next(1, 90))));
            frames += expected.Count(result => result is Received);
        }

        output.WriteLine($"{frames} frames in it");
        Assert.True(frames > 5_000);
    }

    /// <summary>Whole frames, mutated ones, stops and noise.</summary>
    private static byte[] Traffic(Random random, int count)
    {
        List<byte> bytes = [];
        while (bytes.Count < count)
        {
            byte[] payload = new byte[random.Next(0, Framing.MaximumPayloadLength + 1)];
            Fill(payload, random, hostile: true);
            byte[] frame = Line.FrameAround((byte)random.Next(256), payload);
            bytes.AddRange(random.Next(5) switch { 0 => payload, 1 => Mutate(frame, random), _ => frame });
        }

        return [.. bytes];
    }

    /// <summary>One to four bytes changed, lost, doubled, put in, or the end cut off. Never empty.</summary>
    private static byte[] Mutate(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            int at = random.Next(bytes.Count);
            byte value = random.Next(3) == 0 ? Hostile[random.Next(Hostile.Length)] : (byte)random.Next(256);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = value;
                    break;
                case 1:
                    bytes.Insert(at, value);
                    break;
                case 2:
                    bytes.Insert(at, bytes[at]);
                    break;
                case 3 when bytes.Count > 1:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.RemoveRange(at + 1, bytes.Count - at - 1);
                    break;
            }
        }

        return [.. bytes.Take(Framing.MaximumPayloadLength + 1)];
    }

    private static void Fill(byte[] bytes, Random random, bool hostile)
    {
        random.NextBytes(bytes);
        for (int i = 0; hostile && i < bytes.Length; i++)
        {
            bytes[i] = (bytes[i] & 7) == 0 ? Hostile[(bytes[i] >> 3) % Hostile.Length] : bytes[i];
        }
    }

    private static void AssertReadTo(byte[] sent, byte[] fields)
    {
        for (int i = 0; i < fields.Length; i++)
        {
            // A field that is only partly there is not there.
            bool mayBeZero = sent.Length - i < sizeof(int);
            bool isAsSent = i < sent.Length && fields[i] == sent[i];
            if (!isAsSent && !(mayBeZero && fields[i] == 0))
            {
                Assert.Fail($"byte {i} of {Convert.ToHexString(sent)} was read as {fields[i]:X2}");
            }
        }
    }

    private static bool Contains(byte[] bytes, byte[] frame)
    {
        byte[] inside = [.. frame[1..^1]];
        return bytes.Where(value => value != Framing.Stop).ToArray().AsSpan().IndexOf(inside) >= 0;
    }

    private static int TakeStops(FrameDecoder decoder, byte[] bytes)
    {
        int stops = 0;
        for (int at = 0; at < bytes.Length;)
        {
            at = decoder.Take(bytes, at, bytes.Length);
            stops += decoder.Result == DecodeResult.Stop ? 1 : 0;
            if (decoder.Result == DecodeResult.Frame)
            {
                Assert.Fail($"{decoder.Id} of {decoder.PayloadLength} bytes was sent by nobody.");
            }
        }

        return stops;
    }

    private static int PushNext(FrameDecoder decoder)
    {
        int understood = 0;
        foreach (byte value in NextFrame)
        {
            understood += decoder.Push(value) == DecodeResult.Frame && decoder.Id == Next.Id && decoder.Sequence == 0x1811 ? 1 : 0;
        }

        return understood;
    }

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
