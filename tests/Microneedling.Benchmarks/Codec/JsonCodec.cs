using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microneedling.Protocol;

namespace Microneedling.Benchmarks.Codec;

/// <summary>A status as a line of JSON, by System.Text.Json with code made when it was built: no check sum, a line's end ends it.</summary>
internal static partial class JsonCodec
{
    private static readonly ArrayBufferWriter<byte> Buffer = new(1_024);
    private static readonly Utf8JsonWriter Writer = new(Buffer, new JsonWriterOptions { SkipValidation = true });

    /// <summary>Writes one line and returns its length.</summary>
    public static int Encode(JsonStatus status, ushort sequence, Span<byte> target)
    {
        status.Sequence = sequence;
        Buffer.ResetWrittenCount();
        Writer.Reset();
        JsonSerializer.Serialize(Writer, status, Context.Default.JsonStatus);
        Buffer.WrittenSpan.CopyTo(target);
        target[Buffer.WrittenCount] = (byte)'\n';
        return Buffer.WrittenCount + 1;
    }

    /// <summary>Reads the statuses on a line, one after the other; returns how many they were, and the last.</summary>
    public static int Decode(ReadOnlySpan<byte> line, out JsonStatus? last)
    {
        int statuses = 0;
        last = null;
        for (int end; (end = line.IndexOf((byte)'\n')) >= 0; line = line[(end + 1)..])
        {
            last = JsonSerializer.Deserialize(line[..end], Context.Default.JsonStatus);
            statuses++;
        }

        return statuses;
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(JsonStatus))]
    private sealed partial class Context : JsonSerializerContext;
}

/// <summary>A status as an object of JSON.</summary>
internal sealed record JsonStatus
{
    public ushort Sequence { get; set; }

    public uint UptimeMilliseconds { get; set; }

    public byte State { get; set; }

    public ushort Fault { get; set; }

    public ushort Inputs { get; set; }

    public byte Flags { get; set; }

    public short StagePositionMicrometers { get; set; }

    public ushort DepthMicrometers { get; set; }

    public ushort DepthCapMicrometers { get; set; }

    public uint RateMillihertz { get; set; }

    public uint DrivenRateMillihertz { get; set; }

    public uint MeasuredRateMillihertz { get; set; }

    public uint StrokeCount { get; set; }

    public uint Token { get; set; }

    public uint LatestEventNumber { get; set; }

    public ushort DroppedReports { get; set; }

    public ushort TickGaps { get; set; }

    public ushort DamagedFrames { get; set; }

    public ushort BurstStrokes { get; set; }

    public byte Alarm { get; set; }

    public uint SessionNumber { get; set; }

    /// <summary>The same values as another status.</summary>
    public static JsonStatus From(StatusReport report) => new()
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
}
