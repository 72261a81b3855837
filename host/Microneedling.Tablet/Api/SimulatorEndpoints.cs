using Microneedling.Sessions.Clinic;
using Microneedling.Simulator;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Identity;

namespace Microneedling.Tablet.Api;

/// <summary>What hands do to the simulated device, and the truth about it. Absent when the device is real.</summary>
public static class SimulatorEndpoints
{
    private const string Example = """{"on":true} or {"on":false}""";

    /// <summary>Maps GET /api/simulator and POST /api/simulator/{hand}, by the table of <see cref="SimulatorHands"/>.</summary>
    public static void MapSimulator(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/simulator").AddEndpointFilter<WordsFilter>().Needs(Rights.Treat);
        api.MapGet("", IResult (DeviceSource source) => source.Simulated is { } device
            ? TypedResults.Ok(new { truth = SimulatorTruth.Of(device), on = OnOf(device) })
            : TypedResults.NotFound());
        api.MapPost("/{name}", async Task<IResult> (string name, HttpRequest request, DeviceSource source, LiveFeed feed) =>
        {
            if (source.Simulated is not { } device || SimulatorHands.Find(name) is not { } hand)
            {
                return TypedResults.NotFound();
            }

            bool on = (await request.ReadAsync<SimulatorRequest>(Example)).On;
            await Task.Run(() => hand.Set(device, on));
            if (hand.Afterwards is { } afterwards)
            {
                await Task.Delay(SimulatorHands.Afterwards);
                afterwards(device);
            }

            feed.Changed();
            return TypedResults.NoContent();
        });
    }

    private static string[] OnOf(SimulatedDevice device) => [.. SimulatorHands.All.Where(hand => hand.IsOn?.Invoke(device) == true).Select(hand => hand.Name)];
}
