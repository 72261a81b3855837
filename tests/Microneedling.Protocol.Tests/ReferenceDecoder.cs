namespace Microneedling.Protocol.Tests;

/// <summary>
/// The framing rules read a second time, over a whole recording instead of byte by byte: drop STOP bytes, split at
/// flags, unstuff, check the CRC from its definition. For comparison with <see cref="FrameDecoder"/>.
/// </summary>
internal static class ReferenceDecoder
{
    /// <summary>Frames and damage in order; STOP bytes are only counted.</summary>
    public static (List<object> Results, int Stops) Decode(byte[] recording)
    {
        byte[] withoutStops = [.. recording.Where(value => value != 0x18)];
        List<object> results = [];
        int open = Array.IndexOf(withoutStops, (byte)0x7E);
        while (open >= 0)
        {
            int close = Array.IndexOf(withoutStops, (byte)0x7E, open + 1);
            if (close > open + 1)
            {
                results.Add(ReadBody(withoutStops[(open + 1)..close]));
            }

            open = close;
        }

        return (results, recording.Length - withoutStops.Length);
    }

    /// <summary>CRC-32 from its definition, a bit at a time.</summary>
    public static uint BitwiseCrc(ReadOnlySpan<byte> data)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 1 ? 0xEDB88320 : 0);
            }
        }

        return ~crc;
    }

    private static object ReadBody(byte[] stuffed)
    {
        HashSet<byte> reserved = [0x7E, 0x7D, 0x18, 0x11, 0x13];
        List<byte> body = [];
        for (int i = 0; i < stuffed.Length; i++)
        {
            bool escape = stuffed[i] == 0x7D;
            if (escape && ++i == stuffed.Length)
            {
                return DecodeResult.Damaged;
            }

            byte value = escape ? (byte)(stuffed[i] ^ 0x20) : stuffed[i];
            if (reserved.Contains(value) != escape)
            {
                return DecodeResult.Damaged;
            }

            body.Add(value);
        }

        if (body.Count is < 5 + 4 or > 5 + 54 + 4)
        {
            return DecodeResult.Damaged;
        }

        byte[] bytes = [.. body];
        return BitwiseCrc(bytes.AsSpan(..^4)) == BitConverter.ToUInt32(bytes, bytes.Length - 4)
            ? new Received(bytes[0], BitConverter.ToUInt16(bytes, 1), BitConverter.ToUInt16(bytes, 3), Convert.ToHexString(bytes[5..^4]))
            : DecodeResult.Damaged;
    }
}
