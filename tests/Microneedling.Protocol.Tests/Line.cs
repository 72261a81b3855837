namespace Microneedling.Protocol.Tests;

/// <summary>Frames as bytes on the line, and what a decoder makes of such bytes.</summary>
internal static class Line
{
    /// <summary>A whole frame.</summary>
    public static byte[] Frame(Message message, ushort sequence = 1, ushort replyTo = 0)
    {
        byte[] target = new byte[Framing.MaximumFrameLength];
        int length = new FrameEncoder().Encode(message, sequence, replyTo, target);
        return target[..length];
    }

    /// <summary>A whole frame around any bytes: they need not be a message.</summary>
    public static byte[] FrameAround(byte id, byte[] payload) => Frame(new RawMessage(id, payload));

    /// <summary>What a fresh decoder says of the bytes, the same whether it gets them one by one or all at once; frames as <see cref="Received"/>.</summary>
    public static List<object> Decode(IEnumerable<byte> bytes)
    {
        byte[] recording = [.. bytes];
        FrameDecoder decoder = new();
        List<object> results = [];
        foreach (byte value in recording)
        {
            Add(results, decoder, decoder.Push(value));
        }

        Assert.Equal(results, DecodeInChunks(recording, () => recording.Length));
        return results;
    }

    /// <summary>The same of a fresh decoder that gets so many bytes at a time, out of a larger array.</summary>
    public static List<object> DecodeInChunks(byte[] recording, Func<int> nextLength)
    {
        FrameDecoder decoder = new();
        List<object> results = [];
        for (int offset = 0; offset < recording.Length;)
        {
            int end = Math.Min(offset + nextLength(), recording.Length);
            while (offset < end)
            {
                int next = decoder.Take(recording, offset, end);
                Assert.InRange(next, offset + 1, end);
                Assert.True(next == end || decoder.Result != DecodeResult.None);
                offset = next;
                Add(results, decoder, decoder.Result);
            }
        }

        return results;
    }

    private static void Add(List<object> results, FrameDecoder decoder, DecodeResult result)
    {
        if (result == DecodeResult.Frame)
        {
            results.Add(Received.From(decoder));
        }
        else if (result != DecodeResult.None)
        {
            results.Add(result);
        }
    }
}

/// <summary>A received frame: header and payload.</summary>
internal sealed record Received(byte Id, ushort Sequence, ushort ReplyTo, string Payload)
{
    public static Received From(FrameDecoder decoder)
    {
        RawMessage payload = new((byte)decoder.Id, new byte[decoder.PayloadLength]);
        Assert.True(decoder.TryRead(payload));
        return new Received((byte)decoder.Id, decoder.Sequence, decoder.ReplyTo, Convert.ToHexString(payload.Bytes));
    }

    public static Received Of(Message message, ushort sequence = 1, ushort replyTo = 0) =>
        new((byte)message.Id, sequence, replyTo, Convert.ToHexString(AllMessages.ExpectedPayload(message)));
}

/// <summary>Any number with any payload.</summary>
internal sealed class RawMessage(byte id, byte[] bytes) : Message
{
    public byte[] Bytes { get; } = bytes;

    public override MessageId Id => (MessageId)id;

    public override int MinimumLength => Bytes.Length;

    public override void Transfer(PayloadCursor cursor)
    {
        for (int i = 0; i < Bytes.Length; i++)
        {
            Bytes[i] = cursor.Byte(Bytes[i]);
        }
    }
}
