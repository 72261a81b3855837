using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Api;

/// <summary>What the Treat page may ask for. Refusals come as problem details in words.</summary>
public static class TreatmentEndpoints
{
    private const string PageExample = """{"page":"…"}""";
    private const string ConfigureExample =
        """zone, area, depth and stroke rate as whole numbers, such as {"page":"…","zoneId":"cheek-left","areaSquareMillimeters":4500,"depthMicrometers":800,"rateMillihertz":60000,"burstStrokes":0,"presetKey":null,"presetVersion":null}""";
    private const string ArmExample = """the token of the confirmed values, such as {"page":"…","token":17}""";
    private const string UnlockExample = """{"page":"…","zoneId":"cheek-left","supervisorId":1,"pin":"……","reason":"…"}""";
    private const string ClearFaultExample = """the number of the fault that was read, such as {"fault":501}""";
    private const string AlarmExample = """{"id":"fault-501"}""";
    private const string FinishExample = """{"page":"…","carriedThrough":true}""";

    /// <summary>Maps the endpoints below /api.</summary>
    public static void MapTreatment(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").AddEndpointFilter<WordsFilter>().Needs(Rights.Treat);
        MapMotion(api);
        MapCaps(api);
        MapAlarms(api);

        api.MapPost("/session/finish", async (HttpRequest request, DeviceService device, TreatmentDesk desk, PagePresence presence, LiveFeed feed, CancellationToken ct) =>
        {
            var asked = await request.ReadAsync<FinishRequest>(FinishExample);
            TakeControl(presence, asked.Page);
            var summary = await desk.FinishAsync(device, asked.CarriedThrough, ct);
            feed.Changed();
            return TypedResults.Ok(new { summary.Id, outcome = summary.Outcome.ToString(), outcomeWords = Texts.Of(request).Of(summary.Outcome) });
        });
    }

    private static void MapMotion(RouteGroupBuilder api)
    {
        api.MapPost("/home", async (HttpRequest request, DeviceService device, PagePresence presence, CancellationToken ct) =>
        {
            string page = (await request.ReadAsync<PageRequest>(PageExample)).Page;
            var client = device.Require();
            TakeControl(presence, page);
            device.ForgetNotice();
            await client.HomeAsync(ct);
            return TypedResults.NoContent();
        });

        api.MapPost("/configure", async (HttpRequest request, DeviceService device, TreatmentDesk desk, PagePresence presence, LiveFeed feed, CancellationToken ct) =>
        {
            var asked = await request.ReadAsync<ConfigureRequest>(ConfigureExample);
            TakeControl(presence, asked.Page);
            var confirmed = await desk.ConfirmAsync(device, request.HttpContext.Person(), ProposalOf(asked), ct);
            feed.Changed();
            return TypedResults.Ok(TreatmentView.Of(asked.ZoneId, confirmed.Asked, confirmed.Accepted));
        });

        api.MapPost("/arm", async (HttpRequest request, DeviceService device, TreatmentDesk desk, PagePresence presence, LiveFeed feed, CancellationToken ct) =>
        {
            var asked = await request.ReadAsync<ArmRequest>(ArmExample);
            TakeControl(presence, asked.Page);
            device.ForgetNotice();
            await desk.ArmAsync(device, request.HttpContext.Person(), asked.Token, ct);
            feed.Changed();
            return TypedResults.NoContent();
        });

        api.MapPost("/start", async (HttpRequest request, DeviceService device, CancellationToken ct) =>
        {
            await request.ReadAsync<PageRequest>(PageExample);
            await device.Require().StartAsync(ct);
            return TypedResults.NoContent();
        });

        api.MapPost("/disarm", async (HttpRequest request, DeviceService device, CancellationToken ct) =>
        {
            await request.ReadAsync<PageRequest>(PageExample);
            await device.Require().DisarmAsync(ct);
            return TypedResults.NoContent();
        });
    }

    private static void MapCaps(RouteGroupBuilder api)
    {
        api.MapPost("/unlock", async (HttpRequest request, DeviceService device, TreatmentDesk desk, PagePresence presence, SessionStore store, LiveFeed feed, CancellationToken ct) =>
        {
            var asked = await request.ReadAsync<UnlockRequest>(UnlockExample);
            TakeControl(presence, asked.Page);
            var supervisor = await store.People.CheckPinAsync(asked.SupervisorId, asked.Pin, ct) ?? throw new DeskRefusedException("wrongPin");
            await desk.UnlockAsync(device, supervisor, asked.ZoneId, asked.Reason, ct);
            feed.Changed();
            return TypedResults.NoContent();
        });

        api.MapPost("/lock", async (HttpRequest request, DeviceService device, TreatmentDesk desk, PagePresence presence, LiveFeed feed, CancellationToken ct) =>
        {
            TakeControl(presence, (await request.ReadAsync<PageRequest>(PageExample)).Page);
            await desk.LockAsync(device, request.HttpContext.Person(), ct);
            feed.Changed();
            return TypedResults.NoContent();
        });
    }

    private static void MapAlarms(RouteGroupBuilder api)
    {
        api.MapPost("/alarms/acknowledge", async (HttpRequest request, AlarmBoard alarms, LiveViews views, LiveFeed feed) =>
        {
            string id = (await request.ReadAsync<AlarmRequest>(AlarmExample)).Id;
            if (views.CurrentAlarms().All(alarm => alarm.Condition.Id != id))
            {
                throw new DeskRefusedException("alarmUnknown");
            }

            alarms.Acknowledge(id);
            feed.Changed();
            return TypedResults.NoContent();
        });

        api.MapPost("/alarms/silence", async (AlarmBoard alarms, LiveViews views, DeviceService device, LiveFeed feed, CancellationToken ct) =>
        {
            alarms.Silence(views.CurrentAlarms().Select(alarm => alarm.Condition.Id));
            feed.Changed();
            if (device.Live is { } client && client.Identity.Capabilities.HasFlag(DeviceCapabilities.AlarmBuzzer))
            {
                await client.SilenceAlarmAsync(ct);
            }

            return TypedResults.NoContent();
        });

        api.MapPost("/clear-fault", async (HttpRequest request, DeviceService device, AlarmBoard alarms, CancellationToken ct) =>
        {
            var fault = (FaultCode)(await request.ReadAsync<ClearFaultRequest>(ClearFaultExample)).Fault;
            await device.Require().ClearFaultAsync(fault, ct);
            alarms.Forget(AlarmBoard.IdOf(fault));
            return TypedResults.NoContent();
        });
    }

    private static Proposal ProposalOf(ConfigureRequest asked) => new(
        asked.ZoneId,
        asked.AreaSquareMillimeters,
        Depth.FromMicrometers(asked.DepthMicrometers),
        StrokeRate.FromMillihertz(asked.RateMillihertz),
        asked.BurstStrokes,
        asked.PresetKey,
        asked.PresetVersion);

    private static void TakeControl(PagePresence presence, string page)
    {
        if (!presence.TakeControl(page))
        {
            throw new DeskRefusedException(presence.MayControl(page) ? "pageNotLive" : "notInControl");
        }
    }
}
