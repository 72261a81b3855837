using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Tablet.Device;

namespace Microneedling.Tablet.Api;

/// <summary>What the Treat page may ask of the device, and the live stream. Refusals come as problem details in words.</summary>
public static class DeviceEndpoints
{
    private const string PageExample = """{"page":"…"}""";
    private const string ConfigureExample = """depth and stroke rate as whole numbers, such as {"page":"…","depthMicrometers":800,"rateMillihertz":60000}""";
    private const string ArmExample = """the token of the confirmed values, such as {"page":"…","token":17}""";
    private const string ClearFaultExample = """the number of the fault that was read, such as {"fault":501}""";

    /// <summary>Maps the endpoints below /api.</summary>
    public static void MapDevice(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").AddEndpointFilter<WordsFilter>();

        api.MapGet("/live", (string page, DeviceService device, LiveFeed feed, PagePresence presence, HttpContext context) =>
        {
            context.Response.RegisterForDispose(presence.Watch(page));
            return TypedResults.ServerSentEvents(feed.FollowAsync(device.View, context.RequestAborted));
        });

        api.MapPost("/presence", async (HttpRequest request, PagePresence presence) =>
            presence.Report((await request.ReadAsync<PageRequest>(PageExample)).Page)
                ? TypedResults.NoContent()
                : throw new NotInControlException("This page shows nothing live. Load it again."));

        api.MapPost("/home", async (HttpRequest request, DeviceService device, CancellationToken ct) =>
        {
            await device.HomeAsync((await request.ReadAsync<PageRequest>(PageExample)).Page, ct);
            return TypedResults.NoContent();
        });

        api.MapPost("/configure", async (HttpRequest request, DeviceService device, CancellationToken ct) =>
        {
            var asked = await request.ReadAsync<ConfigureRequest>(ConfigureExample);
            return TypedResults.Ok(await device.ConfigureAsync(
                asked.Page, Depth.FromMicrometers(asked.DepthMicrometers), StrokeRate.FromMillihertz(asked.RateMillihertz), ct));
        });

        api.MapPost("/arm", async (HttpRequest request, DeviceService device, CancellationToken ct) =>
        {
            var asked = await request.ReadAsync<ArmRequest>(ArmExample);
            await device.ArmAsync(asked.Page, asked.Token, ct);
            return TypedResults.NoContent();
        });

        api.MapPost("/start", async (HttpRequest request, DeviceService device, CancellationToken ct) =>
        {
            await request.ReadAsync<PageRequest>(PageExample);
            await device.AskToStartAsync(ct);
            return TypedResults.NoContent();
        });

        api.MapPost("/disarm", async (HttpRequest request, DeviceService device, CancellationToken ct) =>
        {
            await request.ReadAsync<PageRequest>(PageExample);
            await device.DisarmAsync(ct);
            return TypedResults.NoContent();
        });

        api.MapPost("/clear-fault", async (HttpRequest request, DeviceService device, CancellationToken ct) =>
        {
            await device.ClearFaultAsync((FaultCode)(await request.ReadAsync<ClearFaultRequest>(ClearFaultExample)).Fault, ct);
            return TypedResults.NoContent();
        });
    }
}
