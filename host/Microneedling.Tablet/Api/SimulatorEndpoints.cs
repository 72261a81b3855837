using Microneedling.Tablet.Device;

namespace Microneedling.Tablet.Api;

/// <summary>The hands at the simulated device: trigger, emergency stop, cartridge. Absent when the device is real.</summary>
public static class SimulatorEndpoints
{
    private const string Example = """{"on":true} or {"on":false}""";

    /// <summary>Maps POST /api/simulator/trigger, emergency-stop and cartridge.</summary>
    public static void MapSimulator(this WebApplication app)
    {
        if (app.Services.GetRequiredService<DeviceSource>().Simulated?.Bench is not { } bench)
        {
            return;
        }

        var hands = app.MapGroup("/api/simulator").AddEndpointFilter<WordsFilter>();
        Map("/trigger", bench.PressTrigger, bench.ReleaseTrigger);
        Map("/emergency-stop", bench.PressEmergencyStop, bench.ReleaseEmergencyStop);
        Map("/cartridge", bench.SeatCartridge, bench.RemoveCartridge);

        void Map(string path, Action on, Action off) => hands.MapPost(path, async (HttpRequest request) =>
        {
            ((await request.ReadAsync<SimulatorRequest>(Example)).On ? on : off)();
            return TypedResults.NoContent();
        });
    }
}
