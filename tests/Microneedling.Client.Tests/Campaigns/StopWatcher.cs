// Looks at the needles themselves, every 5 ms of the board's time, from the press of the trigger on: from the moment at
// which the device has to stop they must not stroke any more, and 1.5 s later they must be behind the nosecone.

using System.Globalization;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Client.Tests.Campaigns;

/// <summary>One round with strokes, watched by physics.</summary>
internal sealed class StopWatcher : IDisposable
{
    private const long LookMicroseconds = 5_000;
    private const long TickMicroseconds = Limits.LongestTickMilliseconds * 1_000;
    private const long LinkMicroseconds = Limits.LinkTimeoutMilliseconds * 1_000;

    // From the last byte of a heartbeat to the tick that reads it.
    private const long ReadMicroseconds = TickMicroseconds + 5_000;
    private const long BehindMicroseconds = Limits.StopRetractMilliseconds * 1_000;
    private const double ToleranceMicrometers = 10;

    // The parked cam creeps to its top and proves its index: behind the nosecone.
    private const double CreepPulsesPerMicrosecond = Limits.StartRateMillihertz * 1.1 / 1_000 * 400 / 1e6;

    private readonly DeviceTap tap;
    private readonly IDisposable watch;
    private long pulses;
    private long lookedAt;
    private long? linkLostAt;
    private long? confirmedAt;

    public StopWatcher(VirtualBoard board, DeviceTap tap)
    {
        this.tap = tap;
        tap.ForgetStops();
        pulses = PulsesOf(board.Bench);
        lookedAt = board.NowMicroseconds;
        watch = board.Watch(LookMicroseconds, Look);
    }

    /// <summary>When the device had to stop, microseconds; null: not yet.</summary>
    public long? DueAtMicroseconds
    {
        get
        {
            long due = Math.Min(tap.StoppedAtMicroseconds ?? long.MaxValue, Math.Min(linkLostAt ?? long.MaxValue, confirmedAt ?? long.MaxValue));
            return due == long.MaxValue ? null : due;
        }
    }

    /// <summary>What must not have been, the first of it; null: all was well.</summary>
    public string? Problem { get; private set; }

    /// <summary>The client has said that the device has stopped: it is so from now on, without a tick's grace.</summary>
    public void Confirmed(long nowMicroseconds) => confirmedAt ??= nowMicroseconds - TickMicroseconds;

    public void Dispose() => watch.Dispose();

    private static long PulsesOf(Bench bench) => bench.NeedleMicrosteps + bench.NeedleMicrostepsLost;

    private void Look(VirtualBoard board)
    {
        long now = board.NowMicroseconds;
        if (now - tap.HeartbeatAtMicroseconds > LinkMicroseconds + ReadMicroseconds)
        {
            linkLostAt ??= tap.HeartbeatAtMicroseconds + LinkMicroseconds + ReadMicroseconds;
        }

        long made = PulsesOf(board.Bench);
        if (DueAtMicroseconds is long due)
        {
            if (lookedAt > due + TickMicroseconds && made - pulses > ((now - lookedAt) * CreepPulsesPerMicrosecond) + 2)
            {
                Problem ??= Describe(now, due, $"{made - pulses} pulses in {now - lookedAt} µs");
            }

            if (now > due + BehindMicroseconds && board.Bench.TipMicrometers > ToleranceMicrometers)
            {
                Problem ??= Describe(now, due, $"tips {board.Bench.TipMicrometers:0} µm out of the nosecone");
            }
        }

        pulses = made;
        lookedAt = now;
    }

    private string Describe(long now, long due, FormattableString how) => string.Create(
        CultureInfo.InvariantCulture,
        $"{how.ToString(CultureInfo.InvariantCulture)} at {now / 1e6:0.000} s, {(now - due) / 1e3:0.0} ms after the device had to stop (told {tap.StoppedAtMicroseconds}, link lost {linkLostAt}, confirmed {confirmedAt}).");
}
