// Owns the one connection to the device. Motion is decided by the device; this only asks. STOP passes every lock and
// queue here. What the device tells goes to whoever listens, over all links, in the order in which it came.

using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Tablet.Device;

/// <summary>What the device tells the rest of the program. None of these may block or throw.</summary>
public interface IDeviceListener
{
    /// <summary>The next status.</summary>
    Task TakeAsync(DeviceStatus status);

    /// <summary>The next entry of the device's log.</summary>
    Task TakeAsync(DeviceLogEntry entry);

    /// <summary>A device is connected and at rest, or told to stop.</summary>
    void Connected(DeviceClient client);

    /// <summary>The link is gone, or a new one stands and nothing accepted before counts.</summary>
    Task LinkLostAsync();

    /// <summary>Ends when everything of the motion that goes on has been taken in.</summary>
    Task AtRest { get; }

    /// <summary>The program ends and the device is at rest, or could not be reached.</summary>
    Task EndingAsync();
}

/// <summary>The device.</summary>
public sealed class DeviceService : BackgroundService
{
    private static readonly TimeSpan RestWithin = TimeSpan.FromSeconds(5);

    private readonly DeviceSource _source;
    private readonly IDeviceListener _listener;
    private readonly LiveFeed _feed;
    private readonly TimeProvider _time;
    private readonly ILogger<DeviceService> _logger;
    private readonly Lazy<Task> _bringToRest;

    private volatile DeviceClient? _client;
    private volatile DeviceConnection? _connection;
    private volatile CancellationTokenSource _turn = new();
    private volatile string? _notice;

    /// <summary>Created by the host.</summary>
    public DeviceService(DeviceSource source, IDeviceListener listener, LiveFeed feed, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<DeviceService> logger)
    {
        (_source, _listener, _feed, _time, _logger) = (source, listener, feed, time, logger);
        _bringToRest = new Lazy<Task>(BringToRestAsync);
        lifetime.ApplicationStopping.Register(() => _ = _bringToRest.Value);
    }

    /// <summary>The driver, as long as its link stands: of a lost one nothing is shown.</summary>
    public DeviceClient? Live => _client is { Link.State: not LinkState.Lost } client ? client : null;

    /// <summary>The status received last on the present connection, or null. Waits for nothing here: the dead-man looks at it.</summary>
    public DeviceStatus? LatestStatus => Live?.LatestStatus;

    /// <summary>Who the device is, or null: not connected.</summary>
    public DeviceIdentity? Identity => Live?.Identity;

    /// <summary>Whether the device is simulated in this program.</summary>
    public bool IsSimulated => _source.Simulated is not null;

    /// <summary>What is true of the link.</summary>
    public LinkReport Link => _connection?.Link ?? new LinkReport(LinkState.Connecting, "Connecting to the device.", _time.GetUtcNow());

    /// <summary>Name of the text that says what this program did by itself and why, or null.</summary>
    public string? Notice => _notice;

    /// <summary>The driver, to ask something of the device.</summary>
    /// <exception cref="LinkException">The device is not connected.</exception>
    public DeviceClient Require() =>
        _client ?? throw new LinkException($"The device is not connected. {Link.Words}", isTransient: true);

    /// <summary>A person has acted: what this program did by itself has been read.</summary>
    public void ForgetNotice() => _notice = null;

    /// <summary>STOP, by a person at any page. Returns when the device has confirmed.</summary>
    /// <exception cref="DeviceException">The device has not confirmed.</exception>
    public Task StopDeviceAsync(CancellationToken cancellationToken) => Reachable().StopAsync(cancellationToken);

    /// <summary>STOP, by this program, with the name of the text that the pages are told.</summary>
    /// <exception cref="DeviceException">The device has not confirmed.</exception>
    public async Task StopDeviceAsync(string notice, CancellationToken cancellationToken)
    {
        _logger.LogWarning("STOP by this program: {Notice}", notice);
        _notice = notice;
        await Reachable().StopAsync(cancellationToken);
    }

    /// <summary>The same, when nothing more can be done if it fails: the device's own link watchdog stops it.</summary>
    public async Task TryStopDeviceAsync(string notice)
    {
        try
        {
            await StopDeviceAsync(notice, CancellationToken.None);
        }
        catch (DeviceException problem)
        {
            _logger.LogError("The device has not confirmed the stop: {Problem}", problem.Message);
        }
    }

    /// <summary>Lets go of the device and connects anew to where <see cref="DeviceSource"/> now says. A moving device is stopped first.</summary>
    public async Task ConnectAnewAsync()
    {
        if (LatestStatus is { } status && PresenceGuard.NeedsPresence(status.State))
        {
            await TryStopDeviceAsync("notice-connectingAnew");
        }

        try
        {
            await _turn.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // That connection has just ended by itself; the next one asks where to go.
        }
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
        while (!stoppingToken.IsCancellationRequested)
        {
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            _turn = turn;
            await HoldConnectionAsync(turn.Token);
            _feed.Changed();
        }

        await _listener.EndingAsync();
    }

    /// <summary>One connection to one device, over as many links as it takes.</summary>
    private async Task HoldConnectionAsync(CancellationToken turn)
    {
        await using var connection = new DeviceConnection(_source.OpenAsync, _source.ExpectedSerialNumber, _time);
        _connection = connection;
        var followers = Task.WhenAll(
            FollowAsync(connection.LinkReportsAsync(CancellationToken.None), TakeLink),
            FollowAsync(connection.TelemetryAsync(CancellationToken.None), _listener.TakeAsync),
            FollowAsync(connection.EventsAsync(CancellationToken.None), _listener.TakeAsync));
        try
        {
            while (!turn.IsCancellationRequested)
            {
                await ServeAsync(await connection.WhenOnlineAsync(Timeout.InfiniteTimeSpan, turn), turn);
            }
        }
        catch (OperationCanceledException) when (turn.IsCancellationRequested)
        {
        }

        await connection.DisposeAsync();
        await followers;
        _connection = null;
    }

    private async Task ServeAsync(DeviceClient client, CancellationToken turn)
    {
        try
        {
            if (PresenceGuard.NeedsPresence(client.LatestStatus!.State))
            {
                // Connecting again never resumes motion.
                await client.StopAsync(turn);
            }

            _client = client;
            _listener.Connected(client);
            _feed.Changed();
            await client.Completion.WaitAsync(turn);
        }
        catch (DeviceException)
        {
            // The connection says what happened, and connects again.
        }
        finally
        {
            _client = null;
            await _listener.LinkLostAsync();
            _feed.Changed();
        }
    }

    /// <summary>A listener that fails is a programming error: it is logged, and the next entry is taken nevertheless.</summary>
    private async Task FollowAsync<T>(IAsyncEnumerable<T> entries, Func<T, Task> take)
    {
        await foreach (var entry in entries)
        {
            try
            {
                await take(entry);
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                _logger.LogError(problem, "What the device told could not be taken in.");
            }

            _feed.Changed();
        }
    }

    private Task TakeLink(LinkReport report)
    {
        if (report.State == LinkState.Lost)
        {
            _logger.LogWarning("Not connected to {Device}: {Problem}", _source.Name, report.Words);
        }

        return Task.CompletedTask;
    }

    private async Task BringToRestAsync()
    {
        if (_client is not { LatestStatus: { } status } client)
        {
            return;
        }

        var atRest = _listener.AtRest;
        if (PresenceGuard.NeedsPresence(status.State))
        {
            await TryStopDeviceAsync("notice-ending");
        }

        try
        {
            await client.WaitForAsync(now => !PresenceGuard.NeedsPresence(now.State) && now.State != DeviceState.Retracting, RestWithin);
            await atRest.WaitAsync(RestWithin, _time);
        }
        catch (Exception problem) when (problem is DeviceException or TimeoutException)
        {
            _logger.LogError("The device has not confirmed that it is at rest: {Problem}", problem.Message);
        }
    }

    /// <summary>For STOP: also while the record of an earlier connection is still being closed.</summary>
    private DeviceClient Reachable() => _connection?.Client ?? Require();
}
