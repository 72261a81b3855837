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
/// GET /api/sessions/{id}/timeline (all of it, or with ?from and ?to in seconds a part in more detail), and below /sessions/{id}:
/// export.json and tables.zip (with ?texts=yes also notes and reasons), print-head.css.
/// </summary>
public static class SessionEndpoints
{
    private const string Json = "application/json";
    private const string Zip = "application/zip";

    /// <summary>Maps them.</summary>
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sessions/{id:long}/timeline", async Task<IResult> (long id, double? from, double? to, SessionStore store, Timelines timelines, CancellationToken ct) =>
            await (from is null && to is null
                ? timelines.OfAsync(id).WaitAsync(ct)
                : SessionTimeline.LoadAsync(store, id, from ?? double.NegativeInfinity, to ?? double.PositiveInfinity, ct)) is { } timeline
                ? TypedResults.Ok(timeline)
                : TypedResults.NotFound()).Needs(Rights.KeepClients);

        routes.MapGet("/sessions/{id:long}/export.json", async Task<IResult> (long id, string? texts, SessionStore store, Texts words, CancellationToken ct) =>
            await store.Exchange.FindAsync(id, ct) switch
            {
                null => TypedResults.NotFound(),
                { IsFinished: false } => TypedResults.Problem(words["exchange.running"], statusCode: StatusCodes.Status409Conflict),
                { } export => TypedResults.Stream(to => export.WriteJsonAsync(to, texts == "yes", ct), Json, $"session-{id}.json"),
            }).Needs(Rights.KeepClients);
        routes.MapGet("/sessions/{id:long}/tables.zip", async Task<IResult> (long id, string? texts, SessionStore store, CancellationToken ct) =>
            await store.Exchange.FindAsync(id, ct) is { } export
                ? TypedResults.Stream(to => export.WriteTablesAsync(to, texts == "yes", ct), Zip, $"session-{id}-tables.zip")
                : TypedResults.NotFound()).Needs(Rights.KeepClients);

        routes.MapGet("/sessions/{id:long}/print-head.css", (long id, Texts texts) => TypedResults.Text(PrintHead.Css(id, texts), "text/css")).Needs(Rights.KeepClients);
    }
}
