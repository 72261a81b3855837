// Owns the one connection to the device: hands commands on, and tells the pages what is true.
// Motion is decided by the device; this only asks. STOP passes every lock and queue here.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Device;

/// <summary>The device, as the pages see it.</summary>
public sealed class DeviceService : BackgroundService
{
    private static readonly TimeSpan RestWithin = TimeSpan.FromSeconds(5);

    private readonly DeviceSource _source;
    private readonly SessionKeeper _sessions;
    private readonly PagePresence _presence;
    private readonly LiveFeed _feed;
    private readonly TimeProvider _time;
    private readonly ILogger<DeviceService> _logger;
    private readonly Lazy<Task> _bringToRest;

    private volatile DeviceClient? _client;
    private volatile Confirmed? _confirmed;
    private volatile DeviceConnection? _connection;
    private volatile string? _notice;

    /// <summary>Created by the host.</summary>
    public DeviceService(DeviceSource source, SessionKeeper sessions, PagePresence presence, LiveFeed feed, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<DeviceService> logger)
    {
        (_source, _sessions, _presence, _feed, _time, _logger) = (source, sessions, presence, feed, time, logger);
        _bringToRest = new Lazy<Task>(BringToRestAsync);
        lifetime.ApplicationStopping.Register(() => _ = _bringToRest.Value);
    }

    /// <summary>The status received last on the present connection, or null. Waits for nothing here: the dead-man looks at it.</summary>
    public DeviceStatus? LatestStatus => Live?.LatestStatus;

    /// <summary>What the pages are told now.</summary>
    public LiveView View()
    {
        var client = Live;
        var confirmed = client is null ? null : _confirmed;
        return new LiveView(
            LinkView.Of(Link),
            client is null ? null : DeviceView.Of(client.Identity, _source.Simulated is not null),
            client?.LatestStatus is { } status ? StatusView.Of(status, _time.GetUtcNow()) : null,
            confirmed is null ? null : TreatmentView.Of("cheek-left", confirmed.Asked, confirmed.Accepted),
            _sessions.Current,
            _sessions.Finished,
            [],
            null,
            [],
            new ControlView(_presence.Controller, null, null, null),
            _sessions.LatestLog,
            _notice ?? _sessions.Problem);
    }

    /// <summary>Who the device is, or null: not connected.</summary>
    public DeviceIdentity? Identity => Live?.Identity;

    /// <summary>Whether the device is simulated in this program.</summary>
    public bool IsSimulated => _source.Simulated is not null;

    /// <summary>The device's state in words.</summary>
    public string StateWords(Texts texts) => LatestStatus is { } status ? DeviceWords.Of(status.State) : texts["common.notConnected"];

    /// <summary>Starts homing, controlled by a page.</summary>
    /// <exception cref="DeviceException">The device refused or was not reached.</exception>
    /// <exception cref="NotInControlException">The page shows nothing live.</exception>
    public async Task HomeAsync(string pageId, CancellationToken cancellationToken)
    {
        var client = Connected();
        TakeControl(pageId);
        await client.HomeAsync(cancellationToken);
    }

    /// <summary>Asks the device to hold to a depth and a rate, and returns what it will hold to.</summary>
    /// <exception cref="DeviceException">The device refused or was not reached; nothing changed.</exception>
    /// <exception cref="NotInControlException">Another page controls the moving device.</exception>
    public async Task<TreatmentView> ConfigureAsync(string pageId, Depth depth, StrokeRate rate, CancellationToken cancellationToken)
    {
        var client = Connected();
        RequireControlWhileMoving(pageId);
        var limits = client.Identity.Limits;
        Refuse(depth < limits.MinimumDepth, RejectionReason.DepthTooShallow, limits.MinimumDepth.Micrometers);
        Refuse(depth > limits.UnsupervisedDepth, RejectionReason.SupervisorRequired, limits.UnsupervisedDepth.Micrometers);
        Refuse(rate < limits.MinimumRate, RejectionReason.RateTooLow, limits.MinimumRate.Millihertz);
        Refuse(rate > limits.MaximumRate, RejectionReason.RateTooHigh, limits.MaximumRate.Millihertz);

        var asked = new TreatmentRequest(depth, limits.UnsupervisedDepth, rate);
        var accepted = await client.ConfigureAsync(asked, cancellationToken);
        _confirmed = new Confirmed(asked, accepted);
        _sessions.Take(asked, accepted, LatestStatus);
        await client.GetStatusAsync(cancellationToken);
        _feed.Changed();
        return TreatmentView.Of("cheek-left", asked, accepted);
    }

    /// <summary>Arms the device with exactly the values that the token stands for, and begins the session.</summary>
    /// <exception cref="DeviceException">The device refused or was not reached; after a lost answer it is told to stop.</exception>
    /// <exception cref="NotInControlException">The page shows nothing live.</exception>
    /// <exception cref="SessionStoreException">The session cannot be recorded; the device is told to stop.</exception>
    public async Task ArmAsync(string pageId, uint token, CancellationToken cancellationToken)
    {
        var client = Connected();
        var confirmed = _confirmed;
        Refuse(confirmed is null, RejectionReason.NothingConfigured, 0);
        Refuse(confirmed!.Accepted.Token != token, RejectionReason.StaleToken, 0);
        TakeControl(pageId);
        try
        {
            await _sessions.BeginAsync(
                () => client.GetStatusAsync(cancellationToken),
                () => client.ArmAsync(confirmed.Accepted, CancellationToken.None),
                client.Identity,
                confirmed.Asked,
                confirmed.Accepted,
                cancellationToken);
        }
        catch (Exception problem) when (problem is not RejectedException and not OperationCanceledException)
        {
            await TryStopAsync(client, "Stopped because arming could not be carried through.");
            throw;
        }

        _feed.Changed();
    }

    /// <summary>Asks to start the needles; the device always refuses: only the trigger on the handpiece does that.</summary>
    /// <exception cref="DeviceException">The refusal.</exception>
    public Task AskToStartAsync(CancellationToken cancellationToken) => Connected().StartAsync(cancellationToken);

    /// <summary>Retracts and parks: the practitioner has finished.</summary>
    /// <exception cref="DeviceException">The device refused or was not reached.</exception>
    public Task DisarmAsync(CancellationToken cancellationToken) => Connected().DisarmAsync(cancellationToken);

    /// <summary>Acknowledges the fault that the person has seen.</summary>
    /// <exception cref="DeviceException">The device refused or was not reached.</exception>
    public Task ClearFaultAsync(FaultCode fault, CancellationToken cancellationToken) => Connected().ClearFaultAsync(fault, cancellationToken);

    /// <summary>STOP, by a person at any page. Returns when the device has confirmed.</summary>
    /// <exception cref="DeviceException">The device has not confirmed.</exception>
    public Task StopDeviceAsync(CancellationToken cancellationToken) => Reachable().StopAsync(cancellationToken);

    /// <summary>STOP, by this program, with the reason that the pages are told.</summary>
    /// <exception cref="DeviceException">The device has not confirmed.</exception>
    public async Task StopDeviceAsync(string reason, CancellationToken cancellationToken)
    {
        _logger.LogWarning("{Reason}", reason);
        _notice = reason;
        await Reachable().StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>A moving device is stopped and parked first, within <see cref="RestWithin"/>.</remarks>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _bringToRest.Value;
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var connection = new DeviceConnection(_source.OpenAsync, _source.ExpectedSerialNumber, _time);
        _connection = connection;
        var reports = FollowLinkAsync(connection);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var client = await connection.WhenOnlineAsync(Timeout.InfiniteTimeSpan, stoppingToken);
                await ServeAsync(client, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }

        await connection.DisposeAsync();
        await reports;
    }

    private async Task ServeAsync(DeviceClient client, CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var pumps = Task.CompletedTask;
        try
        {
            if (PresenceGuard.NeedsPresence(client.LatestStatus!.State))
            {
                // Connecting again never resumes motion.
                await client.StopAsync(stopping);
            }

            _client = client;
            _feed.Changed();
            pumps = Task.WhenAll(FollowTelemetryAsync(client, ending.Token), FollowEventsAsync(client, stopping));
            await client.Completion.WaitAsync(stopping);
        }
        catch (DeviceException)
        {
            // The connection says what happened, and connects again.
        }
        finally
        {
            (_client, _confirmed) = (null, null);
            await ending.CancelAsync();
            await pumps.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _sessions.EndAsync(stopping.IsCancellationRequested ? SessionOutcome.Stopped : SessionOutcome.LinkLost);
            _feed.Changed();
        }
    }

    private async Task FollowLinkAsync(DeviceConnection connection)
    {
        await foreach (var report in connection.LinkReportsAsync())
        {
            if (report.State == LinkState.Lost)
            {
                _logger.LogWarning("Not connected to {Device}: {Problem}", _source.Name, report.Words);
            }

            _feed.Changed();
        }
    }

    private async Task FollowTelemetryAsync(DeviceClient client, CancellationToken cancellationToken)
    {
        await foreach (var status in client.TelemetryAsync(cancellationToken))
        {
            _feed.Changed();
            await _sessions.TakeAsync(status);
        }
    }

    private async Task FollowEventsAsync(DeviceClient client, CancellationToken cancellationToken)
    {
        await foreach (var entry in client.EventsAsync(cancellationToken))
        {
            await _sessions.TakeAsync(entry);
            _feed.Changed();
        }
    }

    private async Task BringToRestAsync()
    {
        if (_client is not { LatestStatus: { } status } client)
        {
            return;
        }

        var sessionEnded = _sessions.Ended;
        if (PresenceGuard.NeedsPresence(status.State))
        {
            await TryStopAsync(client, "Stopped because the tablet program is ending.");
        }

        try
        {
            await client.WaitForAsync(now => !PresenceGuard.NeedsPresence(now.State) && now.State != DeviceState.Retracting, RestWithin);
            await sessionEnded.WaitAsync(RestWithin, _time);
        }
        catch (Exception problem) when (problem is DeviceException or TimeoutException)
        {
            _logger.LogError("The device has not confirmed that it is at rest: {Problem}", problem.Message);
        }
    }

    private async Task TryStopAsync(DeviceClient client, string reason)
    {
        _logger.LogWarning("{Reason}", reason);
        _notice = reason;
        try
        {
            await client.StopAsync();
        }
        catch (DeviceException problem)
        {
            _logger.LogError("The device has not confirmed the stop: {Problem}", problem.Message);
        }
    }

    /// <summary>The client, as long as its link stands: of a lost one nothing is shown.</summary>
    private DeviceClient? Live => _client is { Link.State: not LinkState.Lost } client ? client : null;

    private LinkReport Link => _connection?.Link ?? new LinkReport(LinkState.Connecting, "Connecting to the device.", _time.GetUtcNow());

    private DeviceClient Connected() =>
        _client ?? throw new LinkException($"The device is not connected. {Link.Words}", isTransient: true);

    /// <summary>For STOP: also while the record of an earlier connection is still being closed.</summary>
    private DeviceClient Reachable() => _connection?.Client ?? Connected();

    private void TakeControl(string pageId)
    {
        RequireControlWhileMoving(pageId);
        if (!_presence.TakeControl(pageId))
        {
            throw new NotInControlException("This page shows nothing live, so it cannot control the device. Load the page again.");
        }

        _notice = null;
    }

    private void RequireControlWhileMoving(string pageId)
    {
        if (LatestStatus is { } status && PresenceGuard.NeedsPresence(status.State) && _presence.Controller != pageId)
        {
            throw new NotInControlException("Another page controls the device. Use that page, or press STOP.");
        }
    }

    private static void Refuse(bool refuse, RejectionReason reason, int detail)
    {
        if (refuse)
        {
            throw new RejectedException(reason, detail);
        }
    }

    private sealed record Confirmed(TreatmentRequest Asked, AcceptedTreatment Accepted);
}

/// <summary>The page may not do that now; nothing changed. The message says what to do.</summary>
public sealed class NotInControlException(string message) : Exception(message);
