using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Benchmarks.Recording;

/// <summary>What the parts record.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Start = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
    public static readonly Actor Owner = new(null, "owner");
    public static readonly SessionStart OnTestBlock = new(Owner, null, null, null, new Cartridge("Sim 12", 12, "LOT-7", new DateOnly(2099, 12, 31)));

    public static DeviceIdentity Device(uint serialNumber = 1) => new(
        serialNumber, BootId: 1, new Version(1, 0, 0), new Version(1, 2), new DeviceLimits(
            Depth.FromMicrometers(100), Depth.FromMicrometers(1500), Depth.FromMicrometers(2500),
            StrokeRate.FromMillihertz(10_000), StrokeRate.FromMillihertz(100_000), TimeSpan.FromMilliseconds(500)));

    /// <summary>The status of this number, 50 ms after the one before.</summary>
    public static DeviceStatus Status(int number) => new(
        Start.AddMilliseconds(number * 50), TimeSpan.FromMilliseconds(number * 50), DeviceState.Running, FaultCode.None,
        Inputs.CartridgeSeated | Inputs.SupplyGood, StatusFlags.Homed | StatusFlags.LinkAlive,
        Depth.FromMicrometers(497), Depth.FromMicrometers(500), Depth.FromMicrometers(1000),
        StrokeRate.FromMillihertz(60_000), StrokeRate.FromMillihertz(60_000), StrokeRate.FromMillihertz(59_998),
        (uint)number * 3, Token: 7, LatestEventNumber: 4, DroppedReports: 0, TickGaps: 0);

    /// <summary>A session of so many statuses.</summary>
    public static async Task<long> RecordAsync(SessionStore store, int statuses)
    {
        SessionRecorder recorder = await store.BeginAsync(Device(), Status(0), OnTestBlock);
        for (int i = 1; i < statuses; i++)
        {
            recorder.RecordStatus(Status(i));
        }

        await recorder.FinishAsync(SessionOutcome.Completed, null);
        return recorder.SessionId;
    }
}
