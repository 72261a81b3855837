using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Benchmarks.Device;

/// <summary>A day of work: a treatment every half hour, at rest in between. What grows, what drifts, what is miscounted.</summary>
internal static class SoakPart
{
    private const int Seed = 24;
    private const int TreatmentsOfADay = 48;
    private const int DepthMicrometers = 1_000;
    private const int RateMillihertz = 80_000;
    private const int StrokesMeasured = 500;
    private const long HalfHourMicroseconds = 1_800_000_000;

    // Within one flag, and one stroke under way.
    private const int StrokesUnsure = 2;

    private static readonly TimeSpan Treatment = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public static IEnumerable<Finding> Measure(Size size)
    {
        int treatments = size.Of(6, TreatmentsOfADay);
        using TreatedBoard board = new(new BoardOptions { Seed = Seed, Imperfections = ImperfectionLevel.Dynamic, Platform = PlatformBehaviour.Worst with { LostEdgesPerMillion = 0 } });
        List<double> depths = [];
        List<double> memory = [];
        long miscounted = 0;
        long begun = board.Rig.NowMicroseconds;
        for (int treatment = 0; treatment < treatments; treatment++)
        {
            board.Park();
            TreatmentAccepted accepted = board.Arm(DepthMicrometers, RateMillihertz);
            board.Press();
            board.Rig.RunFor(Treatment);
            depths.Add(board.Bench.Strokes.TakeLast(StrokesMeasured).Average(stroke => stroke.DeepestTipMicrometers) - accepted.DepthMicrometers);
            board.Park();
            board.Rig.RunFor(Pause);
            long counted = board.Rig.Status().StrokeCount;
            miscounted = Math.Max(miscounted, Math.Abs(counted - board.Bench.StrokesCompleted));
            board.Rig.ForgetReceived();
            memory.Add(GC.GetTotalMemory(forceFullCollection: true) / 1024.0);
            board.Rig.RunFor(TimeSpan.FromMicroseconds(begun + ((treatment + 1) * HalfHourMicroseconds) - board.Rig.NowMicroseconds));
        }

        StatusReport last = board.Rig.Status();
        double hours = (board.Rig.NowMicroseconds - begun) / 3.6e9;
        string how = $"{hours:0.#} h of device time, {treatments} treatments of {Treatment.TotalSeconds:0} s, {board.Bench.StrokesCompleted} strokes, dynamic imperfections, slices and pauses of the worst platform";
        yield return Promises.Of("soak.hours", hours, how);
        yield return Promises.Of("soak.strokes_miscounted", Math.Max(0, miscounted - StrokesUnsure), $"largest difference between the device's counter and the cam, beyond the {StrokesUnsure} that the flag leaves open");
        yield return Promises.Of("soak.memory_growth_kib", memory[^1] - memory[0], "managed memory after the last treatment against the first, board and firmware and host");
        yield return Promises.Of("soak.depth_drift_um", depths.Max() - depths.Min(), $"mean depth of {StrokesMeasured} strokes of a treatment, between the deepest and the shallowest treatment; the imperfections drift by ±3 µm themselves");
        yield return Promises.Of("soak.stage_steps_lost", board.Bench.StageStepsLost, "steps that the depth stage did not follow");
        yield return Promises.Of("soak.faults", last.Fault, "the fault at the end: none");
        yield return Figure.Told("soak.tick_gaps", last.TickGaps, "", "ticks that came late by the platform's pauses; each is told in the status");
    }
}
