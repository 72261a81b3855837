using Microneedling.Sessions;

namespace Microneedling.Tablet.Api;

/// <summary>The numbers behind a session's plot, as columns. Times are device times, seconds since its start.</summary>
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

    private static Timeline TimelineOf(IReadOnlyList<TelemetryPoint> points) => new(
        [.. points.Select(point => point.DeviceTime.TotalSeconds)],
        [.. points.Select(point => point.StagePosition.Micrometers)],
        [.. points.Select(point => point.ActiveDepth.Micrometers)],
        [.. points.Select(point => point.DrivenRate.Millihertz)],
        [.. points.Select(point => point.MeasuredRate.Millihertz)]);
}
