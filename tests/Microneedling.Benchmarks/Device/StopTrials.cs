// Stops at random moments of random treatments, timed on the board's wires and by its physics.

using System.Collections.Concurrent;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;

namespace Microneedling.Benchmarks.Device;

/// <summary>One stop.</summary>
/// <param name="PulsesMilliseconds">From its cause to the last step pulse.</param>
/// <param name="TipsMilliseconds">From its cause to the last moment at which the tips were out of the nosecone; 0: they were in.</param>
/// <param name="SafeMilliseconds">From its cause until the tips cannot come out at any cam angle; null: that was not reached.</param>
/// <param name="BeyondMicrometers">How much deeper than accepted the tips were after the cause.</param>
internal readonly record struct StopTrial(double PulsesMilliseconds, double TipsMilliseconds, double? SafeMilliseconds, double BeyondMicrometers);

/// <summary>All trials of one path.</summary>
/// <param name="Path">The way to the stop.</param>
/// <param name="Trials">Each stop.</param>
/// <param name="Disturbed">Faults with which the device stopped by itself before the cause came or instead of going on armed.</param>
internal sealed record StopTrials(StopPath Path, IReadOnlyList<StopTrial> Trials, IReadOnlyCollection<FaultCode> Disturbed)
{
    private const int TrialsOfABoard = 50;
    private const long LookMicroseconds = 1_000;
    private const int MostRunningMilliseconds = 1_500;
    private const long GivenUpMicroseconds = 4_000_000;

    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(8);

    /// <summary>Makes them, on boards with seeds 1, 2, …, side by side.</summary>
    public static StopTrials Run(StopPath path, PlatformBehaviour platform, int count)
    {
        StopTrial[] trials = new StopTrial[count];
        ConcurrentBag<FaultCode> disturbed = [];
        Parallel.For(0, (count + TrialsOfABoard - 1) / TrialsOfABoard, Cores.All, block =>
        {
            int seed = block + 1;
            Random random = new(seed);
            using TreatedBoard board = new(new BoardOptions { Seed = seed, Imperfections = ImperfectionLevel.Dynamic, Platform = platform });
            for (int trial = block * TrialsOfABoard; trial < Math.Min(count, (block + 1) * TrialsOfABoard);)
            {
                if (Try(board, path, random) is { } done)
                {
                    trials[trial++] = done;
                }
                else
                {
                    disturbed.Add((FaultCode)board.Rig.LatestStatus!.Fault);
                }
            }
        });
        return new StopTrials(path, trials, disturbed);
    }

    private static StopTrial? Try(TreatedBoard board, StopPath path, Random random)
    {
        board.Park();
        int depth = random.Next(Limits.MinimumDepthMicrometers, board.DeepestMicrometers + 1);
        TreatmentAccepted accepted = board.Arm(depth, random.Next(Limits.MinimumRateMillihertz, Limits.MaximumRateMillihertz + 1));
        board.Press();
        FirmwareRig rig = board.Rig;
        rig.RunFor(TimeSpan.FromMicroseconds(random.Next(MostRunningMilliseconds * 1_000)));
        if (rig.Status().State != (byte)DeviceState.Running)
        {
            return null;
        }

        rig.RunFor(TimeSpan.FromMicroseconds(random.Next(2 * Limits.LongestTickMilliseconds * 1_000)));
        Bench bench = board.Bench;
        bench.ResetDeepestTip();
        long cause = rig.NowMicroseconds;
        long? firstCut = null;
        long lastCut = cause;
        long lastOut = cause;
        long? safe = null;
        void Note(TraceEntry entry)
        {
            if (entry is { Signal: Signal.NeedleStep, Value: 0 } && entry.TimeMicroseconds >= cause)
            {
                firstCut ??= entry.TimeMicroseconds;
                lastCut = entry.TimeMicroseconds;
            }
        }

        double deepest = double.NegativeInfinity;
        rig.Board.Trace.Recorded += Note;
        using (rig.Board.Watch(LookMicroseconds, _ =>
        {
            if (bench.NeedlesOut)
            {
                lastOut = rig.Board.NowMicroseconds;
            }

            if (safe is null && bench.StageMicrometers + bench.ZeroOffsetMicrometers <= 0)
            {
                safe = rig.Board.NowMicroseconds;
            }
        }))
        {
            path.Cause(board);
            if (path.StaysArmed)
            {
                rig.RunUntil(() => rig.LatestStatus is { State: (byte)DeviceState.Faulted or (byte)DeviceState.Armed } status && (status.Flags & StatusFlags.NeedlesMoving) == 0, LongestStop);
            }
            else
            {
                rig.RunUntil(() => safe is not null || rig.NowMicroseconds - cause > GivenUpMicroseconds, LongestStop);
            }

            rig.RunFor(Settling);
            deepest = bench.DeepestTipMicrometers;
        }

        rig.Board.Trace.Recorded -= Note;
        if (path.StaysArmed && rig.State == DeviceState.Faulted)
        {
            return null;
        }

        long last = path.Ends switch
        {
            LastPulse.FirstCut => firstCut ?? throw new InvalidOperationException($"{path.Words}, seed {rig.Board.Seed}: the pulses were not cut."),
            LastPulse.LastCut => lastCut,
            _ => Math.Max(cause, bench.LastNeedleStepMicroseconds ?? cause),
        };
        return new StopTrial(
            (last - cause) / 1e3, (lastOut - cause) / 1e3, (safe - cause) / 1e3, deepest - accepted.DepthMicrometers);
    }
}
