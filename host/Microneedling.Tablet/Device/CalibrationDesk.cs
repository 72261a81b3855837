// The calibration of the zero, one at a time, step by step. Decides the order; the device decides about motion.
//
//   Checks ──begin──▶ Jogging ──measure──▶ Preview ──store──▶ Stored ──home and check──▶ Checking ──verify──▶ Done
//      ▲                  ▲────again────────┘                                                │
//      └───── abort, page gone, device out of service: service is left, and it is said why ──┘
//
// Service belongs to the page that began it: when that page is gone, service is left.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;

namespace Microneedling.Tablet.Device;

/// <summary>How far a calibration has come.</summary>
public enum CalibrationStep
{
    /// <summary>Not begun: what must hold first is looked at.</summary>
    Checks = 1,

    /// <summary>In service: the stage is moved to where a gauge can measure.</summary>
    Jogging = 2,

    /// <summary>Measured: the new zero is shown, nothing is stored.</summary>
    Preview = 3,

    /// <summary>Stored on the device and read back.</summary>
    Stored = 4,

    /// <summary>Homed with the new zero and in service again, to measure once more.</summary>
    Checking = 5,

    /// <summary>Over, with its outcome.</summary>
    Done = 6,
}

/// <summary>A new zero that follows from a measurement.</summary>
/// <param name="Measured">What the gauge says.</param>
/// <param name="Counted">Where the device counted itself to be.</param>
/// <param name="Before">The zero offset stored now.</param>
/// <param name="After">The one that would be stored.</param>
public sealed record ZeroPreview(Depth Measured, Depth Counted, Depth Before, Depth After)
{
    /// <summary>By how much the device was off.</summary>
    public Depth Change => Depth.FromMicrometers(After.Micrometers - Before.Micrometers);
}

/// <summary>What came of a calibration.</summary>
/// <param name="Stored">The zero offset read back.</param>
/// <param name="Difference">Measured less counted, after homing anew.</param>
/// <param name="IsGood">Whether the difference is within what a gauge and a step of the stage explain.</param>
public sealed record CalibrationOutcome(Depth Stored, Depth Difference, bool IsGood);

/// <summary>Where a calibration stands.</summary>
/// <param name="Step">How far it has come.</param>
/// <param name="Page">The page that it belongs to, or null.</param>
/// <param name="IsBusy">Whether the device is at work on what was asked.</param>
/// <param name="Preview">The new zero, from Preview on.</param>
/// <param name="Stored">The zero offset that was read back, from Stored on.</param>
/// <param name="Outcome">The outcome, when done.</param>
/// <param name="EndedBy">Why the last one ended early, the name of the text <c>device.ended-NAME</c>; or null.</param>
public sealed record Calibration(CalibrationStep Step, string? Page, bool IsBusy, ZeroPreview? Preview, Depth? Stored, CalibrationOutcome? Outcome, string? EndedBy)
{
    internal static readonly Calibration None = new(CalibrationStep.Checks, null, false, null, null, null, null);
}

/// <summary>Calibrates the device's zero with a person and a gauge.</summary>
public sealed class CalibrationDesk(DeviceService device, TreatmentDesk desk, PagePresence presence, SessionStore store, DeviceFacts facts, LiveFeed feed, TimeProvider time)
    : IDisposable
{
    /// <summary>How far the second measurement may be off: a step of the stage, drift, and what a dial gauge is read to (assumed).</summary>
    public static readonly Depth GoodWithin = Depth.FromMicrometers(20);

    /// <summary>Largest difference between the zero foreseen and the one read back: both are rounded to the micrometre.</summary>
    private const int RoundingMicrometers = 2;

    private static readonly TimeSpan MoveWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StoreWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the page's live stream may be away: it comes back by itself after a hitch.</summary>
    private static readonly TimeSpan PageGrace = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Calibration _now = Calibration.None;
    private CancellationTokenSource _ending = new();
    private SignedInPerson? _person;

    /// <summary>Where it stands.</summary>
    public Calibration Now => _now;

    /// <summary>What must hold before service can begin, each with whether it does. Its name is that of the texts <c>device.holds-NAME</c> and <c>refusals.NAME</c>.</summary>
    public IReadOnlyList<(string Name, bool Holds)> Checks()
    {
        var client = device.Live;
        var status = client?.LatestStatus;
        return
        [
            ("check-connected", status is not null),
            ("check-service", client?.Identity.Capabilities.HasFlag(DeviceCapabilities.Service) == true),
            ("check-noSession", desk.Open is null),
            ("check-emergencyStop", status is not null && !status.Has(Inputs.EmergencyStop)),
            ("check-supply", status?.Has(Inputs.SupplyGood) == true),
            ("check-noFault", status is { Fault: FaultCode.None }),
            ("check-parked", status is { State: DeviceState.Parked } && status.Is(StatusFlags.Homed)),
            ("check-noCartridge", status is not null && !status.Has(Inputs.CartridgeSeated)),
        ];
    }

    /// <summary>Enters service for a page.</summary>
    /// <exception cref="DeskRefusedException">A check does not hold, one goes on already, or the page does not control; nothing changed.</exception>
    /// <exception cref="DeviceException">The device refused.</exception>
    public Task BeginAsync(SignedInPerson person, string page, CancellationToken cancellationToken) => ActAsync(
        async unbegun =>
        {
            Refuse(_now.Step is not (CalibrationStep.Checks or CalibrationStep.Done), "calibrationGoesOn");
            if (Checks().FirstOrDefault(check => !check.Holds) is { Name: { } broken })
            {
                throw new DeskRefusedException(broken);
            }

            Refuse(!presence.TakeControl(page), presence.MayControl(page) ? "pageNotLive" : "notInControl");
            var client = device.Require();
            await desk.WithoutSessionAsync(device, () => client.EnterServiceAsync(cancellationToken), cancellationToken);
            await client.WaitForAsync(status => status.State == DeviceState.Service, MoveWithin, unbegun);
            _person = person;
            _ending = new CancellationTokenSource();
            _now = Calibration.None with { Step = CalibrationStep.Jogging, Page = page };
            _ = WatchAsync(_ending.Token);
        },
        cancellationToken);

    /// <summary>Moves the stage, −0.50 … 0.50 mm, and waits until it stands.</summary>
    /// <exception cref="DeskRefusedException">It is not the time to jog.</exception>
    /// <exception cref="DeviceException">The device refused.</exception>
    public Task JogAsync(string page, Depth travel, CancellationToken cancellationToken) => ActAsync(
        async ending =>
        {
            RequireStep(page, "calibrationNoJog", CalibrationStep.Jogging, CalibrationStep.Checking);
            var client = device.Require();
            uint before = (await client.GetStatusAsync(cancellationToken)).LatestEventNumber;
            await client.JogAsync(travel, cancellationToken);
            await client.WaitForAsync(status => status.State != DeviceState.Service || (status.LatestEventNumber > before && !status.Is(StatusFlags.StageMoving)), MoveWithin, ending);
        },
        cancellationToken);

    /// <summary>Takes what the gauge says and shows the zero that follows; nothing is stored.</summary>
    /// <exception cref="DeskRefusedException">It is not the time to measure, or the zero would be beyond its bound.</exception>
    public Task MeasureAsync(string page, Depth measured, CancellationToken cancellationToken) => ActAsync(
        async ending =>
        {
            RequireStep(page, "calibrationNoMeasure", CalibrationStep.Jogging, CalibrationStep.Preview);
            var client = device.Require();
            var settings = await client.ReadSettingsAsync(ending);
            var counted = (await client.GetStatusAsync(ending)).StagePosition;
            int after = settings.ZeroOffset.Micrometers + measured.Micrometers - counted.Micrometers;
            Refuse(Math.Abs(after) > Limits.ZeroOffsetMicrometers, "calibrationBeyondBound", Words(after), Words(Limits.ZeroOffsetMicrometers));
            _now = _now with { Step = CalibrationStep.Preview, Preview = new ZeroPreview(measured, counted, settings.ZeroOffset, Depth.FromMicrometers(after)) };
        },
        cancellationToken);

    /// <summary>Back to jogging: the measurement counts no more.</summary>
    /// <exception cref="DeskRefusedException">Nothing was measured.</exception>
    public Task MeasureAgainAsync(string page, CancellationToken cancellationToken) => ActAsync(
        _ =>
        {
            RequireStep(page, "calibrationNotMeasured", CalibrationStep.Preview);
            _now = _now with { Step = CalibrationStep.Jogging, Preview = null };
            return Task.CompletedTask;
        },
        cancellationToken);

    /// <summary>Has the device store the zero that was shown, waits until it has, and reads it back.</summary>
    /// <exception cref="DeskRefusedException">Nothing was measured, the stage has moved since, or something else was read back.</exception>
    /// <exception cref="DeviceException">The device refused, or could not store it.</exception>
    public Task StoreAsync(string page, CancellationToken cancellationToken) => ActAsync(
        async ending =>
        {
            RequireStep(page, "calibrationNotMeasured", CalibrationStep.Preview);
            var client = device.Require();
            var preview = _now.Preview!;
            if ((await client.GetStatusAsync(ending)).StagePosition != preview.Counted)
            {
                _now = _now with { Step = CalibrationStep.Jogging, Preview = null };
                throw new DeskRefusedException("calibrationMoved");
            }

            await CalibrateAsync(client, preview);
            var stored = await StoredAsync(client, ending);
            facts.Forget();
            Refuse(Math.Abs(stored.ZeroOffset.Micrometers - preview.After.Micrometers) > RoundingMicrometers || stored.GoodCopies == 0, "calibrationReadBack", Words(stored.ZeroOffset.Micrometers));
            _now = _now with { Step = CalibrationStep.Stored, Stored = stored.ZeroOffset };
        },
        cancellationToken);

    /// <summary>Leaves service, homes with the new zero, and enters service again for the second measurement.</summary>
    /// <exception cref="DeskRefusedException">Nothing was stored.</exception>
    /// <exception cref="DeviceException">The device refused, or homing failed.</exception>
    public Task HomeAndCheckAsync(string page, CancellationToken cancellationToken) => ActAsync(
        async ending =>
        {
            RequireStep(page, "calibrationNotStored", CalibrationStep.Stored);
            var client = device.Require();
            presence.Report(page);
            await client.LeaveServiceAsync(cancellationToken);
            await client.WaitForAsync(IsParked, MoveWithin, ending);
            presence.Report(page);
            await client.HomeAsync(cancellationToken);
            await client.WaitForAsync(status => status.State == DeviceState.Homing, MoveWithin, ending);
            await client.WaitForAsync(IsParked, MoveWithin, ending);
            await desk.WithoutSessionAsync(device, () => client.EnterServiceAsync(cancellationToken), cancellationToken);
            await client.WaitForAsync(status => status.State == DeviceState.Service, MoveWithin, ending);
            _now = _now with { Step = CalibrationStep.Checking };
        },
        cancellationToken);

    /// <summary>Compares the second measurement with what the device counts, leaves service, and connects anew: the zero can narrow the limits.</summary>
    /// <exception cref="DeskRefusedException">It is not the time.</exception>
    public Task VerifyAsync(string page, Depth measured, CancellationToken cancellationToken) => ActAsync(
        async ending =>
        {
            RequireStep(page, "calibrationNotChecking", CalibrationStep.Checking);
            var client = device.Require();
            var counted = (await client.GetStatusAsync(ending)).StagePosition;
            var difference = Depth.FromMicrometers(measured.Micrometers - counted.Micrometers);
            bool isGood = Math.Abs(difference.Micrometers) <= GoodWithin.Micrometers;
            await AuditAsync("device.calibrationChecked", $"{(isGood ? "good" : "not good")}: {difference.Micrometers} um off at {counted.Micrometers} um");
            _now = _now with { Step = CalibrationStep.Done, Outcome = new CalibrationOutcome(_now.Stored!.Value, difference, isGood) };
            await _ending.CancelAsync();
            await client.LeaveServiceAsync(CancellationToken.None);
            await client.WaitForAsync(IsParked, MoveWithin, CancellationToken.None);
            await device.ConnectAnewAsync();
        },
        cancellationToken);

    /// <summary>Ends it: service is left. Nothing to do when none goes on.</summary>
    public Task AbortAsync(string page)
    {
        Refuse(_now.Page is not null && _now.Page != page && _now.Step != CalibrationStep.Done, "calibrationOtherPage");
        return EndEarlyAsync("aborted");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
        _gate.Dispose();
    }

    private static bool IsParked(DeviceStatus status) => status.State == DeviceState.Parked && !status.Is(StatusFlags.Parking);

    private static string Words(int micrometers) => (micrometers / 1000.0).ToString("0.000", System.Globalization.CultureInfo.InvariantCulture);

    private static void Refuse(bool refuse, string code, params object[] values)
    {
        if (refuse)
        {
            throw new DeskRefusedException(code, values);
        }
    }

    private static async Task<DeviceSettings> StoredAsync(DeviceClient client, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StoreWithin);
        await foreach (var status in client.TelemetryAsync(deadline.Token))
        {
            var settings = await client.ReadSettingsAsync(deadline.Token);
            if (!settings.IsPending)
            {
                return settings;
            }
        }

        throw new DeskRefusedException("calibrationNotKept");
    }

    private void RequireStep(string page, string otherwise, params CalibrationStep[] steps)
    {
        Refuse(_now.Step is CalibrationStep.Checks or CalibrationStep.Done, "calibrationNotBegun");
        Refuse(_now.Page != page, "calibrationOtherPage");
        Refuse(!steps.Contains(_now.Step), otherwise);
    }

    /// <summary>One thing at a time; while it goes on, the pages are told.</summary>
    private async Task ActAsync(Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        Refuse(!await _gate.WaitAsync(0, cancellationToken), "calibrationBusy");
        try
        {
            _now = _now with { IsBusy = true };
            feed.Changed();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, cancellationToken);
            await act(_now.Page is null ? cancellationToken : either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DeskRefusedException("calibrationNotBegun");
        }
        finally
        {
            _now = _now with { IsBusy = false };
            _gate.Release();
            feed.Changed();
        }
    }

    /// <summary>Not taken back by a page that goes away: what the device was told is in the audit trail in any case.</summary>
    private async Task CalibrateAsync(DeviceClient client, ZeroPreview preview)
    {
        string details = $"zero {preview.After.Micrometers} um, was {preview.Before.Micrometers} um; measured {preview.Measured.Micrometers} um at {preview.Counted.Micrometers} um";
        try
        {
            await client.CalibrateZeroAsync(preview.Measured, CancellationToken.None);
        }
        catch (DeviceException unanswered) when (unanswered is not RejectedException)
        {
            await AuditAsync("device.calibrationUnanswered", details);
            throw;
        }

        await AuditAsync("device.calibrated", details);
    }

    private Task AuditAsync(string action, string details) =>
        store.Audit.AddAsync(_person!.Actor, action, $"device:{device.Identity?.SerialNumber}", details, CancellationToken.None);

    /// <summary>Ends it when its page is gone, another page has taken control, or the device has left service by itself.</summary>
    private async Task WatchAsync(CancellationToken ending)
    {
        using var timer = new PeriodicTimer(WatchEvery, time);
        long goneSince = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(ending))
            {
                bool isThere = presence.Control.Page == _now.Page;
                goneSince = isThere ? 0 : goneSince == 0 ? time.GetTimestamp() : goneSince;
                if (goneSince != 0 && time.GetElapsedTime(goneSince) >= PageGrace)
                {
                    await EndEarlyAsync("pageGone");
                }
                else if (device.LatestStatus is not { } status)
                {
                    await EndEarlyAsync("linkLost");
                }
                else if (status.Fault != FaultCode.None || (status.State != DeviceState.Service && !_now.IsBusy))
                {
                    await EndEarlyAsync("serviceLeft");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
    }

    private async Task EndEarlyAsync(string why)
    {
        await _ending.CancelAsync();
        await _gate.WaitAsync();
        try
        {
            bool wentOn = _now.Step is not (CalibrationStep.Checks or CalibrationStep.Done);
            _now = Calibration.None with { EndedBy = wentOn ? why : null };
            if (wentOn && device.Live is { LatestStatus: { } status } client)
            {
                await LeaveAsync(client, status);
            }
        }
        finally
        {
            _gate.Release();
            feed.Changed();
        }
    }

    private async Task LeaveAsync(DeviceClient client, DeviceStatus status)
    {
        try
        {
            if (status.State == DeviceState.Service)
            {
                await client.LeaveServiceAsync();
            }
            else if (PresenceGuard.NeedsPresence(status.State))
            {
                await client.StopAsync();
            }
        }
        catch (DeviceException)
        {
            await device.TryStopDeviceAsync("notice-pageGone");
        }
    }
}
