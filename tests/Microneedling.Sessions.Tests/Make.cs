using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Sessions.Tests;

/// <summary>Device records with one thing different.</summary>
internal static class Make
{
    public static readonly DateTimeOffset Start = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    public static DeviceIdentity Device(uint serialNumber = 4_000_000_001) => new(
        serialNumber,
        BootId: 3_987_654_321,
        new Version(1, 4, 2),
        new Version(1, 0),
        new DeviceLimits(
            Depth.FromMicrometers(100),
            Depth.FromMicrometers(1500),
            Depth.FromMicrometers(2500),
            StrokeRate.FromMillihertz(10_000),
            StrokeRate.FromMillihertz(100_000),
            TimeSpan.FromMilliseconds(500)));

    /// <summary>A status this long after the start; the device was switched on an hour before.</summary>
    public static DeviceStatus Status(
        long milliseconds = 0,
        uint strokes = 0,
        uint latestEvent = 0,
        DeviceState state = DeviceState.Running,
        int depthMicrometers = 500,
        int rateMillihertz = 60_000) => new(
            Start.AddMilliseconds(milliseconds),
            TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(milliseconds),
            state,
            FaultCode.None,
            Inputs.CartridgeSeated | Inputs.SupplyGood,
            StatusFlags.Homed | StatusFlags.LinkAlive,
            Depth.FromMicrometers(-1000),
            Depth.FromMicrometers(depthMicrometers),
            Depth.FromMicrometers(1000),
            StrokeRate.FromMillihertz(rateMillihertz),
            StrokeRate.FromMillihertz(rateMillihertz - 1),
            StrokeRate.FromMillihertz(rateMillihertz - 2),
            strokes,
            Token: 7,
            latestEvent,
            DroppedReports: 0,
            TickGaps: 0);

    public static TreatmentRequest Request(int depthMicrometers = 510, int rateMillihertz = 60_001) =>
        new(Depth.FromMicrometers(depthMicrometers), Depth.FromMicrometers(1600), StrokeRate.FromMillihertz(rateMillihertz), SupervisorUnlock: true);

    public static AcceptedTreatment Accepted(int depthMicrometers = 500, int rateMillihertz = 60_000) =>
        new(Depth.FromMicrometers(depthMicrometers), Depth.FromMicrometers(1597), StrokeRate.FromMillihertz(rateMillihertz), Token: 4_123_456_789);

    public static DeviceEvent Event(uint number) =>
        new(number, TimeSpan.FromMilliseconds(3_600_000 + number), EventCode.StateChanged, (int)DeviceState.Armed, (int)DeviceState.Parked);
}
