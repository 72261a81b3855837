using Microneedling.Client.Link;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>Closing ends soon and leaves nothing running, whatever a transport does.</summary>
public class ClosingTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    /// <summary>Far more than anything here takes on a machine that is busy with other things.</summary>
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(Stubborn.None, 0.001)]
    [InlineData(Stubborn.Reading, 1.001)]
    [InlineData(Stubborn.Writing, 1.001)]
    [InlineData(Stubborn.StopByte, 0.101)]
    [InlineData(Stubborn.Disposing, 1.001)]
    [InlineData(Stubborn.All, 1.101)]
    public void Client_of_a_moving_device_closes_although_calls_never_return(Stubborn stubbornness, double withinSeconds) => Pump.Run(async time =>
    {
        (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
        FakeDevice device = new(line, time);
        device.Status.State = (byte)DeviceState.Armed;
        StubbornTransport transport = new(host);
        DeviceClient client = await DeviceClient.ConnectAsync(transport, time);
        Task<AcceptedTreatment>? command = null;
        transport.Stubbornness = stubbornness;
        if (stubbornness.HasFlag(Stubborn.Writing))
        {
            command = client.ConfigureAsync(new(Depth.FromMillimeters(0.5), Depth.FromMillimeters(1), StrokeRate.FromStrokesPerSecond(60)));
        }

        await Task.Delay(TimeSpan.FromMilliseconds(150), time);
        TimeSpan before = time.Elapsed;
        await client.DisposeAsync();
        Assert.InRange(time.Elapsed - before, TimeSpan.Zero, TimeSpan.FromSeconds(withinSeconds));
        Assert.True(transport.IsDisposed);
        Assert.Equal(LinkState.Lost, client.Link.State);
        Assert.True(client.Completion.IsCompletedSuccessfully);
        if (command is not null)
        {
            await Assert.ThrowsAsync<LinkException>(() => command);
        }

        before = time.Elapsed;
        await client.DisposeAsync();
        Assert.Equal(before, time.Elapsed);
        int frames = device.Frames.Count;
        await Task.Delay(TimeSpan.FromSeconds(5), time);
        Assert.Equal(frames, device.Frames.Count);
    });

    [Theory]
    [InlineData(Stubborn.All, 0)]
    [InlineData(Stubborn.All, 0.1)]
    [InlineData(Stubborn.All, 3.1)]
    public void Connecting_over_a_transport_that_never_returns_fails_and_can_be_given_up(Stubborn stubbornness, double giveUpSeconds) => Pump.Run(async time =>
    {
        (InMemoryTransport host, _) = InMemoryTransport.CreatePair();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(giveUpSeconds), time);
        await Assert.ThrowsAnyAsync<Exception>(() => DeviceClient.ConnectAsync(new StubbornTransport(host) { Stubbornness = stubbornness }, time, patience.Token));
        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(Math.Min(giveUpSeconds, 3) + 1.1));
    });

    [Theory]
    [InlineData(Stubborn.None, 0.2)]
    [InlineData(Stubborn.All, 0.2)]
    [InlineData(Stubborn.All, 0)]
    public void Connection_closes_although_calls_never_return(Stubborn stubbornness, double afterSeconds) => Pump.Run(async time =>
    {
        StubbornTransport? transport = null;
        DeviceConnection connection = new(
            _ =>
            {
                (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
                new FakeDevice(line, time).Status.State = (byte)DeviceState.Armed;
                return Task.FromResult<ITransport>(transport = new StubbornTransport(host));
            },
            time: time);
        Task<int> log = CountAsync(connection.EventsAsync());
        Task<int> statuses = CountAsync(connection.TelemetryAsync());
        if (afterSeconds > 0)
        {
            await connection.WhenOnlineAsync(Soon);
            await Task.Delay(TimeSpan.FromSeconds(afterSeconds), time);
        }

        transport!.Stubbornness = stubbornness;
        TimeSpan before = time.Elapsed;
        await connection.DisposeAsync();
        Assert.InRange(time.Elapsed - before, TimeSpan.Zero, TimeSpan.FromSeconds(1.2));
        Assert.Equal(0, await log);
        await statuses;
        Assert.True(transport.IsDisposed);
        await connection.DisposeAsync();
    });

    [Fact]
    public void Connection_whose_opening_never_returns_closes_at_once_and_closes_what_opens_later() => Pump.Run(async time =>
    {
        TaskCompletionSource<ITransport> opening = new();
        DeviceConnection connection = new(_ => opening.Task, time: time);
        Task<int> log = CountAsync(connection.EventsAsync());
        await Task.Delay(TimeSpan.FromSeconds(1), time);
        TimeSpan before = time.Elapsed;
        await connection.DisposeAsync();
        Assert.Equal(before, time.Elapsed);
        Assert.Equal(0, await log);
        Assert.Equal(LinkState.Lost, connection.Link.State);

        (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
        opening.SetResult(host);
        Assert.Equal(0, await line.ReadAsync(new byte[1], CancellationToken.None));
    });

    [Fact]
    public Task Two_hundred_clients_leave_no_thread_behind() => Task.Run(async () =>
    {
        List<Thread> threads = [];
        for (int i = 0; i < 200; i++)
        {
            (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
            using LinkThread devicesOwn = new();
            FakeDevice device = await devicesOwn.RunAsync(() => new FakeDevice(line, new ManualTime()));
            StubbornTransport transport = new(host);
            DeviceClient client = await DeviceClient.ConnectAsync(transport);
            if (i % 20 == 0)
            {
                await line.DisposeAsync();
                await Assert.ThrowsAsync<LinkException>(() => client.Completion);
            }

            await client.DisposeAsync();
            threads.Add(transport.Reader!);
        }

        Assert.Equal(200, threads.Distinct().Count());
        Assert.All(threads, thread => Assert.True(thread.Join(Generous)));
    });

    [Theory]
    [InlineData(Stubborn.None)]
    [InlineData(Stubborn.All)]
    public Task Thread_of_a_closed_client_ends_also_when_calls_never_return(Stubborn stubbornness) => Task.Run(async () =>
    {
        (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
        using LinkThread devicesOwn = new();
        await devicesOwn.RunAsync(() => new FakeDevice(line, new ManualTime()));
        StubbornTransport transport = new(host);
        DeviceClient client = await DeviceClient.ConnectAsync(transport);
        transport.Stubbornness = stubbornness;
        await client.DisposeAsync().AsTask().WaitAsync(Generous);
        Assert.True(transport.Reader!.Join(Generous));
        Assert.True(client.Completion.IsCompletedSuccessfully);
    });

    [Fact]
    public Task Client_closes_although_the_transport_blocks_the_thread_that_closes_it() => Task.Run(async () =>
    {
        (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
        using LinkThread devicesOwn = new();
        await devicesOwn.RunAsync(() => new FakeDevice(line, new ManualTime()));
        using BlockingTransport transport = new(host);
        DeviceClient client = await DeviceClient.ConnectAsync(transport);
        await Task.Run(() => client.DisposeAsync().AsTask()).WaitAsync(Generous);
    });

    [Fact]
    public Task Connections_closed_at_any_moment_leave_no_thread_and_no_reader_behind() => Task.Run(async () =>
    {
        using LinkThread devicesOwn = new();
        List<(StubbornTransport Line, InMemoryTransport Far)> opened = [];
        for (int i = 0; i < 40; i++)
        {
            DeviceConnection connection = new(async _ =>
            {
                (InMemoryTransport host, InMemoryTransport far) = InMemoryTransport.CreatePair();
                await devicesOwn.RunAsync(() => new FakeDevice(far, new ManualTime()));
                StubbornTransport line = new(host);
                lock (opened)
                {
                    opened.Add((line, far));
                }

                return line;
            });
            Task reading = Task.WhenAll(CountAsync(connection.EventsAsync()), CountAsync(connection.TelemetryAsync()), CountAsync(connection.LinkReportsAsync()));
            if (i % 4 != 0)
            {
                await connection.WhenOnlineAsync(Generous);
            }

            if (i % 4 == 2)
            {
                await opened[^1].Far.DisposeAsync();
            }

            Task other = i % 4 == 3 ? Task.Run(() => connection.DisposeAsync().AsTask()) : Task.CompletedTask;
            await connection.DisposeAsync().AsTask().WaitAsync(Generous);
            await other.WaitAsync(Generous);
            await reading.WaitAsync(Generous);
            Assert.Equal((LinkState.Lost, null), (connection.Link.State, connection.Client));
        }

        Assert.All(opened, one => Assert.True(one.Line.Reader?.Join(Generous) ?? true));
    });

    [Fact]
    public Task Link_whose_end_nobody_looks_at_and_transport_that_fails_to_close_are_not_reported_as_overlooked() => Task.Run(async () =>
    {
        const string Words = "This transport does not close.";
        int overlooked = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> count = (_, told) =>
            overlooked += told.Exception.Flatten().InnerExceptions.Any(one => one.Message.Contains(Words, StringComparison.Ordinal)) ? 1 : 0;
        TaskScheduler.UnobservedTaskException += count;
        await LoseAsync();
        for (int round = 0; round < 5; round++)
        {
            await Task.Run(() => { });
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        TaskScheduler.UnobservedTaskException -= count;
        Assert.Equal(0, overlooked);

        static async Task LoseAsync()
        {
            (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
            using LinkThread devicesOwn = new();
            await devicesOwn.RunAsync(() => new FakeDevice(line, new ManualTime()));
            DeviceClient client = await DeviceClient.ConnectAsync(new FailingTransport(host, Words));
            await line.DisposeAsync();
            await foreach (LinkReport report in client.LinkReportsAsync())
            {
                Assert.True(report.State != LinkState.Lost || report.Words.Contains(Words, StringComparison.Ordinal));
            }

            await client.DisposeAsync();
        }
    });

    private static async Task<int> CountAsync<T>(IAsyncEnumerable<T> items)
    {
        int count = 0;
        await foreach (T item in items)
        {
            count++;
        }

        return count;
    }

    /// <summary>Closing it fails.</summary>
    private sealed class FailingTransport(ITransport inner, string words) : ITransport
    {
        public string Name => words;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReadAsync(buffer, cancellationToken);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => inner.WriteAsync(bytes, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            throw new IOException(words);
        }
    }

    /// <summary>Closing it blocks, as closing a serial port does when its device has gone.</summary>
    private sealed class BlockingTransport(ITransport inner) : ITransport, IDisposable
    {
        private readonly ManualResetEventSlim gone = new();

        public string Name => "blocking:";

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReadAsync(buffer, cancellationToken);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => inner.WriteAsync(bytes, cancellationToken);

        public ValueTask DisposeAsync()
        {
            gone.Wait();
            return inner.DisposeAsync();
        }

        public void Dispose() => gone.Set();
    }
}
