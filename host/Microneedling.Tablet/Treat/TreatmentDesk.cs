// The session that is open at this tablet, the values confirmed in it, and the passes. Decides when a session may begin, be
// armed and be closed, and within which caps; motion is decided by the device, the record is kept by SessionKeeper.

using System.Security.Cryptography;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Treat;

/// <summary>The session that is open.</summary>
/// <param name="Id">Number in the record.</param>
/// <param name="DeviceSessionNumber">What the device knows it by: random, so that no two tablets give one number twice.</param>
/// <param name="Start">What it was begun with.</param>
/// <param name="ClientLabel">The client's label, or null: on a test block.</param>
/// <param name="CheckedAt">When the client's check was made, UTC; null on a test block.</param>
/// <param name="StartedAt">When it began, UTC.</param>
public sealed record OpenSession(long Id, uint DeviceSessionNumber, SessionStart Start, string? ClientLabel, DateTimeOffset? CheckedAt, DateTimeOffset StartedAt);

/// <summary>What a page asks to be confirmed.</summary>
public sealed record Proposal(
    string ZoneId, int AreaSquareMillimeters, Depth Depth, StrokeRate Rate, int BurstStrokes, string? PresetKey, int? PresetVersion);

/// <summary>What was asked for and what the device holds to.</summary>
public sealed record Confirmed(Proposal Proposal, TreatmentRequest Asked, AcceptedTreatment Accepted, Unlock? Unlock);

/// <summary>One thing that arming still needs.</summary>
/// <param name="Step">Which step of the way: client, cartridge, values, device.</param>
/// <param name="Code">Names the text <c>refusals.CODE</c>.</param>
/// <param name="Href">The page where it is done, or null: on the Treat page.</param>
public sealed record MissingStep(string Step, string Code, string? Href);

/// <summary>Refused; nothing changed. <see cref="Code"/> names the text <c>refusals.CODE</c>.</summary>
public sealed class DeskRefusedException(string code, params object[] values) : Exception(code)
{
    /// <summary>The reason's name.</summary>
    public string Code { get; } = code;

    /// <summary>Values in its text.</summary>
    public IReadOnlyList<object> Values { get; } = values;
}

/// <summary>Where sessions are begun, armed and closed. One is open at a time.</summary>
public sealed class TreatmentDesk(SessionStore store, SessionKeeper keeper, AftermathDesk aftermath, TimeProvider time) : IDeviceListener, IDisposable
{
    private const int LogLength = 200;

    /// <summary>How long closing waits for the last events of a pass whose device is at rest already.</summary>
    private static readonly TimeSpan LastEventsWithin = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile OpenSession? _open;
    private volatile Confirmed? _confirmed;
    private volatile Unlock? _unlock;
    private volatile SessionSummary? _finished;
    private volatile string? _problem;
    private long _finishedStrokes;
    private volatile IReadOnlyList<DeviceLogEntry> _log = [];

    /// <summary>The session that is open, or null.</summary>
    public OpenSession? Open => _open;

    /// <summary>The values confirmed last, or null.</summary>
    public Confirmed? Confirmed => _confirmed;

    /// <summary>The unlock in force, or null.</summary>
    public Unlock? Unlock => _unlock;

    /// <summary>The session closed last since this program started, or null.</summary>
    public SessionSummary? Finished => _finished;

    /// <summary>Strokes with needles out in the session closed last.</summary>
    public long FinishedStrokes => Interlocked.Read(ref _finishedStrokes);

    /// <summary>Why the session closed last could not be written, or null.</summary>
    public string? Problem => _problem;

    /// <summary>The device's latest log entries, newest first.</summary>
    public IReadOnlyList<DeviceLogEntry> Log => _log;

    /// <inheritdoc/>
    public Task AtRest => keeper.PassEnded;

    /// <summary>
    /// Begins a session: the device must be connected and at rest, no other session open, the client's check in force and
    /// consent noted, the cartridge not expired. A test block needs a simulated device or the right to serve it.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="person">Who begins it.</param>
    /// <param name="start">With what.</param>
    /// <param name="cancellationToken">Gives up before it is begun.</param>
    /// <exception cref="DeskRefusedException">Something of that is missing.</exception>
    /// <exception cref="DeviceException">The device refused or was not reached.</exception>
    /// <exception cref="SessionStoreException">It cannot be recorded; nothing was begun.</exception>
    public async Task<OpenSession> BeginAsync(DeviceService device, SignedInPerson person, SessionStart start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(start);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Refuse(_open is not null, "sessionOpen");
            Refuse(!person.May(Rights.Treat), "noRight");
            var now = time.GetUtcNow();
            Refuse(start.Cartridge.Expires < DateOnly.FromDateTime(time.GetLocalNow().DateTime), "cartridgeExpired", start.Cartridge.Expires.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
            var (label, checkedAt) = await ClientOfAsync(device, person, start, now, cancellationToken);

            var client = device.Require();
            uint number = (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);
            await aftermath.SettleAsync();
            await TellSessionAsync(client, number, cancellationToken);
            long id = await keeper.BeginAsync(client.Identity, () => client.GetStatusAsync(cancellationToken), start with { By = person.Actor }, cancellationToken);
            (_unlock, _finished, _problem) = (null, null, null);
            return _open = new OpenSession(id, number, start with { By = person.Actor }, label, checkedAt, now);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Asks the device to hold to values for a zone, within the person's caps.</summary>
    /// <exception cref="DeskRefusedException">The zone or the caps forbid it.</exception>
    /// <exception cref="DeviceException">The device refused or was not reached; nothing changed.</exception>
    public async Task<Confirmed> ConfirmAsync(DeviceService device, SignedInPerson person, Proposal proposal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(proposal);
        var zone = Zones.Find(proposal.ZoneId) ?? throw new DeskRefusedException("zoneUnknown");
        Refuse(
            proposal.AreaSquareMillimeters is < Zones.SmallestAreaSquareMillimeters or > Zones.LargestAreaSquareMillimeters,
            "areaOutOfRange", Zones.SmallestAreaSquareMillimeters / 100, Zones.LargestAreaSquareMillimeters / 100);
        var client = device.Require();
        var held = client.LatestStatus is { State: DeviceState.Armed or DeviceState.Running } ? _confirmed : null;
        Refuse(held is not null && held.Proposal.ZoneId != proposal.ZoneId, "zoneFixedWhileArmed");
        await RequirePresetAsync(proposal, cancellationToken);

        var (cap, unlock) = await CapAsync(zone, person, cancellationToken);
        Refuse(cap.IsBlocked, "zoneBlocked");
        Refuse(proposal.Depth > cap.Depth, "depthAboveCap", NumberWords.Set(cap.Depth));
        // The device's cap is fixed while armed. Where the site's has changed meanwhile, it holds here.
        var depthCap = held?.Asked.DepthCap ?? cap.Depth;
        bool isDeep = depthCap > client.Identity.Limits.UnsupervisedDepth;
        var asked = new TreatmentRequest(
            proposal.Depth, depthCap, proposal.Rate, SupervisorUnlock: held?.Asked.SupervisorUnlock ?? (unlock is not null && isDeep), proposal.BurstStrokes);
        var accepted = await client.ConfigureAsync(asked, cancellationToken);
        var confirmed = new Confirmed(proposal, asked, accepted, unlock);
        _confirmed = confirmed;
        keeper.Take(asked, accepted, client.LatestStatus);
        await client.GetStatusAsync(cancellationToken);
        return confirmed;
    }

    /// <summary>Arms the device with exactly the values that the token stands for, and begins the pass.</summary>
    /// <exception cref="DeskRefusedException">Something is missing, by <see cref="MissingFor"/>.</exception>
    /// <exception cref="DeviceException">The device refused or was not reached; after a lost answer it is told to stop.</exception>
    /// <exception cref="SessionStoreException">It cannot be recorded; the device is told to stop.</exception>
    public async Task ArmAsync(DeviceService device, SignedInPerson person, uint token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(person);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var client = device.Require();
            var confirmed = _confirmed;
            if (confirmed is not null && confirmed.Accepted.Token != token)
            {
                throw new RejectedException(RejectionReason.StaleToken, 0);
            }

            if (MissingFor(client.LatestStatus).FirstOrDefault() is { } missing)
            {
                throw new DeskRefusedException(missing.Code);
            }

            var open = _open!;
            Refuse(open.Start.ClientKey is not null && !person.May(Rights.KeepClients), "noRight");
            var zone = Zones.Find(confirmed!.Proposal.ZoneId)!;
            var (cap, unlock) = await CapAsync(zone, person, cancellationToken);
            Refuse(confirmed.Asked.DepthCap > cap.Depth, "capOfPerson", NumberWords.Set(cap.Depth));
            await TellSessionAsync(client, open.DeviceSessionNumber, cancellationToken);
            var start = new PassStart(
                person.Actor, zone.Id, confirmed.Proposal.AreaSquareMillimeters, confirmed.Proposal.PresetKey, confirmed.Proposal.PresetVersion,
                unlock?.By, unlock?.Reason, confirmed.Asked, confirmed.Accepted);
            try
            {
                await keeper.BeginPassAsync(
                    start, () => client.GetStatusAsync(cancellationToken), () => client.ArmAsync(confirmed.Accepted, CancellationToken.None), cancellationToken);
            }
            catch (Exception problem) when (problem is not (RejectedException or OperationCanceledException))
            {
                await device.TryStopDeviceAsync("notice-armingFailed");
                throw;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A supervisor unlocks a zone's cap for this session. The PIN has been checked.</summary>
    /// <exception cref="DeskRefusedException">No session is open, the zone is blocked, something moves, or there is no reason.</exception>
    public async Task UnlockAsync(DeviceService device, Person supervisor, string zoneId, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(supervisor);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var zone = Zones.Find(zoneId) ?? throw new DeskRefusedException("zoneUnknown");
            Refuse(_open is null, "noSession");
            Refuse(IsMoving(device.LatestStatus), "deviceMoves");
            Refuse(!RoleRights.Of(supervisor.Role).HasFlag(Rights.Supervise), "noRight");
            Refuse(reason.Trim().Length is < 10 or > 500, "reasonLength", 10, 500);
            var cap = CapRules.Unlocked(zone, await store.Site.CapsAsync(cancellationToken));
            Refuse(cap.IsBlocked, "zoneBlocked");
            var by = new Actor(supervisor.Id, supervisor.Name);
            // The reason may speak of the client: it stands with the pass, not in the trail.
            await store.Audit.AddAsync(by, "cap.unlocked", $"session:{_open!.Id}", $"{zone.Id} to {cap.Depth.Micrometers} um", cancellationToken);
            _unlock = new Unlock(zone.Id, cap.Depth, by, reason.Trim());
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes the unlock back; values confirmed under it count no more.</summary>
    /// <exception cref="DeskRefusedException">Something moves.</exception>
    public async Task LockAsync(DeviceService device, SignedInPerson person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(person);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Refuse(IsMoving(device.LatestStatus), "deviceMoves");
            if (_unlock is { } unlock)
            {
                _unlock = null;
                _confirmed = _confirmed?.Unlock is null ? _confirmed : null;
                await store.Audit.AddAsync(person.Actor, "cap.locked", $"session:{_open?.Id}", unlock.ZoneId, cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Closes the session. It counts as aborted or lost when its last pass ended so, as stopped when it had no pass, else
    /// as the practitioner says.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="carriedThrough">True: completed; false: ended early.</param>
    /// <param name="cancellationToken">Gives up before it is closed.</param>
    /// <exception cref="DeskRefusedException">None is open, or the device is armed or moves.</exception>
    /// <exception cref="SessionStoreException">It cannot be written now; it is closed when the record is opened again.</exception>
    public async Task<SessionSummary> FinishAsync(DeviceService device, bool carriedThrough, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Refuse(_open is null, "noSession");
            Refuse(IsMoving(device.LatestStatus), "deviceMoves");
            await Task.WhenAny(keeper.PassEnded, Task.Delay(LastEventsWithin, time, cancellationToken));
            Refuse(keeper.PassGoesOn, "deviceMoves");
            return (await CloseAsync(carriedThrough, device.LatestStatus))!;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Does what no session may be open for and nothing may move for; none begins meanwhile.</summary>
    /// <exception cref="DeskRefusedException">A session is open, or the device is armed or moves.</exception>
    public async Task WithoutSessionAsync(DeviceService device, Func<Task> act, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(act);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Refuse(_open is not null, "sessionOpen");
            Refuse(IsMoving(device.LatestStatus), "deviceMoves");
            await act();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>What arming still needs, in the order in which to do it.</summary>
    public IEnumerable<MissingStep> MissingFor(DeviceStatus? status)
    {
        if (_open is not { } open)
        {
            yield return new MissingStep("client", "noSession", "/prepare");
        }
        else if (open.CheckedAt is { } at && time.GetUtcNow() - at >= SuitabilityCheck.HoldsFor)
        {
            yield return new MissingStep("client", "checkExpired", $"/clients/{open.Start.ClientKey}");
        }

        if (status is null)
        {
            yield return new MissingStep("device", "notConnected", "/device");
            yield break;
        }

        if (status.State == DeviceState.Unhomed)
        {
            yield return new MissingStep("device", "notHomed", null);
        }

        if (!status.Has(Inputs.CartridgeSeated))
        {
            yield return new MissingStep("cartridge", "cartridgeMissing", null);
        }
        else if (_open is not null && status.SessionNumber == _open.DeviceSessionNumber && status.Is(StatusFlags.CartridgeUsedBefore))
        {
            yield return new MissingStep("cartridge", "cartridgeUsed", null);
        }

        if (_confirmed is not { } confirmed || confirmed.Accepted.Token != status.Token)
        {
            yield return new MissingStep("values", "valuesNotConfirmed", null);
        }

        if (status.Has(Inputs.TriggerPressed))
        {
            yield return new MissingStep("device", "triggerHeld", null);
        }
    }

    /// <inheritdoc/>
    public Task TakeAsync(DeviceStatus status) => keeper.TakeAsync(status);

    /// <inheritdoc/>
    public Task TakeAsync(DeviceLogEntry entry)
    {
        _log = [entry, .. _log.Take(LogLength - 1)];
        return keeper.TakeAsync(entry);
    }

    /// <inheritdoc/>
    public void Connected(DeviceClient client) => aftermath.Connected(client);

    /// <inheritdoc/>
    public Task LinkLostAsync()
    {
        _confirmed = null;
        return keeper.LinkLostAsync();
    }

    /// <inheritdoc/>
    public async Task EndingAsync()
    {
        try
        {
            await CloseAsync(carriedThrough: false, last: null);
        }
        catch (SessionStoreException)
        {
            // Said in the log; it is closed when the record is opened again.
        }

        await aftermath.SettleAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private static bool IsMoving(DeviceStatus? status) =>
        status is { State: DeviceState.Homing or DeviceState.Armed or DeviceState.Running or DeviceState.Retracting } || status?.Is(StatusFlags.Parking) == true;

    private static void Refuse(bool refuse, string code, params object[] values)
    {
        if (refuse)
        {
            throw new DeskRefusedException(code, values);
        }
    }

    /// <summary>A device that restarted has forgotten the session; one of protocol 1.0 knows none.</summary>
    private static async Task TellSessionAsync(DeviceClient client, uint number, CancellationToken cancellationToken)
    {
        if (client.Identity.Capabilities.HasFlag(DeviceCapabilities.Sessions) && client.LatestStatus?.SessionNumber != number)
        {
            await client.BeginSessionAsync(number, cancellationToken);
            await client.GetStatusAsync(cancellationToken);
        }
    }

    private async Task<(string? Label, DateTimeOffset? CheckedAt)> ClientOfAsync(
        DeviceService device, SignedInPerson person, SessionStart start, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (start.ClientKey is not { } key)
        {
            Refuse(!device.IsSimulated && !person.May(Rights.ServeDevice), "practiceNeedsEngineer");
            return (null, null);
        }

        Refuse(!person.May(Rights.KeepClients), "noRight");
        var client = await store.Clients.FindAsync(key, cancellationToken) ?? throw new DeskRefusedException("clientUnknown");
        var check = await store.Clients.ChecksAsync(key, cancellationToken) is [var latest, ..] ? latest : null;
        Refuse(check is null, "checkMissing");
        Refuse(now - check!.At >= SuitabilityCheck.HoldsFor, "checkExpired");
        Refuse(!check.Allows(now), "notSuitable");
        Refuse(start.SuitabilityCheckId != check.Id, "checkChanged");
        Refuse((await store.Clients.ConsentsAsync(key, cancellationToken)).All(consent => consent.WithdrawnAt is not null), "consentMissing");
        Refuse(
            start.CourseId is { } course && (await store.Clients.CoursesAsync(key, cancellationToken)).All(known => known.Id != course || known.IsClosed),
            "courseUnknown");
        return (client.Label, check.At);
    }

    /// <summary>What the record will say of a preset is true: that version is for the zone, and sets no less deep.</summary>
    private async Task RequirePresetAsync(Proposal proposal, CancellationToken cancellationToken)
    {
        if (proposal.PresetKey is { } key)
        {
            var preset = (await store.Site.PresetVersionsAsync(key, cancellationToken)).FirstOrDefault(known => known.Version == proposal.PresetVersion);
            Refuse(preset is null || !preset.ZoneIds.Contains(proposal.ZoneId) || proposal.Depth > preset.Depth, "presetUnknown");
        }
    }

    private async Task<(Cap Cap, Unlock? Unlock)> CapAsync(Zone zone, SignedInPerson person, CancellationToken cancellationToken)
    {
        var caps = await store.Site.CapsAsync(cancellationToken);
        return _unlock is { } unlock && unlock.ZoneId == zone.Id
            ? (CapRules.Unlocked(zone, caps), unlock)
            : (CapRules.Of(zone, caps, person.Role), null);
    }

    private async Task<SessionSummary?> CloseAsync(bool carriedThrough, DeviceStatus? last)
    {
        Interlocked.Exchange(ref _finishedStrokes, keeper.Passes.Sum(pass => pass.Strokes));
        try
        {
            return _finished = await keeper.FinishAsync(carriedThrough, last);
        }
        catch (SessionStoreException problem)
        {
            _problem = problem.Message;
            throw;
        }
        finally
        {
            (_open, _unlock, _confirmed) = (null, null, null);
        }
    }
}
