// What the device page is told and may ask for, and the calibration's steps. Refusals come as problem details in words.

using Microneedling.Client;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Api;

/// <summary>Move the stage in service.</summary>
public sealed record JogRequest(string Page, int Micrometers);

/// <summary>What the gauge says.</summary>
public sealed record MeasureRequest(string Page, int MeasuredMicrometers);

/// <summary>A check before calibrating.</summary>
public sealed record CheckView(string Name, bool Holds, string Words);

/// <summary>Where a calibration stands; lengths in micrometres, null: not known yet.</summary>
public sealed record CalibrationView(
    string Step, string? Page, bool IsBusy, IReadOnlyList<CheckView> Checks, int? CountedMicrometers, int? MeasuredMicrometers, int? ZeroBeforeMicrometers,
    int? ZeroAfterMicrometers, int? StoredMicrometers, int? DifferenceMicrometers, bool? IsGood, string? EndedWords)
{
    /// <summary>In a person's language.</summary>
    public static CalibrationView Of(CalibrationDesk desk, DeviceService device, Texts texts)
    {
        var now = desk.Now;
        return new CalibrationView(
            now.Step.ToString(),
            now.Page,
            now.IsBusy,
            [.. desk.Checks().Select(check => new CheckView(check.Name, check.Holds, check.Holds ? texts[$"device.holds-{check.Name}"] : texts[$"refusals.{check.Name}"]))],
            device.LatestStatus?.StagePosition.Micrometers,
            now.Preview?.Measured.Micrometers,
            now.Preview?.Before.Micrometers,
            now.Preview?.After.Micrometers,
            now.Stored?.Micrometers,
            now.Outcome?.Difference.Micrometers,
            now.Outcome?.IsGood,
            now.EndedBy is { } why ? texts[$"device.ended-{why}"] : null);
    }
}

/// <summary>GET /api/device, /api/device/log, /api/calibration; POST the deeds.</summary>
public static class DevicePageEndpoints
{
    private const string PageExample = """{"page":"…"}""";
    private const string JogExample = """{"page":"…","micrometers":100}""";
    private const string MeasureExample = """{"page":"…","measuredMicrometers":1012}""";

    /// <summary>Maps what the device page needs.</summary>
    public static void MapDevicePage(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/device").AddEndpointFilter<WordsFilter>().Needs(Rights.Treat);
        api.MapGet("", async (HttpContext context, DeviceService device, ConnectionChoice choice, DeviceFacts facts, Texts texts, CancellationToken ct) =>
            TypedResults.Ok(DeviceSheet.Of(device, choice, await facts.AnswersAsync(ct), context.Person().May(Rights.ServeDevice), texts)));
        api.MapGet("/log", (TreatmentDesk desk, Texts texts) => TypedResults.Ok(LinesOf(desk, texts)));

        routes.MapPost("/api/device/self-test", async (HttpRequest request, DeviceService device, DeviceFacts facts, PagePresence presence, CancellationToken ct) =>
        {
            string page = (await request.ReadAsync<PageRequest>(PageExample)).Page;
            if (!presence.TakeControl(page))
            {
                throw new DeskRefusedException(presence.MayControl(page) ? "pageNotLive" : "notInControl");
            }

            await device.Require().RunSelfTestAsync(ct);
            facts.Forget();
            return TypedResults.NoContent();
        }).AddEndpointFilter<WordsFilter>().Needs(Rights.ServeDevice);
    }

    /// <summary>Maps the calibration.</summary>
    public static void MapCalibration(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/calibration").AddEndpointFilter<WordsFilter>().Needs(Rights.ServeDevice);
        api.MapGet("", (CalibrationDesk desk, DeviceService device, Texts texts) => TypedResults.Ok(CalibrationView.Of(desk, device, texts)));

        Map<PageRequest>("/begin", PageExample, (desk, asked, person) => desk.BeginAsync(person, asked.Page, CancellationToken.None));
        Map<JogRequest>("/jog", JogExample, (desk, asked, _) => desk.JogAsync(asked.Page, Depth.FromMicrometers(asked.Micrometers), CancellationToken.None));
        Map<MeasureRequest>("/measure", MeasureExample, (desk, asked, _) => desk.MeasureAsync(asked.Page, Depth.FromMicrometers(asked.MeasuredMicrometers), CancellationToken.None));
        Map<PageRequest>("/again", PageExample, (desk, asked, _) => desk.MeasureAgainAsync(asked.Page, CancellationToken.None));
        Map<PageRequest>("/store", PageExample, (desk, asked, _) => desk.StoreAsync(asked.Page, CancellationToken.None));
        Map<PageRequest>("/home-and-check", PageExample, (desk, asked, _) => desk.HomeAndCheckAsync(asked.Page, CancellationToken.None));
        Map<MeasureRequest>("/verify", MeasureExample, (desk, asked, _) => desk.VerifyAsync(asked.Page, Depth.FromMicrometers(asked.MeasuredMicrometers), CancellationToken.None));
        Map<PageRequest>("/abort", PageExample, (desk, asked, _) => desk.AbortAsync(asked.Page));

        // Not tied to the request: what the device was told goes on, and the calibration itself ends when its page is gone.
        void Map<T>(string path, string example, Func<CalibrationDesk, T, SignedInPerson, Task> act)
            where T : class =>
            api.MapPost(path, async (HttpRequest request, CalibrationDesk desk, DeviceService device, Texts texts) =>
            {
                await act(desk, await request.ReadAsync<T>(example), request.HttpContext.Person());
                return TypedResults.Ok(CalibrationView.Of(desk, device, texts));
            });
    }

    /// <summary>The device's log as it is kept here, newest first.</summary>
    public static IReadOnlyList<LogView> LinesOf(TreatmentDesk desk, Texts texts)
    {
        ArgumentNullException.ThrowIfNull(desk);
        return [.. desk.Log.Select(entry => new LogView((long)((entry as DeviceEvent)?.DeviceTime.TotalMilliseconds ?? 0), texts.Of(entry)))];
    }
}
