using Google.Protobuf;
using Microneedling.Protocol;

namespace Microneedling.Benchmarks.Codec;

/// <summary>
/// A status as Protocol Buffers within our own frames: the same header, CRC and stuffing by the same code, only the payload
/// is another. Each way through the API that makes no object and copies nothing.
/// </summary>
internal sealed class ProtobufCodec
{
    private readonly FrameEncoder encoder = new();
    private readonly FrameDecoder decoder = new();

    /// <summary>Writes one frame and returns its length.</summary>
    public int Encode(ProtobufStatus status, ushort sequence, byte[] target)
    {
        int length = Write(status, encoder.Body.AsSpan(Framing.HeaderLength));
        return encoder.Close(MessageId.Status, sequence, 0, length, target);
    }

    /// <summary>Reads the statuses on a line, one after the other, into <paramref name="status"/>; returns how many they were.</summary>
    public int Decode(byte[] line, ProtobufStatus status)
    {
        int statuses = 0;
        for (int at = 0; at < line.Length;)
        {
            at = decoder.Take(line, at, line.Length);
            if (decoder.Result == DecodeResult.Frame)
            {
                Read(decoder.Body.AsSpan(Framing.HeaderLength, decoder.PayloadLength), status);
                statuses++;
            }
        }

        return statuses;
    }

    /// <summary>Writes the fields alone and returns their length.</summary>
    public static int Write(ProtobufStatus status, Span<byte> payload)
    {
        int length = status.CalculateSize();
        status.WriteTo(payload[..length]);
        return length;
    }

    /// <summary>Reads the fields alone.</summary>
    public static void Read(ReadOnlySpan<byte> payload, ProtobufStatus status)
    {
        Clear(status);
        status.MergeFrom(payload);
    }

    /// <summary>The same values as another status.</summary>
    public static ProtobufStatus From(StatusReport report) => new()
    {
        UptimeMilliseconds = report.UptimeMilliseconds,
        State = report.State,
        Fault = report.Fault,
        Inputs = report.Inputs,
        Flags = report.Flags,
        StagePositionMicrometers = report.StagePositionMicrometers,
        DepthMicrometers = report.DepthMicrometers,
        DepthCapMicrometers = report.DepthCapMicrometers,
        RateMillihertz = report.RateMillihertz,
        DrivenRateMillihertz = report.DrivenRateMillihertz,
        MeasuredRateMillihertz = report.MeasuredRateMillihertz,
        StrokeCount = report.StrokeCount,
        Token = report.Token,
        LatestEventNumber = report.LatestEventNumber,
        DroppedReports = report.DroppedReports,
        TickGaps = report.TickGaps,
        DamagedFrames = report.DamagedFrames,
        BurstStrokes = report.BurstStrokes,
        Alarm = report.Alarm,
        SessionNumber = report.SessionNumber,
    };

    // A zero is not sent, and merging leaves what is not sent as it was.
    private static void Clear(ProtobufStatus status)
    {
        status.UptimeMilliseconds = 0;
        status.State = 0;
        status.Fault = 0;
        status.Inputs = 0;
        status.Flags = 0;
        status.StagePositionMicrometers = 0;
        status.DepthMicrometers = 0;
        status.DepthCapMicrometers = 0;
        status.RateMillihertz = 0;
        status.DrivenRateMillihertz = 0;
        status.MeasuredRateMillihertz = 0;
        status.StrokeCount = 0;
        status.Token = 0;
        status.LatestEventNumber = 0;
        status.DroppedReports = 0;
        status.TickGaps = 0;
        status.DamagedFrames = 0;
        status.BurstStrokes = 0;
        status.Alarm = 0;
        status.SessionNumber = 0;
    }
}
