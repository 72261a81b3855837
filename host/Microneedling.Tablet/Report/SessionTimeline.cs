// When something happened within a session, counted from its first status. Device times are exact but begin anew when the
// device restarts; host times go on. So the device's time counts, and the host's only across a restart.

using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;

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
    /// <summary>From what was recorded.</summary>
    public static SessionTimeline Of(SessionDetail session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var points = WithinTheSession(session);
        var seconds = new double[points.Count];
        for (int index = 1; index < points.Count; index++)
        {
            var byDevice = points[index].DeviceTime - points[index - 1].DeviceTime;
            var byHost = points[index].ReceivedAt - points[index - 1].ReceivedAt;
            seconds[index] = seconds[index - 1] + Math.Max(0, (byDevice >= TimeSpan.Zero ? byDevice : byHost).TotalSeconds);
        }

        return new SessionTimeline(
            seconds,
            [.. points.Select(point => (point.Flags & StatusFlags.Homed) != 0 ? point.StagePosition.Micrometers : (int?)null)],
            [.. points.Select(point => point.ActiveDepth.Micrometers > 0 ? point.ActiveDepth.Micrometers : (int?)null)],
            [.. points.Select(point => point.DrivenRate.Millihertz)],
            [.. points.Select(point => point.MeasuredRate.Millihertz)],
            [.. session.Passes.Select(pass => new PassSpan(
                pass.Number, pass.ZoneId, SecondsAt(points, seconds, pass.StartedAt), SecondsAt(points, seconds, pass.EndedAt ?? DateTimeOffset.MaxValue)))]);
    }

    /// <summary>A status that the device gave when it was asked afterwards tells its strokes, not what the session was like.</summary>
    private static IReadOnlyList<TelemetryPoint> WithinTheSession(SessionDetail session) =>
        session.Telemetry is [.., _, var last] && last.ReceivedAt > session.Summary.EndedAt ? [.. session.Telemetry.SkipLast(1)] : session.Telemetry;

    /// <summary>Seconds of the first status that came at or after a moment; of the last when none did.</summary>
    private static double SecondsAt(IReadOnlyList<TelemetryPoint> points, double[] seconds, DateTimeOffset moment)
    {
        int index = 0;
        while (index < points.Count - 1 && points[index].ReceivedAt < moment)
        {
            index++;
        }

        return seconds.Length == 0 ? 0 : seconds[index];
    }
}

/// <summary>A pass on the clock of the timeline.</summary>
public sealed record PassSpan(int Number, string ZoneId, double FromSeconds, double ToSeconds);
