// Sessions written straight into the record, as a treatment would, with every kind of row: for pages that read them.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Tests;

/// <summary>Writes sessions into a record that a program may have open.</summary>
public sealed class MadeSessions : IAsyncDisposable
{
    private readonly SettableTime _time;

    private MadeSessions(SessionStore store, SettableTime time) => (Store, _time) = (store, time);

    /// <summary>Who treats.</summary>
    public static Actor Practitioner { get; } = new(null, "Ana Practitioner");

    /// <summary>Who unlocks.</summary>
    public static Actor Supervisor { get; } = new(null, "Sol Supervisor");

    public SessionStore Store { get; }

    public static async Task<MadeSessions> OpenAsync(string databasePath)
    {
        var time = new SettableTime();
        return new MadeSessions(await SessionStore.OpenAsync(databasePath, time), time);
    }

    /// <summary>A client who may be treated at that moment; returns the key and the check's number.</summary>
    public async Task<(Sessions.Clinic.Client Client, long CheckId)> AddClientAsync(DateTimeOffset at)
    {
        _time.Now = at;
        var client = await Store.Clients.AddAsync(Practitioner);
        var checklist = await Store.Site.ChecklistAsync();
        var check = await Store.Clients.CheckAsync(Practitioner, client.Key, checklist.Version, [], "");
        return (client, check.Id);
    }

    /// <summary>One session of two minutes: a pass over a cheek by a preset, changed on the way, and one over the forehead that was unlocked.</summary>
    public async Task<long> AddAsync(
        DateTimeOffset at, SessionOutcome outcome, SessionStart start, uint serialNumber = 1042, PassEnding lastEnding = PassEnding.Disarmed, bool withGap = false)
    {
        _time.Now = at;
        var recorder = await Store.BeginAsync(Device(serialNumber), Status(at, 0, 0, DeviceState.Parked, -1000, 0, 0), start);
        uint number = 0;
        void Tell(double seconds, EventCode code, int first = 0, int second = 0)
        {
            _time.Now = at.AddSeconds(seconds);
            recorder.RecordEvent(new DeviceEvent(++number, TimeSpan.FromSeconds(100 + seconds), code, first, second));
        }

        Tell(0.1, EventCode.SessionBegun, 7);
        Confirm(recorder, at, at.AddSeconds(1), 800, 797, 60_000, 0, unlocked: false);
        Tell(1, EventCode.TreatmentAccepted, 797, 60_000);
        Tell(2, EventCode.StateChanged, (int)DeviceState.Armed, (int)DeviceState.Parked);
        Tell(5, EventCode.TriggerPressed);
        Confirm(recorder, at, at.AddSeconds(20), 1000, 997, 60_000, 0, unlocked: false);
        Tell(20, EventCode.TreatmentAccepted, 997, 60_000);
        Tell(45, EventCode.TriggerReleased);
        Confirm(recorder, at, at.AddSeconds(60), 1600, 1597, 40_000, 5, unlocked: true);
        Tell(62, EventCode.StateChanged, (int)DeviceState.Armed, (int)DeviceState.Parked);
        if (withGap)
        {
            _time.Now = at.AddSeconds(70);
            recorder.RecordEvent(new MissingEvents(number + 1, number + 3));
            number += 3;
        }

        if (outcome == SessionOutcome.AbortedByFault)
        {
            Tell(100, EventCode.FaultRaised, (int)FaultCode.CartridgeRemoved, (int)DeviceState.Running);
        }

        for (int tick = 0; tick <= 240; tick++)
        {
            double seconds = tick / 2.0;
            bool first = seconds is >= 5 and < 45;
            bool second = seconds is >= 70 and < 100;
            int stage = seconds switch { >= 3 and < 20 => 797, >= 20 and < 46 => 997, >= 64 and < 101 => 1597, _ => -1000 };
            int active = seconds switch { >= 1 and < 20 => 797, >= 20 and < 60 => 997, >= 60 => 1597, _ => 0 };
            uint strokes = (uint)(Math.Clamp(seconds - 5, 0, 40) * 60 + Math.Clamp(seconds - 70, 0, 30) * 40);
            recorder.RecordStatus(Status(at, seconds, strokes, first || second ? DeviceState.Running : DeviceState.Parked, stage, active, first ? 60_000 : second ? 40_000 : 0));
        }

        recorder.RecordPass(new Pass(
            1, "cheek-left", 4500, "cheek-sellers-guide-thin", 1, Practitioner, null, null, at.AddSeconds(2), at.AddSeconds(46), PassEnding.Disarmed, 2400,
            TimeSpan.FromSeconds(40), Depth.FromMicrometers(997), StrokeRate.FromMillihertz(60_000)));
        recorder.RecordPass(new Pass(
            2, "forehead", 6000, null, null, Practitioner, Supervisor, "Scar tissue, agreed with the client", at.AddSeconds(62), at.AddSeconds(101), lastEnding, 1200,
            TimeSpan.FromSeconds(30), Depth.FromMicrometers(1597), StrokeRate.FromMillihertz(40_000)));
        _time.Now = at.AddSeconds(120);
        var last = Status(at, 120, 3600, DeviceState.Parked, -1000, 1597, 0) with { LatestEventNumber = number };
        var summary = await recorder.FinishAsync(outcome, last);
        await recorder.DisposeAsync();
        return summary.Id;
    }

    /// <summary>On a test block, with a cartridge of this lot.</summary>
    public static SessionStart Practice(string lot = "LOT-1") => new(Practitioner, null, null, null, CartridgeOf(lot));

    /// <summary>With a client.</summary>
    public static SessionStart With((Sessions.Clinic.Client Client, long CheckId) client, string lot = "LOT-1", Actor? by = null) =>
        new(by ?? Practitioner, client.Client.Key, client.CheckId, null, CartridgeOf(lot));

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private static Cartridge CartridgeOf(string lot) => new("T-12", 12, lot, new DateOnly(2099, 12, 31));

    private void Confirm(SessionRecorder recorder, DateTimeOffset begin, DateTimeOffset at, int set, int active, int rate, int burst, bool unlocked)
    {
        _time.Now = at;
        recorder.RecordParameters(
            new TreatmentRequest(Depth.FromMicrometers(set), Depth.FromMicrometers(unlocked ? 2000 : 1500), StrokeRate.FromMillihertz(rate), unlocked, burst),
            new AcceptedTreatment(Depth.FromMicrometers(active), Depth.FromMicrometers(unlocked ? 1997 : 1498), StrokeRate.FromMillihertz(rate), 17, burst),
            Status(begin, (at - begin).TotalSeconds, 0, DeviceState.Parked, -1000, 0, 0));
    }

    private static DeviceIdentity Device(uint serialNumber) => new(
        serialNumber, 77, new Version(1, 4, 2), new Version(1, 1),
        new DeviceLimits(
            Depth.FromMicrometers(100), Depth.FromMicrometers(1500), Depth.FromMicrometers(2500), StrokeRate.FromMillihertz(10_000), StrokeRate.FromMillihertz(100_000),
            TimeSpan.FromMilliseconds(500)));

    private static DeviceStatus Status(DateTimeOffset begin, double seconds, uint strokes, DeviceState state, int stage, int active, int rate) => new(
        begin.AddSeconds(seconds), TimeSpan.FromSeconds(100 + seconds), state, FaultCode.None, Inputs.CartridgeSeated | Inputs.SupplyGood,
        StatusFlags.Homed | StatusFlags.LinkAlive, Depth.FromMicrometers(stage), Depth.FromMicrometers(active), Depth.FromMicrometers(1500),
        StrokeRate.FromMillihertz(rate), StrokeRate.FromMillihertz(rate), StrokeRate.FromMillihertz(rate == 0 ? 0 : rate - 120), strokes, 17, 0, 0, 0);

    private sealed class SettableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
