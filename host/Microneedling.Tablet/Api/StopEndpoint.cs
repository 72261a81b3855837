using Microneedling.Client;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Api;

/// <summary>
/// POST /api/stop: STOP from any page, in any state, as often as wanted, with any body or none. Answers when the device
/// has confirmed. The pages' script asks for JSON; the plain HTML form, which works without script, is sent to the Treat page.
/// </summary>
public static class StopEndpoint
{
    /// <summary>Where it is.</summary>
    public const string Path = "/api/stop";

    /// <summary>Maps it.</summary>
    public static void MapStop(this IEndpointRouteBuilder routes) => routes.MapPost(Path, StopAsync).AllowAnonymous().DisableAntiforgery();

    private static async Task<IResult> StopAsync(HttpRequest request, DeviceService device)
    {
        bool isForm = !request.Headers.Accept.Any(accepted => accepted?.Contains("application/json", StringComparison.Ordinal) == true);
        try
        {
            // Not tied to the request: a page that goes away right after STOP must not take it back.
            await device.StopDeviceAsync(CancellationToken.None);
        }
        catch (Exception problem) when (problem is DeviceException or TimeoutException)
        {
            var texts = Texts.Of(request);
            string words = texts["refusals.stopNotConfirmed", problem is DeviceException told ? texts.Of(told) : problem.Message];
            return isForm
                ? TypedResults.Content(words, "text/plain; charset=utf-8", statusCode: StatusCodes.Status503ServiceUnavailable)
                : TypedResults.Problem(title: words, statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        return isForm ? TypedResults.Redirect("/") : TypedResults.Ok(new { confirmed = true });
    }
}
