// A session for the plot and for other programs. File names carry the session's number only.

using System.Text.Json;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Report;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Api;

/// <summary>GET /api/sessions/{id}/timeline, and below /sessions/{id}: export.json, telemetry.csv, events.csv, print-head.css.</summary>
public static class SessionEndpoints
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true };

    /// <summary>Maps them.</summary>
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        Map("/api/sessions/{id:long}/timeline", session => TypedResults.Ok(SessionTimeline.Of(session)));
        Map("/sessions/{id:long}/telemetry.csv", session => Csv($"session-{session.Summary.Id}-telemetry.csv", SessionExport.TelemetryCsv(session)));
        Map("/sessions/{id:long}/events.csv", session => Csv($"session-{session.Summary.Id}-events.csv", SessionExport.EventsCsv(session)));

        routes.MapGet("/sessions/{id:long}/export.json", async Task<IResult> (long id, SessionStore store, CancellationToken ct) =>
            await store.FindAsync(id, ct) is { } session
                ? TypedResults.File(
                    JsonSerializer.SerializeToUtf8Bytes(SessionExport.Of(session, await store.Clients.FollowUpsAsync(id, ct)), Indented),
                    "application/json",
                    $"session-{id}.json")
                : TypedResults.NotFound()).Needs(Rights.KeepClients);

        routes.MapGet("/sessions/{id:long}/print-head.css", (long id, Texts texts) => TypedResults.Text(PrintHead.Css(id, texts), "text/css")).Needs(Rights.KeepClients);

        void Map(string path, Func<SessionDetail, IResult> answer) =>
            routes.MapGet(path, async (long id, SessionStore store, CancellationToken ct) =>
                await store.FindAsync(id, ct) is { } session ? answer(session) : TypedResults.NotFound()).Needs(Rights.KeepClients);
    }

    private static Microsoft.AspNetCore.Http.HttpResults.FileContentHttpResult Csv(string name, string text) => TypedResults.File(System.Text.Encoding.UTF8.GetBytes(text), "text/csv; charset=utf-8", name);
}
