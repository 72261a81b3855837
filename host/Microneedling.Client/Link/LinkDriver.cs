using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microneedling.Protocol;

namespace Microneedling.Client.Link;

/// <summary>What tells one connection from another. Left to chance, but for a test that is to be repeated.</summary>
/// <param name="HostNonce">Number of the connection, not 0.</param>
/// <param name="FirstSequence">Number of the first command, 1 … 65 535.</param>
internal sealed record LinkNumbers(uint HostNonce, ushort FirstSequence)
{
    public static LinkNumbers ByChance() => new(
        Math.Max(1, BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)))),
        (ushort)RandomNumberGenerator.GetInt32(1, ushort.MaxValue + 1));
}

/// <summary>
/// Does what <see cref="DeviceLink"/> decides: carries bytes between it and the transport, tells it the time, wakes those
/// who wait. For any thread.
/// <code>
///   transport ──read──▶ DeviceLink ──▶ answers, statuses, log, loss
///        ▲ ▲                │
///        │ └─one frame at a time
///        └── STOP byte, past everything
/// </code>
/// Reading, writing and the heartbeat continue on the context that it was made on, and only the given clock is used: a
/// <see cref="LinkThread"/> of its own, or the one thread of a test in virtual time.
/// </summary>
internal sealed class LinkDriver : ILinkListener, IAsyncDisposable
{
    /// <summary>How long a transport may take to close before it is left to itself.</summary>
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the rest of the program may let no work run before the link is given up: whoever could see the device, or
    /// stop it, hangs then.
    /// </summary>
    private static readonly TimeSpan HangingPatience = TimeSpan.FromSeconds(2);

    private readonly ITransport transport;
    private readonly TimeProvider time;
    private readonly long startedAt;
    private readonly Lock gate = new();
    private readonly DeviceLink link;
    private readonly ITimer timer;
    private readonly Channel<bool> frameWaits = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource<LinkLoss> lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource closing = new();
    private readonly Task reading;
    private readonly Task writing;
    private volatile DeviceStatus? latestStatus;
    private volatile LinkReport report;
    private TimeSpan pulseSentAt;
    private int pulseIsUnderWay;
    private int disposals;

    private LinkDriver(ITransport transport, TimeProvider time, EventPosition? readBefore, LinkNumbers numbers)
    {
        this.transport = transport;
        this.time = time;
        startedAt = time.GetTimestamp();
        report = new LinkReport(LinkState.Connecting, "Connecting to the device.", time.GetUtcNow());
        link = new DeviceLink(numbers.HostNonce, numbers.FirstSequence, this, readBefore);
        timer = time.CreateTimer(static driver => ((LinkDriver)driver!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Completion = Unwatched(CompleteAsync());
        reading = ReadAsync();
        writing = WriteAsync();
    }

    /// <summary>Every status.</summary>
    public Broadcast<DeviceStatus> Statuses { get; } = new();

    /// <summary>Every change of the link's state.</summary>
    public Broadcast<LinkReport> Reports { get; } = new();

    /// <summary>The device's log since the connection.</summary>
    public EventJournal Log { get; } = new();

    /// <summary>The status received last, or null.</summary>
    public DeviceStatus? LatestStatus => latestStatus;

    /// <summary>What is true of the link.</summary>
    public LinkReport Report => report;

    /// <summary>Ends with the driver's disposal, faults with <see cref="LinkException"/> when the link is lost before.</summary>
    public Task Completion { get; }

    /// <summary>Where the next connection has to go on reading the log.</summary>
    public EventPosition Position
    {
        get
        {
            lock (gate)
            {
                return link.Position;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(startedAt);

    /// <summary>Makes a driver that has begun to read.</summary>
    /// <param name="transport">Owned by the driver from now on.</param>
    /// <param name="time">The clock; with the system's, the driver gets a thread of its own.</param>
    /// <param name="readBefore">Where an earlier connection has stopped reading the log.</param>
    /// <param name="numbers">What the connection is told apart by; null: left to chance.</param>
    public static async Task<LinkDriver> StartAsync(ITransport transport, TimeProvider time, EventPosition? readBefore, LinkNumbers? numbers = null)
    {
        numbers ??= LinkNumbers.ByChance();
        if (time != TimeProvider.System)
        {
            return new LinkDriver(transport, time, readBefore, numbers);
        }

        LinkThread thread = new();
        return await thread.RunAsync(() => new LinkDriver(transport, thread, readBefore, numbers));
    }

    /// <summary>Why the link ended; null while it stands.</summary>
    public LinkException? LossOrNull()
    {
        lock (gate)
        {
            return link.Loss?.ToException();
        }
    }

    /// <summary>The device time that a report of just now tells.</summary>
    public TimeSpan DeviceTimeOf(uint uptimeMilliseconds)
    {
        lock (gate)
        {
            return link.DeviceTimeOf(uptimeMilliseconds);
        }
    }

    /// <summary>Host time of a device time; null before the two clocks have been compared.</summary>
    public HostMoment? HostMomentOf(TimeSpan deviceTime)
    {
        lock (gate)
        {
            if (!link.Clock.IsSet)
            {
                return null;
            }

            (TimeSpan hostTime, TimeSpan error) = link.Clock.HostTimeOf(deviceTime);
            return new HostMoment(time.GetUtcNow() + (hostTime - Now), error);
        }
    }

    /// <summary>Greets the device. The heartbeat begins with its answer.</summary>
    public Task<HelloReply> GreetAsync(CancellationToken cancellationToken) =>
        AskAsync(link.MakeHello(), new HelloReply(), CommandPlan.Hello, cancellationToken);

    /// <summary>Waits until the device's state and events have been read.</summary>
    /// <exception cref="LinkException">That took too long, or the link was lost.</exception>
    public async Task BecomeReadyAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = new(patience, clock);
        using CancellationTokenRegistration tooLate = deadline.Token.Register(() => ready.TrySetException(LinkWords.NeverReady()));
        using CancellationTokenRegistration givenUp = cancellationToken.Register(() => ready.TrySetCanceled(cancellationToken));
        await ready.Task;
    }

    /// <summary>Puts a message to the device until it is answered.</summary>
    /// <param name="message">What to say.</param>
    /// <param name="answer">A blank of the answer that is wanted.</param>
    /// <param name="plan">How often, how long.</param>
    /// <param name="cancellationToken">Ends the waiting: the message is not sent again, unless it is a stop.</param>
    /// <exception cref="DeviceException">Rejected, overtaken by a stop, or the link failed.</exception>
    public async Task<TAnswer> AskAsync<TAnswer>(Message message, TAnswer answer, CommandPlan plan, CancellationToken cancellationToken)
        where TAnswer : Message
    {
        TaskCompletionSource<TAnswer> waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Command command = new(message, answer, plan, (received, failure) =>
        {
            _ = received is null ? waiting.TrySetException(failure!) : waiting.TrySetResult(answer);
        });
        if (plan != CommandPlan.Stop)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        Do(() => link.Begin(command, Now));
        using CancellationTokenRegistration registration = cancellationToken.Register(() =>
        {
            if (plan != CommandPlan.Stop)
            {
                Do(() => link.Withdraw(command, Now));
            }

            waiting.TrySetCanceled(cancellationToken);
        });
        using Activity? activity = LinkMeter.Commands.StartActivity(message.Id.ToString());
        try
        {
            return await waiting.Task;
        }
        catch (Exception problem)
        {
            activity?.SetStatus(ActivityStatusCode.Error, problem.GetType().Name);
            throw;
        }
    }

    /// <summary>Asks for a status without waiting for it.</summary>
    public void AskForStatus() => Do(() => link.Begin(
        new Command(new EmptyMessage(MessageId.StatusRequest), new StatusReport(), CommandPlan.Question, (_, _) => { }), Now));

    /// <summary>Hands the STOP byte to the transport at once, past everything that waits.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps the byte from the device, the stop that follows it fails too and says so.")]
    public async Task SendStopByteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await transport.WriteUrgentAsync(Framing.Stop, cancellationToken);
        }
        catch (Exception)
        {
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Increment(ref disposals) > 1)
        {
            return;
        }

        Do(() => link.Lose(LinkWords.ClosedHere));
        closing.Cancel();
        lock (gate)
        {
            timer.Dispose();
        }

        TimeProvider clock = time is LinkThread ? TimeProvider.System : time;
        using CancellationTokenSource closed = new();
        await Task.WhenAny(Unwatched(time is LinkThread ? Task.Run(CloseAsync) : CloseAsync()), Task.Delay(ClosingPatience, clock, closed.Token));
        closed.Cancel();
        (time as LinkThread)?.Dispose();
    }

    void ILinkListener.OnStatus(StatusReport report, TimeSpan deviceTime)
    {
        DeviceStatus status = Records.From(report, deviceTime, time.GetUtcNow());
        latestStatus = status;
        Statuses.Publish(status);
    }

    void ILinkListener.OnLogEntry(DeviceLogEntry entry) => Log.Publish(entry);

    void ILinkListener.OnReady(Hearing hearing)
    {
        Tell(hearing);
        ready.TrySetResult();
    }

    void ILinkListener.OnHearing(Hearing hearing) => Tell(hearing);

    void ILinkListener.OnLost(LinkLoss loss)
    {
        LinkMeter.LinksLost.Add(loss == LinkWords.ClosedHere ? 0 : 1);
        Tell(LinkState.Lost, loss.Message);
        Statuses.End();
        Reports.End();
        Log.End();
        if (ready.TrySetException(loss.ToException()))
        {
            // Nobody may be waiting for it.
            _ = ready.Task.Exception;
        }

        lost.TrySetResult(loss);
    }

    private void Tell(Hearing hearing) => Tell(hearing == Hearing.Good ? LinkState.Online : LinkState.Degraded, LinkWords.Of(hearing));

    private void Tell(LinkState state, string words)
    {
        LinkReport told = new(state, words, time.GetUtcNow());
        report = told;
        Reports.Publish(told);
    }

    /// <summary>Nobody has to look at how this task ends: the runtime is not to report it as overlooked.</summary>
    private static Task Unwatched(Task task)
    {
        _ = task.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }

    private async Task CloseAsync()
    {
        await transport.DisposeAsync();
        await reading;
        await writing;
    }

    private async Task CompleteAsync()
    {
        LinkLoss loss = await lost.Task;
        if (loss != LinkWords.ClosedHere)
        {
            throw loss.ToException();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a transport throws, the link is lost with it, and the loss carries it.")]
    private async Task ReadAsync()
    {
        byte[] buffer = new byte[1024];
        try
        {
            for (int count; (count = await transport.ReadAsync(buffer, closing.Token)) > 0;)
            {
                Do(() => link.Receive(buffer.AsSpan(0, count), Now));

                // A device that never stops talking must not keep the heartbeat from going out.
                await Task.Yield();
            }

            Lose(null);
        }
        catch (Exception cause)
        {
            Lose(cause);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a transport throws, the link is lost with it, and the loss carries it.")]
    private async Task WriteAsync()
    {
        byte[] buffer = new byte[Framing.MaximumFrameLength];
        try
        {
            while (await frameWaits.Reader.WaitToReadAsync(closing.Token))
            {
                frameWaits.Reader.TryRead(out _);
                for (int length; (length = TakeFrame(buffer)) > 0;)
                {
                    await transport.WriteAsync(buffer.AsMemory(0, length), closing.Token);
                }
            }
        }
        catch (Exception cause)
        {
            Lose(cause);
        }
    }

    private int TakeFrame(byte[] buffer)
    {
        lock (gate)
        {
            return link.TakeFrame(buffer, Now);
        }
    }

    private void Lose(Exception? cause) => Do(() => link.Lose(LinkWords.Broken(transport.Name, cause)));

    /// <summary>This thread goes on when the program hangs; the device must not go on with it.</summary>
    private void FeelPulse()
    {
        if (time is not LinkThread)
        {
            return;
        }

        if (Interlocked.Exchange(ref pulseIsUnderWay, 1) == 0)
        {
            pulseSentAt = Now;
            ThreadPool.UnsafeQueueUserWorkItem(static driver => Volatile.Write(ref driver.pulseIsUnderWay, 0), this, preferLocal: false);
        }
        else if (link.IsGreeted && Now - pulseSentAt >= HangingPatience)
        {
            link.Lose(LinkWords.ProgramHangs());
        }
    }

    private void OnTimer()
    {
        bool stopByteDue = false;
        Do(() =>
        {
            FeelPulse();
            link.Advance(Now);
            stopByteDue = link.TakeStopByteDue();
        });
        if (stopByteDue)
        {
            _ = SendStopByteAsync(CancellationToken.None);
        }
    }

    /// <summary>Every call to the link goes through here: afterwards what it wants next is arranged for.</summary>
    private void Do(Action act)
    {
        lock (gate)
        {
            act();
            if (closing.IsCancellationRequested)
            {
                return;
            }

            TimeSpan due = link.NextDue;
            TimeSpan wait = due - Now;
            timer.Change(
                due == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(wait.TotalMilliseconds))),
                Timeout.InfiniteTimeSpan);
            if (link.HasFrame)
            {
                frameWaits.Writer.TryWrite(true);
            }
        }
    }
}
