using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microneedling.Client.Discovery;
using Microneedling.Client.Link;

namespace Microneedling.Client;

/// <summary>
/// The standing connection of a program to one device: connects, and connects again by itself whenever the link was lost.
/// For any thread.
/// <code>
///   Connecting ──state and events read──▶ Online ◀──▶ Degraded
///                                           ▲ └────┬──────┘
///                                           └─── Lost   tries again until it succeeds, and says what stands in the way
/// </code>
/// It never resumes motion: whoever greets the device finds it at rest, or brings it to rest by greeting, and nothing
/// armed or accepted. It stays with the device that it found first, or that it was told to expect: another one at the same
/// port is refused.
/// </summary>
public sealed class DeviceConnection : IAsyncDisposable
{
    private const int TelemetryQueueLength = 64;
    private const int LinkReportQueueLength = 64;

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2),
    ];

    /// <summary>A link that lasted so long was a good one: the next attempts come quickly again. Shorter ones are a dispute or a defect.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(5);

    private const string TriesAgain = " This program tries again by itself.";

    /// <summary>How long what is under way may take to end when the connection is closed.</summary>
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(2);

    private readonly Func<CancellationToken, Task<ITransport>> open;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new();
    private readonly Broadcast<LinkReport> reports = new();
    private readonly Broadcast<DeviceStatus> statuses = new();
    private readonly EventJournal log = new();
    private readonly Task running;
    private uint? expectedSerialNumber;
    private EventPosition? readBefore;
    private volatile DeviceClient? client;
    private volatile LinkReport link;
    private long missedStatuses;
    private int disposals;

    /// <summary>Begins to connect.</summary>
    /// <param name="open">Opens the way to the device; called again for every attempt.</param>
    /// <param name="expectedSerialNumber">The only device that will do; null: the first one found.</param>
    /// <param name="time">Clock, as for <see cref="DeviceClient.ConnectAsync(ITransport, TimeProvider?, CancellationToken)"/>.</param>
    public DeviceConnection(Func<CancellationToken, Task<ITransport>> open, uint? expectedSerialNumber = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(open);
        this.open = open;
        this.expectedSerialNumber = expectedSerialNumber;
        this.time = time ?? TimeProvider.System;
        link = new LinkReport(LinkState.Connecting, "Connecting to the device.", this.time.GetUtcNow());
        running = this.time == TimeProvider.System ? Task.Run(RunAsync) : RunAsync();
    }

    /// <summary>Begins to connect to an address of <see cref="TransportRegistry.CreateStandard"/>, such as <c>serial:/dev/ttyUSB0</c> or <c>device:12345</c>.</summary>
    public static DeviceConnection To(string address)
    {
        TransportRegistry transports = TransportRegistry.CreateStandard();
        return new DeviceConnection(cancellationToken => transports.OpenAsync(address, cancellationToken), DeviceAddress.ExpectedAt(address));
    }

    /// <summary>What is true of the link now.</summary>
    public LinkReport Link => link;

    /// <summary>The driver of the device while online or degraded, else null.</summary>
    public DeviceClient? Client => client;

    /// <summary>The status received last on the present link; null without one: what was known before does not count.</summary>
    public DeviceStatus? LatestStatus => client?.LatestStatus;

    /// <summary>Statuses that slow readers of <see cref="TelemetryAsync"/> have missed, all readers together.</summary>
    public long MissedStatuses => Interlocked.Read(ref missedStatuses);

    /// <summary>Links lost so far.</summary>
    public int LinksLost { get; private set; }

    /// <summary>The driver of the device, or a refusal in words.</summary>
    /// <exception cref="LinkException">There is no link; the message says why and what to do.</exception>
    public DeviceClient Require() =>
        client ?? throw LinkWords.NotConnected(link.State == LinkState.Lost ? link.Words : "Connecting to it.");

    /// <summary>Waits for the driver of the device.</summary>
    /// <exception cref="LinkException">It took too long; the message says what stands in the way.</exception>
    /// <exception cref="ObjectDisposedException">The connection has been closed.</exception>
    public async Task<DeviceClient> WhenOnlineAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource deadline = new(timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await foreach (LinkReport report in LinkReportsAsync(either.Token))
            {
                if (client is DeviceClient found && found.Link.State != LinkState.Lost)
                {
                    return found;
                }
            }
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Require();
        }

        throw new ObjectDisposedException(nameof(DeviceConnection));
    }

    /// <summary>The link's state now and every change of it, until the connection is closed.</summary>
    public IAsyncEnumerable<LinkReport> LinkReportsAsync(CancellationToken cancellationToken = default) => reports.ReadAsync(
        () =>
        {
            Channel<LinkReport> channel = Channel.CreateBounded<LinkReport>(
                new BoundedChannelOptions(LinkReportQueueLength) { FullMode = BoundedChannelFullMode.DropOldest });
            channel.Writer.TryWrite(link);
            return channel;
        },
        cancellationToken);

    /// <summary>Statuses as they come, over every link, until the connection is closed; a slow reader misses some, see <see cref="MissedStatuses"/>.</summary>
    public IAsyncEnumerable<DeviceStatus> TelemetryAsync(CancellationToken cancellationToken = default) => statuses.ReadAsync(
        () => Channel.CreateBounded<DeviceStatus>(
            new BoundedChannelOptions(TelemetryQueueLength) { FullMode = BoundedChannelFullMode.DropOldest },
            _ =>
            {
                Interlocked.Increment(ref missedStatuses);
                LinkMeter.StatusesMissed.Add(1);
            }),
        cancellationToken);

    /// <summary>
    /// Every event of the device in order, over every link, each once, until the connection is closed; what happened between
    /// two links is fetched, what the device no longer has is named as missing, and a restart of the device is told.
    /// </summary>
    public IAsyncEnumerable<DeviceLogEntry> EventsAsync(CancellationToken cancellationToken = default) => log.ReadAsync(cancellationToken);

    /// <summary>Closes the connection; a device that is armed or moves is sent the STOP byte first.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Increment(ref disposals) == 1)
        {
            ending.Cancel();
            using CancellationTokenSource closed = new();
            await Task.WhenAny(running, Task.Delay(ClosingPatience, time, closed.Token));
            closed.Cancel();
            client = null;
            Tell(LinkState.Lost, LinkWords.ClosedHere.Message);
            reports.End();
            statuses.End();
            log.End();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever stands in the way of connecting is told in words, and connecting is tried again.")]
    private async Task RunAsync()
    {
        int failures = 0;
        while (!ending.IsCancellationRequested)
        {
            string problem;
            long? onlineSince = null;
            try
            {
                problem = await ServeAsync(() => onlineSince = time.GetTimestamp());
            }
            catch (Exception) when (ending.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                problem = failure is DeviceException ? failure.Message : $"Connecting failed: {failure.Message.TrimEnd('.')}.";
            }

            Tell(LinkState.Lost, problem + TriesAgain);
            if (onlineSince is long since && time.GetElapsedTime(since) >= Steady)
            {
                failures = 0;
            }

            TimeSpan pause = Pauses[Math.Min(failures++, Pauses.Length - 1)];
            await Task.Delay(pause, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private async Task<string> ServeAsync(Action connected)
    {
        ITransport transport = await OpenAsync();
        await using DeviceClient opened = await DeviceClient.ConnectAsync(transport, time, readBefore, ending.Token);
        bool isSameStart = readBefore?.BootId == opened.Identity.BootId;
        if (expectedSerialNumber is uint expected && opened.Identity.SerialNumber != expected && !isSameStart)
        {
            return DiscoveryWords.WrongDevice(expected, opened.Identity.SerialNumber, transport.Name);
        }

        expectedSerialNumber = opened.Identity.SerialNumber;
        connected();
        if (readBefore is not null && !isSameStart)
        {
            log.Publish(new DeviceRestarted(opened.Identity.BootId));
        }

        using CancellationTokenSource leaving = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        client = opened;
        Task pumps = Task.WhenAll(PassStatusesAsync(opened, leaving.Token), PassEventsAsync(opened), PassReportsAsync(opened, leaving.Token));
        try
        {
            await opened.Completion.WaitAsync(ending.Token);
            return LinkWords.ClosedHere.Message;
        }
        finally
        {
            client = null;
            await opened.DisposeAsync();
            readBefore = opened.EventPosition;
            if (!ending.IsCancellationRequested)
            {
                LinksLost++;
            }

            leaving.Cancel();
            await pumps.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Opens the way to the device; a way that opens only after the connection was closed is closed too.</summary>
    private async Task<ITransport> OpenAsync()
    {
        Task<ITransport> opening = open(ending.Token);
        try
        {
            return await opening.WaitAsync(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            _ = CloseLateAsync(opening);
            throw;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Nobody waits for it any more.")]
    private static async Task CloseLateAsync(Task<ITransport> opening)
    {
        try
        {
            await using ITransport late = await opening;
        }
        catch (Exception)
        {
        }
    }

    private async Task PassStatusesAsync(DeviceClient from, CancellationToken cancellationToken)
    {
        await foreach (DeviceStatus status in from.TelemetryAsync(cancellationToken))
        {
            statuses.Publish(status);
        }
    }

    private async Task PassEventsAsync(DeviceClient from)
    {
        await foreach (DeviceLogEntry entry in from.EventsAsync(CancellationToken.None))
        {
            log.Publish(entry);
        }
    }

    private async Task PassReportsAsync(DeviceClient from, CancellationToken cancellationToken)
    {
        await foreach (LinkReport report in from.LinkReportsAsync(cancellationToken))
        {
            if (report.State == LinkState.Lost)
            {
                client = null;
                Tell(LinkState.Lost, report.Words + TriesAgain);
            }
            else
            {
                Tell(report.State, report.Words);
            }
        }
    }

    private void Tell(LinkState state, string words)
    {
        lock (gate)
        {
            if (link.State != state || link.Words != words)
            {
                link = new LinkReport(state, words, time.GetUtcNow());
                reports.Publish(link);
            }
        }
    }
}
