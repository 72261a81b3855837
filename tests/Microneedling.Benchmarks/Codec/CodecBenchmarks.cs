using BenchmarkDotNet.Attributes;
using Microneedling.Protocol;

namespace Microneedling.Benchmarks.Codec;

/// <summary>
/// One status into a frame and out of one, ours beside Protocol Buffers within the same frames, MAVLink's frame and a line of
/// JSON; the fields alone, without frames; and the decoder alone on all messages with any values. An operation is one frame, or one byte of the line.
/// </summary>
public class CodecBenchmarks
{
    /// <summary>Different statuses that a round goes through, so that no branch is learnt by heart.</summary>
    private const int Statuses = 512;

    private const int LineBytes = 1_000_000;
    private const int LongestJson = 1_024;

    private readonly OurCodec ours = new();
    private readonly ProtobufCodec protobuf = new();
    private readonly FrameDecoder decoder = new();
    private readonly StatusReport ourStatus = new();
    private readonly ProtobufStatus protobufStatus = new();
    private readonly byte[] target = new byte[Math.Max(Framing.MaximumFrameLength, LongestJson)];
    private readonly StatusReport[] ourStatuses = Traffic.Statuses(Statuses);
    private readonly ProtobufStatus[] protobufStatuses;
    private readonly JsonStatus[] jsonStatuses;
    private readonly byte[][] ourPayloads;
    private readonly byte[][] protobufPayloads;
    private readonly byte[] ourLine;
    private readonly byte[] protobufLine;
    private readonly byte[] mavlinkLine;
    private readonly byte[] jsonLine;
    private readonly byte[] anyLine = Traffic.AnyFrames(LineBytes)[..LineBytes];

    public CodecBenchmarks()
    {
        protobufStatuses = [.. ourStatuses.Select(ProtobufCodec.From)];
        ourPayloads = [.. ourStatuses.Select(status => target[..ours.Write(status, target)])];
        protobufPayloads = [.. protobufStatuses.Select(status => target[..ProtobufCodec.Write(status, target)])];
        ourLine = [.. ourStatuses.SelectMany((status, i) => target[..ours.Encode(status, (ushort)i, target)])];
        protobufLine = [.. protobufStatuses.SelectMany((status, i) => target[..protobuf.Encode(status, (ushort)i, target)])];
        jsonStatuses = [.. ourStatuses.Select(JsonStatus.From)];
        mavlinkLine = [.. ourStatuses.SelectMany((status, i) => target[..MavlinkCodec.Encode(status, (byte)i, target)])];
        jsonLine = [.. jsonStatuses.SelectMany((status, i) => target[..JsonCodec.Encode(status, (ushort)i, target)])];
        StatusReport fromMavlink = new();
        if (MavlinkCodec.Decode(mavlinkLine, fromMavlink) != Statuses || JsonCodec.Decode(jsonLine, out JsonStatus? fromJson) != Statuses
            || fromJson != jsonStatuses[^1] || !ProtobufCodec.From(fromMavlink).Equals(protobufStatuses[^1])
            || ours.Decode(ourLine, ourStatus) != Statuses || protobuf.Decode(protobufLine, protobufStatus) != Statuses
            || !ProtobufCodec.From(ourStatus).Equals(protobufStatus) || !protobufStatuses[^1].Equals(protobufStatus))
        {
            throw new InvalidOperationException("What was written is not what was read: there is nothing to measure.");
        }
    }

    /// <summary>Bytes of a status on the line, on average: ours, Protocol Buffers in our frames, MAVLink's frame, a line of JSON.</summary>
    public (double Ours, double Protobuf, double Mavlink, double Json) BytesOnTheLine() =>
        ((double)ourLine.Length / Statuses, (double)protobufLine.Length / Statuses, (double)mavlinkLine.Length / Statuses, (double)jsonLine.Length / Statuses);

    [Benchmark(OperationsPerInvoke = Statuses)]
    public int EncodeOurs()
    {
        int length = 0;
        for (int i = 0; i < Statuses; i++)
        {
            length += ours.Encode(ourStatuses[i], (ushort)i, target);
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Statuses)]
    public int EncodeProtobuf()
    {
        int length = 0;
        for (int i = 0; i < Statuses; i++)
        {
            length += protobuf.Encode(protobufStatuses[i], (ushort)i, target);
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Statuses)]
    public int DecodeOurs() => ours.Decode(ourLine, ourStatus);

    [Benchmark(OperationsPerInvoke = Statuses)]
    public int DecodeProtobuf() => protobuf.Decode(protobufLine, protobufStatus);

    [Benchmark(OperationsPerInvoke = Statuses)]
    public int EncodeMavlink()
    {
        int length = 0;
        for (int i = 0; i < Statuses; i++)
        {
            length += MavlinkCodec.Encode(ourStatuses[i], (byte)i, target);
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Statuses)]
    public int DecodeMavlink() => MavlinkCodec.Decode(mavlinkLine, ourStatus);

    [Benchmark(OperationsPerInvoke = Statuses)]
    public int EncodeJson()
    {
        int length = 0;
        for (int i = 0; i < Statuses; i++)
        {
            length += JsonCodec.Encode(jsonStatuses[i], (ushort)i, target);
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Statuses)]
    public int DecodeJson() => JsonCodec.Decode(jsonLine, out _);

    [Benchmark(OperationsPerInvoke = Statuses)]
    public int WriteOurs()
    {
        int length = 0;
        foreach (StatusReport status in ourStatuses)
        {
            length += ours.Write(status, target);
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Statuses)]
    public int WriteProtobuf()
    {
        int length = 0;
        foreach (ProtobufStatus status in protobufStatuses)
        {
            length += ProtobufCodec.Write(status, target);
        }

        return length;
    }

    [Benchmark(OperationsPerInvoke = Statuses)]
    public StatusReport ReadOurs()
    {
        foreach (byte[] payload in ourPayloads)
        {
            ours.Read(payload, ourStatus);
        }

        return ourStatus;
    }

    [Benchmark(OperationsPerInvoke = Statuses)]
    public object ReadProtobuf()
    {
        foreach (byte[] payload in protobufPayloads)
        {
            ProtobufCodec.Read(payload, protobufStatus);
        }

        return protobufStatus;
    }

    [Benchmark(OperationsPerInvoke = LineBytes)]
    public int DecodeLine()
    {
        int frames = 0;
        for (int at = 0; at < anyLine.Length;)
        {
            at = decoder.Take(anyLine, at, anyLine.Length);
            frames += decoder.Result == DecodeResult.Frame ? 1 : 0;
        }

        return frames;
    }
}
