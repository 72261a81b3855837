using System.Threading.Channels;
using Microneedling.Client.Discovery;
using Microneedling.Client.Link;
using Microneedling.Protocol;

namespace Microneedling.Client;

/// <summary>The driver of one device. For any thread.</summary>
/// <remarks>
/// <para>
/// Cancelling a token ends the waiting: the command is not sent again, but may have been done. Only
/// <see cref="StopAsync"/> stops the needles.
/// </para>
/// <para>
/// A command that is not answered is repeated; the device executes it once at most. When even that brings no answer,
/// the <see cref="LinkException"/> says whether it is known to be undone or not known at all. A stop ends all other
/// commands under way with <see cref="StoppedException"/>.
/// </para>
/// <example>
/// <code>
/// await using var device = await DeviceClient.ConnectAsync(address); // such as "serial:/dev/ttyUSB0" or "device:1042"
/// await device.HomeAsync();
/// await device.WaitForAsync(status => status.State == DeviceState.Parked, TimeSpan.FromSeconds(10));
/// var treatment = await device.ConfigureAsync(new TreatmentRequest(
///     Depth.FromMillimeters(0.5), DepthCap: Depth.FromMillimeters(1.0), StrokeRate.FromStrokesPerSecond(60)));
/// await device.ArmAsync(treatment); // from now on the trigger on the handpiece starts and ends the strokes
/// var done = await device.WaitForAsync(status => status.StrokeCount >= 100, TimeSpan.FromMinutes(1));
/// Console.WriteLine($"{done.StrokeCount} strokes at {done.MeasuredRate}, {treatment.Depth} deep");
/// await device.StopAsync();
/// </code>
/// </example>
/// </remarks>
public sealed partial class DeviceClient : IAsyncDisposable
{
    private const int LinkReportQueueLength = 64;

    /// <summary>Statuses that a reader of telemetry may be late by before it misses some: 3 s of them while running.</summary>
    private const int TelemetryQueueLength = 64;

    /// <summary>How long a greeted device may take to tell its state and its events.</summary>
    private static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long a STOP byte may take to leave when a client is disposed while the device moves.</summary>
    private static readonly TimeSpan PartingPatience = TimeSpan.FromMilliseconds(100);

    private readonly LinkDriver driver;
    private readonly TimeProvider time;
    private long missedStatuses;

    // What the device told before a change that may have set it in motion: says nothing of its rest.
    private volatile DeviceStatus? statusAtLatestChange;
    private int disposals;

    private DeviceClient(LinkDriver driver, TimeProvider time, DeviceIdentity identity)
    {
        this.driver = driver;
        this.time = time;
        Identity = identity;
    }

    /// <summary>Who the device is.</summary>
    public DeviceIdentity Identity { get; }

    /// <summary>The status received last, or null before the first.</summary>
    public DeviceStatus? LatestStatus => driver.LatestStatus;

    /// <summary>What is true of the link now: online, degraded or lost.</summary>
    public LinkReport Link => driver.Report;

    /// <summary>Where another connection has to go on reading the events.</summary>
    internal EventPosition EventPosition => driver.Position;

    /// <summary>Statuses that slow readers of <see cref="TelemetryAsync"/> have missed, all readers together.</summary>
    public long MissedStatuses => Interlocked.Read(ref missedStatuses);

    /// <summary>
    /// Ends when this client is disposed; faults with <see cref="LinkException"/> when the link broke, the device
    /// restarted, or nothing was heard of it for a second.
    /// </summary>
    public Task Completion => driver.Completion;

    /// <summary>Greets the device, begins the heartbeat, and reads the device's state and events.</summary>
    /// <param name="transport">Owned by the client from now on; disposed also when this fails.</param>
    /// <param name="time">
    /// Clock for time-outs and heartbeat. With the system's the link gets a thread of its own; with any other, for tests in
    /// virtual time, everything continues on the caller's context.
    /// </param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="LinkException">No device answered within 3 s, or it did not tell its state and events within 5 s more.</exception>
    /// <exception cref="RejectedException">The device speaks another major version of the protocol; the message says which side to update.</exception>
    public static Task<DeviceClient> ConnectAsync(ITransport transport, TimeProvider? time = null, CancellationToken cancellationToken = default) =>
        ConnectAsync(transport, time, readBefore: null, cancellationToken);

    /// <summary>
    /// Opens an address of <see cref="TransportRegistry.CreateStandard"/>, such as <c>serial:/dev/ttyUSB0</c>,
    /// <c>tcp://127.0.0.1:7777</c> or <c>device:12345</c>, and connects as
    /// <see cref="ConnectAsync(ITransport, TimeProvider?, CancellationToken)"/> does.
    /// </summary>
    /// <exception cref="LinkException">There is no way to the device, or no device; the message says what to do.</exception>
    /// <exception cref="WrongDeviceException">Another device answers than the one that the address names.</exception>
    public static async Task<DeviceClient> ConnectAsync(string address, CancellationToken cancellationToken = default)
    {
        ITransport transport = await TransportRegistry.CreateStandard().OpenAsync(address, cancellationToken);
        DeviceClient client = await ConnectAsync(transport, time: null, cancellationToken);
        if (DeviceAddress.ExpectedAt(address) is uint expected && DeviceIdentityCheck.Refuse(expected, client.Identity, transport.Name) is WrongDeviceException wrong)
        {
            await client.DisposeAsync();
            throw wrong;
        }

        return client;
    }

    /// <inheritdoc cref="ConnectAsync(ITransport, TimeProvider?, CancellationToken)"/>
    internal static async Task<DeviceClient> ConnectAsync(
        ITransport transport, TimeProvider? time, EventPosition? readBefore, CancellationToken cancellationToken, LinkNumbers? numbers = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        time ??= TimeProvider.System;
        LinkDriver driver = await LinkDriver.StartAsync(transport, time, readBefore, numbers);
        try
        {
            HelloReply hello = await driver.GreetAsync(cancellationToken);
            if (hello.ProtocolMajor != ProtocolVersion.Major)
            {
                throw new RejectedException(RejectionReason.VersionMismatch, hello.ProtocolMajor);
            }

            await driver.BecomeReadyAsync(ReadyPatience, time, cancellationToken);
            return new DeviceClient(driver, time, Records.From(hello));
        }
        catch
        {
            await driver.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts homing; returns when accepted. Follow <see cref="WaitForAsync"/> for its end.</summary>
    /// <exception cref="DeviceException">Rejected, overtaken by a stop, or the link failed; so for every command below.</exception>
    public Task HomeAsync(CancellationToken cancellationToken = default) => ChangeAsync(new EmptyMessage(MessageId.Home), cancellationToken);

    /// <summary>
    /// Proposes a treatment and returns what the device will hold to. Values beyond the limits are refused here,
    /// with the reason that the device would give.
    /// </summary>
    /// <exception cref="LinkException">The device would hold to more than was asked for, too: it has been stopped.</exception>
    public async Task<AcceptedTreatment> ConfigureAsync(TreatmentRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (TreatmentCheck.Refuse(request, Identity) is RejectedException refusal)
        {
            throw refusal;
        }

        ConfigureTreatment proposal = new()
        {
            DepthMicrometers = checked((ushort)request.Depth.Micrometers),
            DepthCapMicrometers = checked((ushort)request.DepthCap.Micrometers),
            RateMillihertz = checked((uint)request.Rate.Millihertz),
            SupervisorUnlock = request.SupervisorUnlock ? (byte)1 : (byte)0,
            BurstStrokes = checked((ushort)request.BurstStrokes),
        };
        AcceptedTreatment accepted = Records.From(await driver.AskAsync(proposal, new TreatmentAccepted(), CommandPlan.Change, cancellationToken));
        return TreatmentCheck.IsWithin(accepted, request) ? accepted : throw await StopForAsync(LinkWords.MoreThanAsked(accepted, request));
    }

    /// <summary>
    /// Begins a session with a client, or goes on with the one of that number: a cartridge that was used in another
    /// session must be exchanged before arming.
    /// </summary>
    /// <param name="number">This program's number for the session, 1 or more.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task BeginSessionAsync(uint number, CancellationToken cancellationToken = default)
    {
        Refuse(number == 0, RejectionReason.SessionNumberMissing, 0);
        await ChangeAsync(new BeginSession { SessionNumber = number }, cancellationToken);
    }

    /// <summary>Makes the device ready for the trigger with exactly these values.</summary>
    public Task ArmAsync(AcceptedTreatment treatment, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(treatment);
        return ChangeAsync(new Arm { Token = treatment.Token }, cancellationToken);
    }

    /// <summary>Always refused by the device: only the trigger starts the needles.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => ChangeAsync(new EmptyMessage(MessageId.Start), cancellationToken);

    /// <summary>Retracts and parks.</summary>
    public Task DisarmAsync(CancellationToken cancellationToken = default) => ChangeAsync(new EmptyMessage(MessageId.Disarm), cancellationToken);

    /// <summary>Acknowledges the fault that the person has seen.</summary>
    public Task ClearFaultAsync(FaultCode fault, CancellationToken cancellationToken = default) =>
        ChangeAsync(new ClearFault { Fault = (ushort)fault }, cancellationToken);

    /// <summary>Silences the buzzer for 2 min; the alarm itself stays.</summary>
    public Task SilenceAlarmAsync(CancellationToken cancellationToken = default) =>
        ChangeAsync(new EmptyMessage(MessageId.SilenceAlarm), cancellationToken);

    /// <summary>
    /// Sends the STOP byte at once, past every queue, then the STOP byte and the stop command again and again until the
    /// device confirms, for 2 s. Every other command under way ends with <see cref="StoppedException"/>.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting; the stop goes on.</param>
    /// <exception cref="LinkException">The device has not confirmed; the message says what to do.</exception>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        _ = driver.SendStopByteAsync(CancellationToken.None);
        try
        {
            await driver.AskAsync(new EmptyMessage(MessageId.Stop), new EmptyMessage(MessageId.Accepted), CommandPlan.Stop, cancellationToken);
        }
        catch (RejectedException rejected)
        {
            // A device accepts the stop in every state; one that refuses it, for a host it does not know, has still
            // obeyed the STOP byte that came before. Its status, asked for after that, tells.
            await ConfirmStoppedAsync(rejected, cancellationToken);
        }
        catch (LinkException failure)
        {
            throw LinkWords.StopNotConfirmed(failure);
        }
    }

    /// <summary>Asks for a fresh status.</summary>
    public async Task<DeviceStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        StatusOf(await driver.AskAsync(new EmptyMessage(MessageId.StatusRequest), new StatusReport(), CommandPlan.Question, cancellationToken));

    /// <summary>When something that the device told in its own time happened, on the host's clock.</summary>
    /// <param name="deviceTime">
    /// Such as <see cref="DeviceEvent.DeviceTime"/>: when the device noted it, which for a contact is some 60 ms after
    /// the fact, and more at rest while it writes to flash.
    /// </param>
    /// <returns>The moment and how far off it may be; null when the clocks have not been compared yet.</returns>
    public HostMoment? HostMomentOf(TimeSpan deviceTime) => driver.HostMomentOf(deviceTime);

    /// <summary>The link's state now and every change of it, until the link ends; the last is <see cref="LinkState.Lost"/>.</summary>
    public IAsyncEnumerable<LinkReport> LinkReportsAsync(CancellationToken cancellationToken = default) =>
        driver.Reports.ReadAsync(() => Begun(driver.Report), cancellationToken);

    /// <summary>Waits until a status that comes from now on fulfils the condition; one is asked for at once.</summary>
    /// <param name="condition">Judged on every status, in order.</param>
    /// <param name="timeout">Longest wait, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="FaultedException">The device latched a fault meanwhile and the condition does not hold.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    /// <exception cref="LinkException">The link was lost.</exception>
    public async Task<DeviceStatus> WaitForAsync(Func<DeviceStatus, bool> condition, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        FaultCode? known = LatestStatus?.Fault;
        using CancellationTokenSource deadline = new(timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        Channel<DeviceStatus> statuses = Channel.CreateUnbounded<DeviceStatus>();
        driver.Statuses.Join(statuses);
        try
        {
            driver.AskForStatus();
            while (await statuses.Reader.WaitToReadAsync(either.Token))
            {
                while (statuses.Reader.TryRead(out DeviceStatus? status))
                {
                    if (condition(status))
                    {
                        return status;
                    }

                    if (status.Fault != FaultCode.None && known is not null && status.Fault != known)
                    {
                        throw new FaultedException(status.Fault);
                    }

                    known = status.Fault;
                }
            }
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string state = LatestStatus is DeviceStatus latest ? DeviceWords.Of(latest.State) : "unheard of";
            throw new TimeoutException($"The device did not get there within {timeout.TotalSeconds:0.#} s; it is {state}.");
        }
        finally
        {
            driver.Statuses.Leave(statuses);
        }

        throw driver.LossOrNull()!;
    }

    /// <summary>Statuses as they come, until the link ends; a slow reader misses some, see <see cref="MissedStatuses"/>.</summary>
    public IAsyncEnumerable<DeviceStatus> TelemetryAsync(CancellationToken cancellationToken = default) => driver.Statuses.ReadAsync(
        () => Channel.CreateBounded<DeviceStatus>(
            new BoundedChannelOptions(TelemetryQueueLength) { FullMode = BoundedChannelFullMode.DropOldest },
            _ =>
            {
                Interlocked.Increment(ref missedStatuses);
                LinkMeter.StatusesMissed.Add(1);
            }),
        cancellationToken);

    /// <summary>
    /// Every event since the connection, and those before it that the device still had, in order, until the link ends;
    /// gaps are filled or named. A late or slow reader gets all of them too: 16 384 are kept for it, and what is older is
    /// named as missing.
    /// </summary>
    public IAsyncEnumerable<DeviceLogEntry> EventsAsync(CancellationToken cancellationToken = default) =>
        driver.Log.ReadAsync(cancellationToken);

    /// <summary>
    /// Closes the link and the transport. When the device is armed or moves, or may do so by a command of just now that its
    /// status does not show yet, the STOP byte goes out first.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Increment(ref disposals) == 1 && LatestStatus is DeviceStatus status && (!IsStopped(status) || ReferenceEquals(status, statusAtLatestChange)))
        {
            using CancellationTokenSource patience = new(PartingPatience, time);
            await driver.SendStopByteAsync(patience.Token).WaitAsync(patience.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        await driver.DisposeAsync();
    }

    private static bool IsStopped(DeviceStatus status) => status.State switch
    {
        DeviceState.Homing or DeviceState.Armed or DeviceState.Running => false,
        DeviceState.Service => !status.Is(StatusFlags.StageMoving | StatusFlags.NeedlesMoving),
        _ => true,
    };

    private static void Refuse(bool isBroken, RejectionReason reason, int limit)
    {
        if (isBroken)
        {
            throw new RejectedException(reason, limit);
        }
    }

    private static Channel<LinkReport> Begun(LinkReport now)
    {
        Channel<LinkReport> channel = Channel.CreateBounded<LinkReport>(
            new BoundedChannelOptions(LinkReportQueueLength) { FullMode = BoundedChannelFullMode.DropOldest });
        channel.Writer.TryWrite(now);
        return channel;
    }

    private DeviceStatus StatusOf(StatusReport report) =>
        Records.From(report, driver.DeviceTimeOf(report.UptimeMilliseconds), time.GetUtcNow());

    /// <summary>Stops the device because of what it has just told: armed or running, it acts on that already.</summary>
    /// <returns>The refusal, or with it that the stop is not confirmed.</returns>
    private async Task<DeviceException> StopForAsync(LinkException refusal)
    {
        try
        {
            await StopAsync(CancellationToken.None);
            return refusal;
        }
        catch (DeviceException)
        {
            return LinkWords.StopNotConfirmed(refusal);
        }
    }

    private async Task<EmptyMessage> ChangeAsync(Message message, CancellationToken cancellationToken)
    {
        statusAtLatestChange = LatestStatus;
        EmptyMessage accepted = await driver.AskAsync(message, new EmptyMessage(MessageId.Accepted), CommandPlan.Change, cancellationToken);
        statusAtLatestChange = LatestStatus;
        return accepted;
    }

    private async Task ConfirmStoppedAsync(RejectedException rejected, CancellationToken cancellationToken)
    {
        try
        {
            StatusReport report = await driver.AskAsync(new EmptyMessage(MessageId.StatusRequest), new StatusReport(), CommandPlan.Question, cancellationToken);
            if (IsStopped(StatusOf(report)))
            {
                return;
            }
        }
        catch (LinkException failure)
        {
            throw LinkWords.StopNotConfirmed(failure);
        }

        throw LinkWords.StopNotConfirmed(rejected);
    }
}
