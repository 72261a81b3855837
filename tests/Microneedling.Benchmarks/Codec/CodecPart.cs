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
        Summary summary = BenchmarkRunner.Run<CodecBenchmarks>(config);

        (double ourEncode, double ourEncodeBytes) = Of(summary, nameof(CodecBenchmarks.EncodeOurs));
        (double ourDecode, double ourDecodeBytes) = Of(summary, nameof(CodecBenchmarks.DecodeOurs));
        (double protobufEncode, double protobufEncodeBytes) = Of(summary, nameof(CodecBenchmarks.EncodeProtobuf));
        (double protobufDecode, double protobufDecodeBytes) = Of(summary, nameof(CodecBenchmarks.DecodeProtobuf));
        (double lineByte, double lineBytes) = Of(summary, nameof(CodecBenchmarks.DecodeLine));
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
            Figure.Told("codec.fields_write_x", protobufWrite / ourWrite, "x", "the fields alone without frame, written, against Google.Protobuf"),
            Figure.Told("codec.fields_read_x", protobufRead / ourRead, "x", "the fields alone without frame, read, against Google.Protobuf"),
            Promises.Of("codec.decoder_mb_per_s", 1000 / lineByte, "the decoder on all messages with any values"),
        ];
    }

    private static (double Nanoseconds, double Bytes) Of(Summary summary, string method)
    {
        BenchmarkReport report = summary.Reports.Single(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method);
        return (report.ResultStatistics!.Min, report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? double.NaN);
    }
}
