using System.Diagnostics;
using System.Reflection;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Microneedling.Benchmarks.Codec;

/// <summary>
/// Runs <see cref="CodecBenchmarks"/> in this process and holds the best of many short rounds against the targets: what other
/// programs take from a round only ever makes it slower, and all sides are treated alike.
/// </summary>
internal static class CodecPart
{
    private const int RoundMilliseconds = 5;

    private const int WarmUpPasses = 5;

    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(50);

    public static IEnumerable<Finding> Measure(Size size)
    {
        Job job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(size.Of(20, 50))
            .WithIterationCount(size.Of(30, 300))
            .WithIterationTime(TimeInterval.FromMilliseconds(RoundMilliseconds));
        IConfig config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "artifacts"));
        CodecBenchmarks benchmarks = new();
        CompileForGood(benchmarks);
        Summary summary = BenchmarkRunner.Run<CodecBenchmarks>(config);

        (double ourEncode, double ourEncodeBytes) = Of(summary, nameof(CodecBenchmarks.EncodeOurs));
        (double ourDecode, double ourDecodeBytes) = Of(summary, nameof(CodecBenchmarks.DecodeOurs));
        (double protobufEncode, double protobufEncodeBytes) = Of(summary, nameof(CodecBenchmarks.EncodeProtobuf));
        (double protobufDecode, double protobufDecodeBytes) = Of(summary, nameof(CodecBenchmarks.DecodeProtobuf));
        (double lineByte, double lineBytes) = Of(summary, nameof(CodecBenchmarks.DecodeLine));
        (double mavlinkEncode, double mavlinkEncodeBytes) = Of(summary, nameof(CodecBenchmarks.EncodeMavlink));
        (double mavlinkDecode, double mavlinkDecodeBytes) = Of(summary, nameof(CodecBenchmarks.DecodeMavlink));
        (double jsonEncode, double jsonEncodeBytes) = Of(summary, nameof(CodecBenchmarks.EncodeJson));
        (double jsonDecode, double jsonDecodeBytes) = Of(summary, nameof(CodecBenchmarks.DecodeJson));
        (double ours, double protobuf, double mavlink, double json) = benchmarks.BytesOnTheLine();
        double ourWrite = Of(summary, nameof(CodecBenchmarks.WriteOurs)).Nanoseconds;
        double ourRead = Of(summary, nameof(CodecBenchmarks.ReadOurs)).Nanoseconds;
        double protobufWrite = Of(summary, nameof(CodecBenchmarks.WriteProtobuf)).Nanoseconds;
        double protobufRead = Of(summary, nameof(CodecBenchmarks.ReadProtobuf)).Nanoseconds;
        string best = $"best of {size.Of(30, 300)} rounds of {RoundMilliseconds} ms";
        return
        [
            Promises.Of("codec.encode_ns", ourEncode, $"a status into a frame, {best}"),
            Promises.Of("codec.decode_ns", ourDecode, $"a status out of a frame, {best}"),
            Promises.Of("codec.alloc_bytes", ourEncodeBytes + ourDecodeBytes + lineBytes, "allocated for a status into a frame, out of one, and a byte of any line"),
            Promises.Of("codec.vs_protobuf_x", Math.Min(protobufEncode / ourEncode, protobufDecode / ourDecode), "the slower way, into or out of the frame, against Google.Protobuf in the same frames in the same run"),
            Figure.Told("codec.vs_protobuf_encode_x", protobufEncode / ourEncode, "x", "into the frame"),
            Figure.Told("codec.vs_protobuf_decode_x", protobufDecode / ourDecode, "x", "out of the frame"),
            Figure.Told("codec.protobuf_encode_ns", protobufEncode, "ns", "a status as Protocol Buffers into the same frame"),
            Figure.Told("codec.protobuf_decode_ns", protobufDecode, "ns", "a status as Protocol Buffers out of the same frame"),
            Figure.Told("codec.protobuf_alloc_bytes", protobufEncodeBytes + protobufDecodeBytes, "bytes", "allocated for a status into a frame and out of one, by Protocol Buffers"),
            Figure.Told("codec.vs_mavlink_encode_x", mavlinkEncode / ourEncode, "x", "into the frame, against a frame as MAVLink 2 has it: 16 bits of check sum by a table, nothing stuffed; below 1 it is the faster one"),
            Figure.Told("codec.vs_mavlink_decode_x", mavlinkDecode / ourDecode, "x", "out of the frame"),
            Figure.Told("codec.mavlink_encode_ns", mavlinkEncode, "ns", "a status into that frame"),
            Figure.Told("codec.mavlink_decode_ns", mavlinkDecode, "ns", "a status out of that frame"),
            Figure.Told("codec.mavlink_alloc_bytes", mavlinkEncodeBytes + mavlinkDecodeBytes, "bytes", "allocated for a status into that frame and out of one"),
            Figure.Told("codec.vs_json_encode_x", jsonEncode / ourEncode, "x", "into the frame, against System.Text.Json with generated code, a status a line, without check sum"),
            Figure.Told("codec.vs_json_decode_x", jsonDecode / ourDecode, "x", "out of the frame"),
            Figure.Told("codec.json_encode_ns", jsonEncode, "ns", "a status into a line of JSON"),
            Figure.Told("codec.json_decode_ns", jsonDecode, "ns", "a status out of a line of JSON"),
            Figure.Told("codec.json_alloc_bytes", jsonEncodeBytes + jsonDecodeBytes, "bytes", "allocated for a status into a line and out of one"),
            Figure.Told("codec.wire_bytes", ours, "bytes", "a status on the line, on average, of a device that runs"),
            Figure.Told("codec.wire_bytes.protobuf", protobuf, "bytes", "as Protocol Buffers in the same frame"),
            Figure.Told("codec.wire_bytes.mavlink", mavlink, "bytes", "in MAVLink's frame"),
            Figure.Told("codec.wire_bytes.json", json, "bytes", "as a line of JSON"),
            Figure.Told("codec.fields_write_x", protobufWrite / ourWrite, "x", "the fields alone without frame, written, against Google.Protobuf"),
            Figure.Told("codec.fields_read_x", protobufRead / ourRead, "x", "the fields alone without frame, read, against Google.Protobuf"),
            Promises.Of("codec.decoder_mb_per_s", 1000 / lineByte, "the decoder on all messages with any values"),
        ];
    }

    // The runtime compiles again what runs often, some time later: the side that is measured first would be measured before that.
    private static void CompileForGood(CodecBenchmarks benchmarks)
    {
        MethodInfo[] methods = [.. typeof(CodecBenchmarks).GetMethods().Where(method => method.IsDefined(typeof(BenchmarkAttribute)))];
        for (int pass = 0; pass < WarmUpPasses; pass++)
        {
            foreach (MethodInfo method in methods)
            {
                for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < WarmUp;)
                {
                    method.Invoke(benchmarks, null);
                }
            }
        }
    }

    private static (double Nanoseconds, double Bytes) Of(Summary summary, string method)
    {
        BenchmarkReport report = summary.Reports.Single(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method);
        return (report.ResultStatistics!.Min, report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? double.NaN);
    }
}
