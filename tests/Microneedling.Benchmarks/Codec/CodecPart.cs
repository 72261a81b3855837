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
        yield return Row.Below("status into a frame", ourEncode, NanosecondsTarget, "ns");
        yield return Row.Below("status out of a frame", ourDecode, NanosecondsTarget, "ns");
        yield return Row.Exactly("  allocated by either", ourEncodeBytes + ourDecodeBytes + lineBytes, 0, "bytes");
        yield return Row.Told("the same as Protocol Buffers into the same frame", protobufEncode, "ns");
        yield return Row.Told("the same as Protocol Buffers out of the same frame", protobufDecode, "ns");
        yield return Row.Told("  allocated by either", protobufEncodeBytes + protobufDecodeBytes, "bytes");
        yield return Row.AtLeast("ours faster than Protocol Buffers, into a frame", protobufEncode / ourEncode, TimesFasterTarget, "times");
        yield return Row.AtLeast("ours faster than Protocol Buffers, out of a frame", protobufDecode / ourDecode, TimesFasterTarget, "times");
        yield return Row.AtLeast("decoder on all messages with any values", 1000 / lineByte, MegabytesPerSecondTarget, "MB/s");
    }

    private static (double Nanoseconds, double Bytes) Of(Summary summary, string method)
    {
        BenchmarkReport report = summary.Reports.Single(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method);
        return (report.ResultStatistics!.Min, report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? double.NaN);
    }
}
