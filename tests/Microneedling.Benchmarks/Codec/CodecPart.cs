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
    private const double NanosecondsTarget = 250;
    private const double TimesFasterTarget = 3;
    private const double MegabytesPerSecondTarget = 150;
    private const int Rounds = 300;
    private const int RoundMilliseconds = 5;

    public static IEnumerable<Row> Measure()
    {
        Job job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(50)
            .WithIterationCount(Rounds)
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
        return
        [
            Row.Below("status into a frame", ourEncode, NanosecondsTarget, "ns"),
            Row.Below("status out of a frame", ourDecode, NanosecondsTarget, "ns"),
            Row.Exactly("  allocated", ourEncodeBytes + ourDecodeBytes + lineBytes, 0, "bytes"),
            Row.Told("as Protocol Buffers into the same frame", protobufEncode, "ns"),
            Row.Told("as Protocol Buffers out of the same frame", protobufDecode, "ns"),
            Row.Told("  allocated", protobufEncodeBytes + protobufDecodeBytes, "bytes"),
            Row.AtLeast("ours against Protocol Buffers, into a frame", protobufEncode / ourEncode, TimesFasterTarget, "times as fast"),
            Row.AtLeast("ours against Protocol Buffers, out of a frame", protobufDecode / ourDecode, TimesFasterTarget, "times as fast"),
            Row.Told("  the fields alone, written without a frame: ours", ourWrite, "ns"),
            Row.Told("    Protocol Buffers", protobufWrite, "ns"),
            Row.Told("  the fields alone, read without a frame: ours", ourRead, "ns"),
            Row.Told("    Protocol Buffers", protobufRead, "ns"),
            Row.AtLeast("decoder on all messages with any values", 1000 / lineByte, MegabytesPerSecondTarget, "MB/s"),
        ];
    }

    private static (double Nanoseconds, double Bytes) Of(Summary summary, string method)
    {
        BenchmarkReport report = summary.Reports.Single(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method);
        return (report.ResultStatistics!.Min, report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? double.NaN);
    }
}
