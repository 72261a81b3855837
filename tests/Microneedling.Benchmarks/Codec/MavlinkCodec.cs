// A status in a frame as MAVLink 2 has it (mavlink.io, "Packet Serialization"), written for this comparison:
//
//   FD | length | 0 | 0 | sequence | system | component | message, 3 bytes | payload | X.25 check sum
//
// Little-endian, the widest fields first, zeros at the payload's end left out. Nothing is stuffed: an FD in the payload looks like
// a beginning, and a reader that begins in the middle finds its way by check sums. 16 bits of check sum where ours has 32.

using System.Buffers.Binary;
using Microneedling.Protocol;

namespace Microneedling.Benchmarks.Codec;

internal static class MavlinkCodec
{
    private const byte Begin = 0xFD;
    private const int HeaderLength = 10;
    private const int ChecksumLength = 2;
    private const int PayloadLength = (8 * 4) + (9 * 2) + 3;
    private const byte Extra = 0x5A;
    private const byte System = 1;
    private const byte Component = 1;
    private const int MessageNumber = 0x0C0D;

    private static readonly ushort[] Table = MakeTable();

    /// <summary>Longest frame.</summary>
    public const int LongestFrame = HeaderLength + PayloadLength + ChecksumLength;

    /// <summary>Writes one frame and returns its length.</summary>
    public static int Encode(StatusReport status, byte sequence, Span<byte> target)
    {
        Span<byte> payload = target.Slice(HeaderLength, PayloadLength);
        Write(status, payload);
        int length = PayloadLength;
        while (length > 1 && payload[length - 1] == 0)
        {
            length--;
        }

        target[0] = Begin;
        target[1] = (byte)length;
        target[2] = 0;
        target[3] = 0;
        target[4] = sequence;
        target[5] = System;
        target[6] = Component;
        target[7] = MessageNumber & 0xFF;
        target[8] = MessageNumber >> 8;
        target[9] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(target[(HeaderLength + length)..], Checksum(target[1..(HeaderLength + length)]));
        return HeaderLength + length + ChecksumLength;
    }

    /// <summary>Reads the statuses on a line, one after the other, into <paramref name="status"/>; returns how many they were.</summary>
    public static int Decode(ReadOnlySpan<byte> line, StatusReport status)
    {
        int statuses = 0;
        Span<byte> payload = stackalloc byte[PayloadLength];
        for (int at = 0; at + HeaderLength + ChecksumLength <= line.Length;)
        {
            int length = line[at + 1];
            int end = at + HeaderLength + length;
            bool whole = line[at] == Begin && length <= PayloadLength && end + ChecksumLength <= line.Length
                && BinaryPrimitives.ReadUInt16LittleEndian(line[end..]) == Checksum(line[(at + 1)..end]);
            if (!whole)
            {
                at++;
                continue;
            }

            payload.Clear();
            line[(at + HeaderLength)..end].CopyTo(payload);
            Read(payload, status);
            statuses++;
            at = end + ChecksumLength;
        }

        return statuses;
    }

    private static void Write(StatusReport status, Span<byte> payload)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(payload, status.UptimeMilliseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[4..], status.RateMillihertz);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[8..], status.DrivenRateMillihertz);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[12..], status.MeasuredRateMillihertz);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[16..], status.StrokeCount);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[20..], status.Token);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[24..], status.LatestEventNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[28..], status.SessionNumber);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[32..], status.Fault);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[34..], status.Inputs);
        BinaryPrimitives.WriteInt16LittleEndian(payload[36..], status.StagePositionMicrometers);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[38..], status.DepthMicrometers);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[40..], status.DepthCapMicrometers);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[42..], status.DroppedReports);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[44..], status.TickGaps);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[46..], status.DamagedFrames);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[48..], status.BurstStrokes);
        payload[50] = status.State;
        payload[51] = status.Flags;
        payload[52] = status.Alarm;
    }

    private static void Read(ReadOnlySpan<byte> payload, StatusReport status)
    {
        status.UptimeMilliseconds = BinaryPrimitives.ReadUInt32LittleEndian(payload);
        status.RateMillihertz = BinaryPrimitives.ReadUInt32LittleEndian(payload[4..]);
        status.DrivenRateMillihertz = BinaryPrimitives.ReadUInt32LittleEndian(payload[8..]);
        status.MeasuredRateMillihertz = BinaryPrimitives.ReadUInt32LittleEndian(payload[12..]);
        status.StrokeCount = BinaryPrimitives.ReadUInt32LittleEndian(payload[16..]);
        status.Token = BinaryPrimitives.ReadUInt32LittleEndian(payload[20..]);
        status.LatestEventNumber = BinaryPrimitives.ReadUInt32LittleEndian(payload[24..]);
        status.SessionNumber = BinaryPrimitives.ReadUInt32LittleEndian(payload[28..]);
        status.Fault = BinaryPrimitives.ReadUInt16LittleEndian(payload[32..]);
        status.Inputs = BinaryPrimitives.ReadUInt16LittleEndian(payload[34..]);
        status.StagePositionMicrometers = BinaryPrimitives.ReadInt16LittleEndian(payload[36..]);
        status.DepthMicrometers = BinaryPrimitives.ReadUInt16LittleEndian(payload[38..]);
        status.DepthCapMicrometers = BinaryPrimitives.ReadUInt16LittleEndian(payload[40..]);
        status.DroppedReports = BinaryPrimitives.ReadUInt16LittleEndian(payload[42..]);
        status.TickGaps = BinaryPrimitives.ReadUInt16LittleEndian(payload[44..]);
        status.DamagedFrames = BinaryPrimitives.ReadUInt16LittleEndian(payload[46..]);
        status.BurstStrokes = BinaryPrimitives.ReadUInt16LittleEndian(payload[48..]);
        status.State = payload[50];
        status.Flags = payload[51];
        status.Alarm = payload[52];
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0xFFFF;
        foreach (byte value in bytes)
        {
            crc = (ushort)((crc >> 8) ^ Table[(byte)(crc ^ value)]);
        }

        return (ushort)((crc >> 8) ^ Table[(byte)(crc ^ Extra)]);
    }

    private static ushort[] MakeTable()
    {
        ushort[] table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            ushort crc = (ushort)i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ 0x8408 : crc >> 1);
            }

            table[i] = crc;
        }

        return table;
    }
}
