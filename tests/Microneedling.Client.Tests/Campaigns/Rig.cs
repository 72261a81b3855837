// A simulated device, a bad line to it, and a program that connects again whenever the link is lost: in virtual time, so
// that the same seed is the same run. Collects what the client says of events, to be compared with what the device said.

using System.Globalization;
using Microneedling.Client.Link;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Microneedling.Testing;

namespace Microneedling.Client.Tests.Campaigns;

/// <summary>One campaign's device and the ways to it.</summary>
internal sealed class Rig : IAsyncDisposable
{
    /// <summary>Greeting, reading state and events, closing.</summary>
    private static readonly TimeSpan LongestConnecting = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);
    private const int AttemptsOnABadLine = 2;

    private readonly Random random;
    private readonly ChaosPlan bad;
    private readonly List<DeviceLogEntry> log = [];
    private EventPosition? readBefore;
    private ChaosTransport? transport;
    private DeviceClient? client;

    private Rig(VirtualTime time, SimulatedDevice device, ChaosPlan bad, int seed)
    {
        Time = time;
        Device = device;
        this.bad = bad;
        random = new Random(seed);
        Tap = new DeviceTap(time);
    }

    public VirtualTime Time { get; }

    public SimulatedDevice Device { get; }

    public Bench Bench => Device.Bench;

    public DeviceTap Tap { get; }

    public Random Random => random;

    /// <summary>Links lost, and attempts to connect that failed.</summary>
    public int LinksLost { get; private set; }

    public int FailedAttempts { get; private set; }

    /// <summary>Events that the client has handed over, and those it has named as missing.</summary>
    public int EventsRead => log.OfType<DeviceEvent>().Count();

    public int EventsNamedMissing => log.OfType<MissingEvents>().Sum(missing => (int)(missing.LastNumber - missing.FirstNumber + 1));

    /// <summary>Whether the present client's link stands.</summary>
    public bool IsOnline => client is { Completion.IsCompleted: false };

    /// <summary>What the line does from now on.</summary>
    public bool IsCalm
    {
        get;
        set
        {
            field = value;
            if (transport is not null)
            {
                transport.Plan = Plan;
            }
        }
    }

    private ChaosPlan Plan => IsCalm ? ChaosPlan.Calm : bad;

    /// <summary>Runs a campaign; whatever it throws says when, on what line, and what was said last.</summary>
    public static void Run(BadLine line, int seed, Func<Rig, Task> body, TimeSpan? deadline = null) =>
        Run($"{line}, seed {seed}", BadLines.Plan(line), seed, (seed * 17) + (int)line, body, deadline);

    /// <inheritdoc cref="Run(BadLine, int, Func{Rig, Task}, TimeSpan?)"/>
    /// <param name="name">Of the line and the run.</param>
    /// <param name="bad">What the line does when it is not calm.</param>
    /// <param name="boardSeed">Seed of the board.</param>
    /// <param name="seed">Seed of the line and of the campaign.</param>
    /// <param name="body">The campaign.</param>
    /// <param name="deadline">Longest virtual time.</param>
    public static void Run(string name, ChaosPlan bad, int boardSeed, int seed, Func<Rig, Task> body, TimeSpan? deadline = null) => VirtualTime.Run(
        new BoardOptions { Seed = boardSeed },
        async (time, device) =>
        {
            await using Rig rig = new(time, device, bad, seed) { IsCalm = true };
            try
            {
                device.Bench.SeatCartridge();
                await body(rig);
                await rig.LeaveAsync();
                rig.CheckLog();
            }
            catch (Exception problem)
            {
                throw new InvalidOperationException(
                    $"{name}, at {time.NowMicroseconds / 1e6:0.000} s: {problem.Message}{Environment.NewLine}{rig.Tap.LatestFrames}", problem);
            }
        },
        deadline ?? TimeSpan.FromHours(10));

    /// <summary>The client while its link stands, else a new one; on a line that lets nobody connect, a calm one is used.</summary>
    public async Task<DeviceClient> ConnectedAsync()
    {
        bool wasCalm = IsCalm;
        for (int attempt = 0; !IsOnline; attempt++)
        {
            IsCalm = wasCalm || attempt >= AttemptsOnABadLine;
            DeviceClient? found = await TryConnectAsync();
            Assert.True(found is not null || !IsCalm, "On a calm line connecting must succeed.");
        }

        IsCalm = wasCalm;
        return client!;
    }

    /// <summary>Closes the client, if there is one, and tries once to connect anew; null when that failed.</summary>
    public async Task<DeviceClient?> TryConnectAsync()
    {
        await LeaveAsync();
        transport = new ChaosTransport(Tap.On(Device.Connect()), Plan, random.Next(), Time);
        LinkNumbers numbers = new((uint)random.Next(1, int.MaxValue), (ushort)random.Next(1, 65_536));
        long begun = Time.NowMicroseconds;
        try
        {
            client = await DeviceClient.ConnectAsync(transport, Time, readBefore, CancellationToken.None, numbers);
            Tap.Note("connected");
        }
        catch (LinkException problem)
        {
            FailedAttempts++;
            Tap.Note($"not connected: {problem.Message}");
        }

        Assert.InRange(Time.NowMicroseconds - begun, 0, (long)LongestConnecting.TotalMicroseconds);
        return client;
    }

    /// <summary>Closes the client, if there is one, and keeps what it has read.</summary>
    public async Task LeaveAsync()
    {
        if (client is null)
        {
            return;
        }

        LinksLost += IsOnline ? 0 : 1;
        DeviceClient left = client;
        client = null;
        await left.DisposeAsync();
        await foreach (DeviceLogEntry entry in left.EventsAsync())
        {
            log.Add(entry);
        }

        readBefore = left.EventPosition;
        Tap.Note("left");
    }

    /// <summary>The line is broken at once; the client is left to find out.</summary>
    public void Cut() => transport?.Cut();

    /// <summary>On a calm line: brings the device to its park position, whatever state it is in.</summary>
    public async Task<DeviceClient> ParkedAsync()
    {
        Bench.ReleaseTrigger();
        while (true)
        {
            DeviceStatus status = await StatusAsync();
            DeviceClient present = client!;
            switch (status.State)
            {
                case DeviceState.Parked:
                    return present;
                case DeviceState.Faulted:
                    await present.ClearFaultAsync(status.Fault);
                    break;
                case DeviceState.Unhomed:
                    await present.HomeAsync();
                    break;
                case DeviceState.Service:
                    await present.LeaveServiceAsync();
                    break;
                default:
                    await present.DisarmAsync();
                    break;
            }
        }
    }

    /// <summary>On a calm line: the device's status once nothing moves. A link that was lost before the calm is made anew.</summary>
    public async Task<DeviceStatus> StatusAsync()
    {
        if (!IsCalm)
        {
            IsCalm = true;
            await Time.Delay(BadLines.LongestHeldBack);
        }

        while (true)
        {
            try
            {
                DeviceClient present = await ConnectedAsync();
                DeviceStatus status = await present.WaitForAsync(IsSettled, Soon);
                if (IsOnline)
                {
                    return status;
                }
            }
            catch (LinkException)
            {
                Assert.False(IsOnline);
            }
            catch (FaultedException)
            {
                // It is told by the next status.
            }
        }
    }

    /// <summary>On a calm line: lets the client read every event that the device has, and closes it.</summary>
    public async Task ReadAllEventsAsync()
    {
        IsCalm = true;
        await ConnectedAsync();
        await Time.Delay(BadLines.LongestHeldBack);
        await ConnectedAsync();
        await Time.Delay(TimeSpan.FromMilliseconds(500));
        await LeaveAsync();
        IsCalm = false;
    }

    /// <summary>Events as the client told them: in order, each once, as the device told them; gaps named.</summary>
    public void CheckLog()
    {
        uint next = 1;
        foreach (DeviceLogEntry entry in log)
        {
            if (entry is MissingEvents missing)
            {
                Assert.Equal(next, missing.FirstNumber);
                Assert.True(missing.LastNumber >= missing.FirstNumber);
                next = missing.LastNumber + 1;
                continue;
            }

            DeviceEvent happened = Assert.IsType<DeviceEvent>(entry);
            Assert.True(Tap.Events.TryGetValue(happened.Number, out EventReport? truth), $"The device has not told {happened}.");
            Assert.Equal(next, happened.Number);
            Assert.Equal(
                (truth.Code, truth.Argument1, truth.Argument2, truth.UptimeMilliseconds),
                ((ushort)happened.Code, happened.Argument1, happened.Argument2, (uint)happened.DeviceTime.TotalMilliseconds));
            next++;
        }
    }

    public async ValueTask DisposeAsync() => await LeaveAsync();

    private static bool IsSettled(DeviceStatus status) => status.State switch
    {
        DeviceState.Homing or DeviceState.Retracting or DeviceState.SelfTest or DeviceState.Booting => false,
        _ => !status.Is(StatusFlags.Parking) && !status.Is(StatusFlags.StageMoving),
    };

    /// <summary>Where a campaign is, for messages.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Time.NowMicroseconds / 1e6:0} s, {LinksLost} links lost, {FailedAttempts} attempts failed, {EventsRead} events read, {EventsNamedMissing} named missing, {Tap.FramesToDevice.Values.Sum()} whole frames at the device");
}
