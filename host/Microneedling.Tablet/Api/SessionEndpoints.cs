using Microneedling.Sessions;

namespace Microneedling.Tablet.Api;

/// <summary>The numbers behind a session's plot, as columns. Times are seconds since the session's first status.</summary>
public sealed record Timeline(
    IReadOnlyList<double> Seconds,
    IReadOnlyList<int> StagePositionMicrometers,
    IReadOnlyList<int> ActiveDepthMicrometers,
    IReadOnlyList<int> DrivenRateMillihertz,
    IReadOnlyList<int> MeasuredRateMillihertz);

/// <summary>GET /api/sessions/{id}/timeline.</summary>
public static class SessionEndpoints
{
    /// <summary>Maps it.</summary>
    public static void MapSessions(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/sessions/{id:long}/timeline", async Task<IResult> (long id, SessionStore store, CancellationToken ct) =>
            await store.FindAsync(id, ct) is { } session ? TypedResults.Ok(TimelineOf(session.Telemetry)) : TypedResults.NotFound());

    private static Timeline TimelineOf(IReadOnlyList<TelemetryPoint> points)
    {
        var start = points.Count > 0 ? points[0].DeviceTime : TimeSpan.Zero;
        return new Timeline(
            [.. points.Select(point => (point.DeviceTime - start).TotalSeconds)],
            [.. points.Select(point => point.StagePosition.Micrometers)],
            [.. points.Select(point => point.ActiveDepth.Micrometers)],
            [.. points.Select(point => point.DrivenRate.Millihertz)],
            [.. points.Select(point => point.MeasuredRate.Millihertz)]);
    }
}
