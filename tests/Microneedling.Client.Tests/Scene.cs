namespace Microneedling.Client.Tests;

/// <summary>A client and a fake device on a line within the process, in virtual time.</summary>
internal sealed class Scene
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private Scene(ManualTime time, FakeDevice device, WatchedTransport line)
    {
        Time = time;
        Device = device;
        Line = line;
    }

    public ManualTime Time { get; }

    public FakeDevice Device { get; }

    /// <summary>The host's end of the line.</summary>
    public WatchedTransport Line { get; }

    /// <summary>The connected client; in <see cref="Run"/> only.</summary>
    public DeviceClient Client { get; private set; } = null!;

    /// <summary>Runs a test on a connected client. What was sent while connecting is forgotten.</summary>
    public static void Run(Func<Scene, Task> body, Action<FakeDevice>? before = null) => RunUnconnected(
        async scene =>
        {
            await using (scene.Client = await scene.ConnectAsync())
            {
                await scene.PassAsync(TimeSpan.FromMilliseconds(50));
                scene.Device.Frames.Clear();
                scene.Device.Executed.Clear();
                await body(scene);
            }
        },
        before);

    /// <summary>Runs a test that connects itself.</summary>
    public static void RunUnconnected(Func<Scene, Task> body, Action<FakeDevice>? before = null) => Pump.Run(async time =>
    {
        (InMemoryTransport host, InMemoryTransport device) = InMemoryTransport.CreatePair();
        Scene scene = new(time, new FakeDevice(device, time), new WatchedTransport(host));
        before?.Invoke(scene.Device);
        await body(scene);
        await device.DisposeAsync();
        await scene.Device.Listening;
    });

    public Task<DeviceClient> ConnectAsync(CancellationToken cancellationToken = default) => DeviceClient.ConnectAsync(Line, Time, cancellationToken);

    /// <summary>Lets virtual time pass.</summary>
    public Task PassAsync(TimeSpan span) => Task.Delay(span, Time);

    /// <summary>Lets everything settle that needs no time of its own.</summary>
    public Task SettleAsync() => PassAsync(Moment);

    /// <summary>Runs <paramref name="act"/> and returns what it threw and how long it took.</summary>
    public async Task<(TException Thrown, TimeSpan After)> CatchAsync<TException>(Func<Task> act)
        where TException : Exception
    {
        TimeSpan before = Time.Elapsed;
        TException thrown = await Assert.ThrowsAnyAsync<TException>(act);
        return (thrown, Time.Elapsed - before);
    }
}

/// <summary>Passes everything through, records what is written, and can be blocked as a full driver is.</summary>
internal sealed class WatchedTransport(ITransport inner) : ITransport
{
    private TaskCompletionSource? blockage;

    public string Name => "test:";

    /// <summary>Everything written, blocked or not, in the order of the calls.</summary>
    public List<byte[]> Written { get; } = [];

    public bool IsDisposed { get; private set; }

    /// <summary>From now on frames wait; single bytes pass.</summary>
    public void Block() => blockage = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Unblock()
    {
        blockage?.TrySetResult();
        blockage = null;
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReadAsync(buffer, cancellationToken);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Written.Add(bytes.ToArray());
        if (blockage is not null && bytes.Length > 1)
        {
            using CancellationTokenRegistration registration = cancellationToken.Register(() => blockage?.TrySetCanceled(cancellationToken));
            await blockage.Task;
        }

        await inner.WriteAsync(bytes, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return inner.DisposeAsync();
    }
}
