using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Qa.Instruments;

namespace Microneedling.Hil.Tests;

/// <summary>Leaves a device disarmed, parked and without power, whatever a scenario did or failed to do.</summary>
internal static class Teardown
{
    private const int Tries = 3;

    /// <summary>Each step is tried though the one before it failed. The needles are judged by the bench.</summary>
    public static async Task LeaveSafeAsync(TestStand stand)
    {
        var bench = stand.BenchOrNull;
        if (bench is not null)
        {
            await TryAsync(stand, () => bench.SwitchAsync(BenchSwitch.Trigger, false));
            await TryAsync(stand, () => bench.SwitchAsync(BenchSwitch.SerialLine, true));
        }

        await TryAsync(stand, async () =>
        {
            for (int i = 0; ; i++)
            {
                try
                {
                    await stand.Device.StopAsync();
                    return;
                }
                catch (Exception e) when (i < Tries && (e is InvalidOperationException or DeviceException))
                {
                    await stand.DisconnectAsync();
                    await stand.ConnectAsync();
                }
            }
        });
        await TryAsync(stand, () => stand.Device.WaitForAsync(status => !Moves(status.State), TimeSpan.FromSeconds(8)));
        if (bench is not null)
        {
            await TryAsync(stand, () => stand.QuietAsync());
            double? tip = null; // What no bench has seen is not met.
            await TryAsync(stand, async () => tip = (await bench.ReadAsync()).TipMicrometers);
            stand.Judge("left with the tips behind the nosecone", tip, "µm", most: 0);
            await TryAsync(stand, () => bench.SwitchAsync(BenchSwitch.EmergencyStop, false));
        }

        await TryAsync(stand, stand.DisconnectAsync);
        if (bench is not null)
        {
            await TryAsync(stand, () => bench.SwitchAsync(BenchSwitch.Power, false));
        }
    }

    private static bool Moves(DeviceState state) => state is DeviceState.Homing or DeviceState.Armed or DeviceState.Running or DeviceState.Retracting or DeviceState.SelfTest or DeviceState.Booting;

    private static async Task TryAsync(TestStand stand, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception e) when (e is DeviceException or BenchException or TimeoutException or InvalidOperationException)
        {
            stand.Note($"while leaving it safe: {e.Message}");
        }
    }
}
