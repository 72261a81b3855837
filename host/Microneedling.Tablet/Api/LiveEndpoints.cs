using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Api;

/// <summary>The live stream, presence, and who controls.</summary>
public static class LiveEndpoints
{
    private const string PageExample = """{"page":"…"}""";
    private const string GiveExample = """{"page":"…","to":"…"}, the page that asks""";

    /// <summary>Maps the endpoints below /api.</summary>
    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").AddEndpointFilter<WordsFilter>();

        api.MapGet("/live", (string page, LiveViews views, LiveFeed feed, PagePresence presence, HttpContext context) =>
        {
            context.Response.RegisterForDispose(presence.Watch(page, context.Person().Actor.Name));
            feed.Changed();
            var texts = Texts.Of(context.Request);
            return TypedResults.ServerSentEvents(feed.FollowAsync(() => views.Now(texts), context.RequestAborted));
        });

        var control = api.MapGroup("").Needs(Rights.Treat);
        control.MapPost("/presence", async (HttpRequest request, PagePresence presence) =>
            presence.Report((await request.ReadAsync<PageRequest>(PageExample)).Page) ? TypedResults.NoContent() : throw new DeskRefusedException("pageNotLive"));

        control.MapPost("/control/take", async (HttpRequest request, PagePresence presence, DeviceService device, LiveFeed feed) =>
        {
            string page = (await request.ReadAsync<PageRequest>(PageExample)).Page;
            RefuseWhileMoving(device);
            return Done(presence.Ask(page), "pageNotLive", feed);
        });

        control.MapPost("/control/give", async (HttpRequest request, PagePresence presence, DeviceService device, LiveFeed feed) =>
        {
            var asked = await request.ReadAsync<GiveRequest>(GiveExample);
            RefuseWhileMoving(device);
            return Done(presence.Give(asked.Page, asked.To), "notInControl", feed);
        });

        control.MapPost("/control/keep", async (HttpRequest request, PagePresence presence, LiveFeed feed) =>
            Done(presence.Keep((await request.ReadAsync<PageRequest>(PageExample)).Page), "notInControl", feed));
    }

    private static void RefuseWhileMoving(DeviceService device)
    {
        if (device.LatestStatus is { } status && PresenceGuard.NeedsPresence(status.State))
        {
            throw new DeskRefusedException("deviceMoves");
        }
    }

    private static Microsoft.AspNetCore.Http.HttpResults.NoContent Done(bool done, string otherwise, LiveFeed feed)
    {
        feed.Changed();
        return done ? TypedResults.NoContent() : throw new DeskRefusedException(otherwise);
    }
}
