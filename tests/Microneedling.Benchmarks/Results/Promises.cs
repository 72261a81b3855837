// Every figure that has a limit, in one table: what the documents promise and the benchmarks judge.

namespace Microneedling.Benchmarks.Results;

/// <summary>A limit that a figure has to keep.</summary>
/// <param name="Part">The part that measures it.</param>
/// <param name="Name">Of the figure.</param>
/// <param name="Relation">&lt;=, &gt;= or =.</param>
/// <param name="Limit">In its unit.</param>
/// <param name="Unit">ms, µm, %, x (times), or nothing for a count.</param>
/// <param name="DependsOnRun">Whether noise of the machine, or the size of the run, decides about it too.</param>
internal sealed record Promise(string Part, string Name, string Relation, double Limit, string Unit, bool DependsOnRun = false)
{
    /// <summary>The figure that was measured for it.</summary>
    public Figure Of(double value, string how) => new(Name, value, Unit, Limit, Relation, how) { DependsOnRun = DependsOnRun };
}

internal static class Promises
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Promise> All { get; } =
    [
        new("stop", "stop.byte.max_ms.nominal", "<=", 25, "ms"),
        new("stop", "stop.byte.max_ms.worst", "<=", 180, "ms"),
        new("stop", "stop.command.max_ms.nominal", "<=", 35, "ms"),
        new("stop", "stop.linkloss.max_ms.nominal", "<=", 530, "ms"),
        new("stop", "stop.disturbed.nominal", "=", 0, ""),
        new("stop", "stop.not_retracted.nominal", "=", 0, ""),
        new("stop", "stop.tips_behind.max_ms.nominal", "<=", 1_500, "ms"),
        new("accuracy", "depth.error.p99_um.dynamic", "<=", 15, "µm"),
        new("accuracy", "rate.error.p99_percent.dynamic", "<=", 2, "%"),
        new("accuracy", "accuracy.disturbed.dynamic", "=", 0, ""),
        new("campaign", "campaign.strokes", ">=", 1_000_000, "", true),
        new("campaign", "campaign.violations", "=", 0, ""),
        new("campaign", "sim.speed_x", ">=", 300, "x", true),
        new("soak", "soak.hours", ">=", 24, "h", true),
        new("soak", "soak.strokes_miscounted", "=", 0, ""),
        new("soak", "soak.memory_growth_kib", "<=", 256, "KiB"),
        new("soak", "soak.depth_drift_um", "<=", 15, "µm"),
        new("soak", "soak.stage_steps_lost", "=", 0, ""),
        new("soak", "soak.faults", "=", 0, ""),
        new("fuzz", "fuzz.bytes", ">=", 10_000_000, "bytes"),
        new("fuzz", "fuzz.false_accepts", "=", 0, ""),
        new("fuzz", "fuzz.device_violations", "=", 0, ""),
        new("codec", "codec.encode_ns", "<=", 250, "ns", true),
        new("codec", "codec.decode_ns", "<=", 250, "ns", true),
        new("codec", "codec.alloc_bytes", "=", 0, "bytes"),
        new("codec", "codec.vs_protobuf_x", ">=", 3, "x", true),
        new("codec", "codec.decoder_mb_per_s", ">=", 150, "MB/s", true),
        new("link.rtt", "link.rtt_pty.p99_ms", "<=", 1, "ms", true),
        new("link.chaos", "link.chaos.duplicated", "=", 0, ""),
        new("link.chaos", "link.chaos.lost", "=", 0, ""),
        new("link.chaos", "link.chaos.broken_runs", "=", 0, ""),
        new("scale", "scale.devices64.cores", "<=", 0.5, "cores", true),
        new("scale", "scale.devices64.events_lost", "=", 0, ""),
        new("record.ingest", "record.ingest_rows_per_s", ">=", 50_000, "rows/s", true),
        new("record.devices", "record.devices64.cores", "<=", 0.5, "cores", true),
        new("record.devices", "record.devices64.rows_lost", "=", 0, ""),
        new("record.powercuts", "record.powercuts.tried", ">=", 200, "", true),
        new("record.powercuts", "record.powercuts.lost", "=", 0, ""),
        new("record.forward", "record.forward_rows_per_s", ">=", 20_000, "rows/s", true),
        new("record.open", "record.open_read_ms.hour", "<=", 300, "ms", true),
        new("record.open", "record.open_ms.hour", "<=", 300, "ms", true),
        new("record.million", "record.page_ms.million", "<=", 50, "ms", true),
        new("tablet.stop", "tablet.stop.p99_ms", "<=", 20, "ms", true),
        new("tablet.stop", "tablet.stop.running.p99_ms", "<=", 20, "ms", true),
        new("tablet.stop", "tablet.stop.lost", "=", 0, ""),
        new("tablet.stop", "tablet.stop.touch.lost", "=", 0, ""),
        new("tablet.stop", "tablet.stop.running.lost", "=", 0, ""),
        new("tablet.pixels", "tablet.pixels.p99_ms", "<=", 100, "ms", true),
        new("tablet.load", "tablet.load_ms", "<=", 1_000, "ms", true),
        new("tablet.load", "tablet.script_kb_gzip", "<=", 80, "kB"),
        new("tablet.watchers", "tablet.watchers.age.p99_ms", "<=", 100, "ms", true),
        new("tablet.watchers", "tablet.watchers.states_missed", "=", 0, "", true),
        new("tablet.memory", "tablet.memory.heap_mb_per_hour", "<=", 2, "MB/h", true),
        new("tablet.memory", "tablet.memory.private_mb_per_hour", "<=", 16, "MB/h", true),
        new("tablet.memory", "tablet.memory.page_heap_mb_per_hour", "<=", 2, "MB/h", true),
        new("tablet.memory", "tablet.memory.page_nodes_per_hour", "<=", 50, "/h", true),
        new("tablet.memory", "tablet.memory.page_listeners_per_hour", "<=", 50, "/h", true),
        new("tablet.memory", "tablet.memory.hitches", "=", 0, "", true),
        new("coverage", "coverage.firmware_lines_percent", ">=", 95, "%"),
        new("coverage", "coverage.protocol_lines_percent", ">=", 95, "%"),
        new("mutation", "mutation.safety_percent", ">=", 85, "%", true),
        new("mutation", "mutation.survivors_unexplained", "=", 0, "", true),
    ];

    /// <summary>The figure measured for what is promised by this name.</summary>
    public static Figure Of(string name, double value, string how) => All.Single(promise => promise.Name == name).Of(value, how);

    /// <summary>The figure of this name: with its limit where one is promised, else only told.</summary>
    public static Figure JudgedOrTold(string name, double value, string unit, string how) =>
        All.Any(promise => promise.Name == name) ? Of(name, value, how) : Figure.Told(name, value, unit, how);
}
