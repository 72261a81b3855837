using Microneedling.Protocol;

namespace Microneedling.Benchmarks.Codec;

/// <summary>A status as the protocol has it.</summary>
internal sealed class OurCodec
{
    private readonly FrameEncoder encoder = new();
    private readonly FrameDecoder decoder = new();
    private readonly PayloadCursor cursor = new();

    /// <summary>Writes one frame and returns its length.</summary>
    public int Encode(StatusReport status, ushort sequence, byte[] target) => encoder.Encode(status, sequence, 0, target);

    /// <summary>Reads the statuses on a line, one after the other, into <paramref name="status"/>; returns how many they were.</summary>
    public int Decode(byte[] line, StatusReport status)
    {
        int statuses = 0;
        for (int at = 0; at < line.Length;)
        {
            at = decoder.Take(line, at, line.Length);
            if (decoder.Result == DecodeResult.Frame && decoder.TryRead(status))
            {
                statuses++;
            }
        }

        return statuses;
    }

    /// <summary>Writes the fields alone and returns their length.</summary>
    public int Write(StatusReport status, byte[] payload)
    {
        cursor.StartWriting(payload, 0);
        status.Transfer(cursor);
        return cursor.Position;
    }

    /// <summary>Reads the fields alone.</summary>
    public void Read(byte[] payload, StatusReport status)
    {
        cursor.StartReading(payload, 0, payload.Length);
        status.Transfer(cursor);
    }
}
