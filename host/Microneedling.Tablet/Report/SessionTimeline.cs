// When something happened within a session, counted from its first status. Device times are exact but begin anew when the
// device restarts; host times go on. So the device's time counts, and the host's only across a restart.

using Microneedling.Protocol;
using Microneedling.Sessions;

namespace Microneedling.Tablet.Report;

/// <summary>The numbers behind a session's plot, as columns of one length.</summary>
/// <param name="Seconds">Since the first status; never falling.</param>
/// <param name="StagePositionMicrometers">Deepest point of a stroke where the stage stood; null: not homed.</param>
/// <param name="ActiveDepthMicrometers">Depth of the accepted treatment; null: none was accepted.</param>
/// <param name="DrivenRateMillihertz">Rate that the needle drive was given.</param>
/// <param name="MeasuredRateMillihertz">Rate measured at the index flag.</param>
/// <param name="Passes">The passes on the same clock.</param>
public sealed record SessionTimeline(
    IReadOnlyList<double> Seconds,
    IReadOnlyList<int?> StagePositionMicrometers,
    IReadOnlyList<int?> ActiveDepthMicrometers,
    IReadOnlyList<int> DrivenRateMillihertz,
    IReadOnlyList<int> MeasuredRateMillihertz,
    IReadOnlyList<PassSpan> Passes)
{
    /// <summary>Points across the widest of our screens.</summary>
    public const int ScreenColumns = 1280;

    /// <summary>From the record, as much of it as a screen can show; null when there is no session of this number.</summary>
    /// <param name="store">The record.</param>
    /// <param name="id">Number of the session.</param>
    /// <param name="fromSeconds">Since the first status; with the value before it, as a line comes from there. −∞: from the beginning.</param>
    /// <param name="toSeconds">Since the first status; with the value after it. +∞: to the end.</param>
    /// <param name="ct">Stops the reading.</param>
    public static async Task<SessionTimeline?> LoadAsync(
        SessionStore store, long id, double fromSeconds = double.NegativeInfinity, double toSeconds = double.PositiveInfinity, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.OverviewAsync(id, ct) is { } session
            ? await store.ReadCurveAsync(id, curve => Of(session, curve, ScreenColumns, fromSeconds, toSeconds), ct)
            : null;
    }

    /// <summary>From what was recorded, read once, as much as a plot of so many columns can show.</summary>
    public static SessionTimeline Of(
        SessionOverview session, IEnumerable<CurvePoint> curve, int columns, double fromSeconds = double.NegativeInfinity, double toSeconds = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        var lastsSeconds = session is { FirstStatus: { } first, LastStatus: { } last } ? (last.ReceivedAt - first.ReceivedAt).TotalSeconds : 0;
        var shown = new PlotThinning((Math.Min(toSeconds, lastsSeconds) - Math.Max(fromSeconds, 0)) / columns);
        var clock = new PassClock(session.Passes);
        PlotPoint? before = null;
        bool isPast = false;
        foreach (var (point, receivedAt) in OnOneClock(WithinTheSession(session, curve)))
        {
            clock.Tick(receivedAt, point.Seconds);
            if (point.Seconds < fromSeconds)
            {
                before = point;
            }
            else if (!isPast)
            {
                isPast = point.Seconds > toSeconds;
                if (before is { } came)
                {
                    shown.Add(came);
                    before = null;
                }

                shown.Add(point);
            }
        }

        var points = shown.End();
        return new SessionTimeline(
            [.. points.Select(point => point.Seconds)],
            [.. points.Select(point => point.StagePositionMicrometers)],
            [.. points.Select(point => point.ActiveDepthMicrometers)],
            [.. points.Select(point => point.DrivenRateMillihertz)],
            [.. points.Select(point => point.MeasuredRateMillihertz)],
            clock.Spans);
    }

    /// <summary>A status that the device gave when it was asked afterwards tells its strokes, not what the session was like.</summary>
    private static IEnumerable<CurvePoint> WithinTheSession(SessionOverview session, IEnumerable<CurvePoint> curve)
    {
        CurvePoint? held = null;
        bool isFirst = true;
        foreach (var point in curve)
        {
            if (held is { } earlier)
            {
                yield return earlier;
                isFirst = false;
            }

            held = point;
        }

        if (held is { } last && (isFirst || !(last.ReceivedAt > session.Summary.EndedAt)))
        {
            yield return last;
        }
    }

    private static IEnumerable<(PlotPoint Point, DateTimeOffset ReceivedAt)> OnOneClock(IEnumerable<CurvePoint> curve)
    {
        CurvePoint? before = null;
        var elapsed = TimeSpan.Zero;
        foreach (var point in curve)
        {
            if (before is { } earlier)
            {
                long byDevice = point.DeviceUptimeMilliseconds - earlier.DeviceUptimeMilliseconds;
                var step = byDevice >= 0 ? TimeSpan.FromMilliseconds(byDevice) : point.ReceivedAt - earlier.ReceivedAt;
                elapsed += step > TimeSpan.Zero ? step : TimeSpan.Zero;
            }

            before = point;
            yield return (
                new PlotPoint(
                    elapsed.TotalSeconds,
                    (point.Flags & StatusFlags.Homed) != 0 ? point.StagePositionMicrometers : null,
                    point.ActiveDepthMicrometers > 0 ? point.ActiveDepthMicrometers : null,
                    point.DrivenRateMillihertz,
                    point.MeasuredRateMillihertz),
                point.ReceivedAt);
        }
    }

    /// <summary>Finds when passes began and ended: at the first status that came then or later, or at the last one.</summary>
    private sealed class PassClock(IReadOnlyList<Sessions.Clinic.Pass> passes)
    {
        private readonly double?[] _begun = new double?[passes.Count];
        private readonly double?[] _ended = new double?[passes.Count];
        private double _last;

        public IReadOnlyList<PassSpan> Spans => [.. passes.Select((pass, index) => new PassSpan(pass.Number, pass.ZoneId, _begun[index] ?? _last, _ended[index] ?? _last))];

        public void Tick(DateTimeOffset receivedAt, double seconds)
        {
            _last = seconds;
            for (int index = 0; index < passes.Count; index++)
            {
                _begun[index] ??= receivedAt >= passes[index].StartedAt ? seconds : null;
                _ended[index] ??= receivedAt >= passes[index].EndedAt ? seconds : null;
            }
        }
    }
}

/// <summary>A pass on the clock of the timeline.</summary>
public sealed record PassSpan(int Number, string ZoneId, double FromSeconds, double ToSeconds);
