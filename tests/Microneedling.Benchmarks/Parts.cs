using Microneedling.Benchmarks.Clients;
using Microneedling.Benchmarks.Codec;
using Microneedling.Benchmarks.Device;
using Microneedling.Benchmarks.Proof;
using Microneedling.Benchmarks.Recording;
using Microneedling.Benchmarks.Tablet;

namespace Microneedling.Benchmarks;

/// <summary>All that is measured, in the order in which it is told.</summary>
internal static class Parts
{
    public static IReadOnlyList<Part> All { get; } =
    [
        new("stop", "Stop", size => Task.FromResult(StopTimesPart.Measure(size))),
        new("accuracy", "Depth and rate of each stroke", size => Task.FromResult(AccuracyPart.Measure(size))),
        new("campaign", "Campaign: anything that people, lines and breakages can do", size => Task.FromResult(CampaignPart.Measure(size))),
        new("soak", "Soak: a day of treatments", size => Task.FromResult(SoakPart.Measure(size))),
        new("fuzz", "Fuzzing", size => Task.FromResult(FuzzPart.Measure(size))),
        new("codec", "Codec", size => Task.FromResult(CodecPart.Measure(size))),
        new("link.rtt", "Link: round trips", RoundTripPart.MeasureAsync),
        new("link.chaos", "Link: commands over bad lines, cuts", size => Task.FromResult(ChaosPart.Measure(size))),
        new("scale", "Scale: many devices in one host", ClientsPart.MeasureAsync),
        .. TabletParts.All,
        new("record.ingest", "Record: taking in", IngestPart.MeasureAsync),
        new("record.devices", "Record: many devices", DevicesPart.MeasureAsync),
        new("record.growth", "Record: how it grows", GrowthPart.MeasureAsync),
        new("record.keeping", "Record: checks, backups, out and in", KeepingPart.MeasureAsync),
        new("record.powercuts", "Record: programs that die", PowerCutsPart.MeasureAsync),
        new("record.forward", "Record: forwarding", ForwardPart.MeasureAsync),
        new("record.open", "Record: opening a session", OpenPart.MeasureAsync),
        new("record.million", "Record: finding sessions", MillionPart.MeasureAsync),
        new("coverage", "Tests: what they go through", CoveragePart.MeasureAsync),
        new("mutation", "Tests: what they notice", MutationPart.MeasureAsync),
    ];
}
