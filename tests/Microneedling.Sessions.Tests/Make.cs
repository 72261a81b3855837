using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions.Tests;

/// <summary>Device records with one thing different.</summary>
internal static class Make
{
    public static readonly DateTimeOffset Start = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    /// <summary>Who does everything while nobody is set up.</summary>
    public static readonly Actor Owner = new(null, "owner");

    public static readonly Cartridge Cartridge = new("Sim 12", 12, "LOT-7", new DateOnly(2099, 12, 31));

    /// <summary>On a test block.</summary>
    public static SessionStart OnTestBlock => new(Owner, null, null, null, Cartridge);

    /// <summary>Begins a session on a test block.</summary>
    public static Task<SessionRecorder> BeginAsync(this SessionStore store, DeviceIdentity device, DeviceStatus status) =>
        store.BeginAsync(device, status, OnTestBlock);

    public static Pass Pass(int number = 1, PassEnding ending = PassEnding.Running, long strokes = 0) => new(
        number,
        "cheek-left",
        3200,
        "cheek-sellers-guide-thin",
        1,
        Owner,
        null,
        null,
        Start,
        ending == PassEnding.Running ? null : Start.AddMinutes(1),
        ending,
        strokes,
        TimeSpan.FromMilliseconds(strokes * 16),
        Depth.FromMicrometers(500),
        StrokeRate.FromMillihertz(60_000));

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
