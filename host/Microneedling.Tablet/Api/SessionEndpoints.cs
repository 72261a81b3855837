// A session for the plot and for other programs. File names carry the session's number only. Exports are written as they are
// read from the record: a session of many hours is never in memory as text.

using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Exchange;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Report;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Api;

/// <summary>
/// GET /api/sessions/{id}/timeline, and below /sessions/{id}: export.json (with ?texts=yes also notes and reasons),
/// telemetry.csv, events.csv, print-head.css.
/// </summary>
public static class SessionEndpoints
{
    private const string Json = "application/json";
    private const string Csv = "text/csv; charset=utf-8";

    /// <summary>Maps them.</summary>
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sessions/{id:long}/timeline", async Task<IResult> (long id, SessionStore store, CancellationToken ct) =>
            await store.FindAsync(id, ct) is { } session ? TypedResults.Ok(SessionTimeline.Of(session)) : TypedResults.NotFound()).Needs(Rights.KeepClients);

        routes.MapGet("/sessions/{id:long}/export.json", async Task<IResult> (long id, string? texts, SessionStore store, Texts words, CancellationToken ct) =>
            await store.Exchange.FindAsync(id, ct) switch
            {
                null => TypedResults.NotFound(),
                { IsFinished: false } => TypedResults.Problem(words["exchange.running"], statusCode: StatusCodes.Status409Conflict),
                { } export => TypedResults.Stream(to => export.WriteJsonAsync(to, texts == "yes", ct), Json, $"session-{id}.json"),
            }).Needs(Rights.KeepClients);
        MapCsv("telemetry", (export, to, ct) => export.WriteTelemetryCsvAsync(to, ct));
        MapCsv("events", (export, to, ct) => export.WriteEventsCsvAsync(to, ct));

        routes.MapGet("/sessions/{id:long}/print-head.css", (long id, Texts texts) => TypedResults.Text(PrintHead.Css(id, texts), "text/css")).Needs(Rights.KeepClients);

        void MapCsv(string table, Func<SessionExport, Stream, CancellationToken, Task> write) =>
            routes.MapGet($"/sessions/{{id:long}}/{table}.csv", async Task<IResult> (long id, SessionStore store, CancellationToken ct) =>
                await store.Exchange.FindAsync(id, ct) is { } export
                    ? TypedResults.Stream(to => write(export, to, ct), Csv, $"session-{id}-{table}.csv")
                    : TypedResults.NotFound()).Needs(Rights.KeepClients);
    }
}
