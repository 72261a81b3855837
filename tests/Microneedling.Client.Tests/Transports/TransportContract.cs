using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Transports;

/// <summary>What every transport to a real device does, on real lines of the system.</summary>
public abstract class TransportContract(ITestOutputHelper output)
{
    /// <summary>More than any system takes while nobody reads.</summary>
    private const int TooMuch = 2_000_000;

    private const byte Stop = 0x18;

    private static readonly byte[] EveryByte = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    [UnixFact]
    public async Task Every_byte_value_passes_unchanged_both_ways()
    {
        using Peer peer = CreatePeer();
        await using ITransport transport = await peer.OpenAsync();
        Assert.Equal(peer.Address, transport.Name);

        await transport.WriteAsync(EveryByte, default);
        Assert.Equal(EveryByte, peer.Read(EveryByte.Length));
        peer.Write(EveryByte);
        Assert.Equal(EveryByte, await ReadAsync(transport, EveryByte.Length));
    }

    [UnixFact]
    public async Task A_slow_host_loses_nothing()
    {
        using Peer peer = CreatePeer();
        await using ITransport transport = await peer.OpenAsync();
        using ManualResetEventSlim isFull = new();
        Task<int> sending = OnThread(() => SendUntilRefused(peer, atLeast: 300_000, isFull));
        Assert.True(isFull.Wait(Peer.Patience), "The line never was full.");

        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        int received = 0;
        while (!sending.IsCompleted || received < await sending)
        {
            byte[] buffer = new byte[random.Next(1, 3000)];
            int count = await WithinPatience(transport.ReadAsync(buffer, default));
            Assert.Equal(Pattern(received, count), buffer[..count]);
            received += count;
        }

        Assert.Equal(await sending, received);
    }

    [UnixFact]
    public async Task A_slow_device_loses_nothing()
    {
        using Peer peer = CreatePeer();
        await using ITransport transport = await peer.OpenAsync();
        Task first = transport.WriteAsync(Pattern(0, TooMuch), default).AsTask();
        Assert.False(first.IsCompleted);
        Task second = transport.WriteAsync(Pattern(TooMuch, 1000), default).AsTask();

        byte[] received = await OnThread(() => peer.Read(TooMuch + 1000));
        await WithinPatience(Task.WhenAll(first, second));
        Assert.Equal(Pattern(0, TooMuch + 1000), received);
    }

    [UnixFact]
    public async Task A_hang_up_ends_a_read_at_once_and_later_writes_say_so()
    {
        Peer peer = CreatePeer();
        await using ITransport transport = await peer.OpenAsync();
        ValueTask<int> reading = transport.ReadAsync(new byte[8], default);
        Assert.False(reading.IsCompleted);
        peer.Dispose();

        Assert.Equal(0, await WithinPatience(reading));
        Assert.Equal(0, await transport.ReadAsync(new byte[8], default));
        LinkException refused = await Assert.ThrowsAsync<LinkException>(() => transport.WriteAsync(EveryByte, default).AsTask());
        Assert.True(refused.IsTransient);
        Assert.Contains("connect again", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LinkException>(() => transport.WriteUrgentAsync(Stop, default).AsTask());
    }

    [UnixFact]
    public async Task A_hang_up_ends_a_write_that_waits()
    {
        Peer peer = CreatePeer();
        await using ITransport transport = await peer.OpenAsync();
        Task writing = transport.WriteAsync(new byte[TooMuch], default).AsTask();
        peer.Dispose();
        await Assert.ThrowsAsync<LinkException>(() => WithinPatience(writing));
    }

    [UnixFact]
    public async Task Cancelling_a_read_loses_nothing()
    {
        using Peer peer = CreatePeer();
        await using ITransport transport = await peer.OpenAsync();
        for (int round = 0; round < 200; round++)
        {
            using CancellationTokenSource cancellation = new();
            ValueTask<int> reading = transport.ReadAsync(new byte[8], cancellation.Token);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.AsTask());
            peer.Write([(byte)round]);
            Assert.Equal([(byte)round], await ReadAsync(transport, 1));
        }
    }

    [UnixFact]
    public async Task Cancelling_a_write_that_waits_takes_back_what_was_not_sent()
    {
        using Peer peer = CreatePeer();
        await using ITransport transport = await peer.OpenAsync();
        using CancellationTokenSource cancellation = new();
        Task first = transport.WriteAsync(Enumerable.Repeat((byte)0xEE, TooMuch).ToArray(), cancellation.Token).AsTask();
        Task second = transport.WriteAsync(EveryByte, default).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WithinPatience(first));

        (int before, byte[] rest) = await OnThread(() => ReadUpTo(peer, EveryByte[0]));
        await WithinPatience(second);
        Assert.InRange(before, 1, TooMuch - 1);
        Assert.Equal(EveryByte, rest.Concat(peer.Read(EveryByte.Length - rest.Length)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.WriteAsync(EveryByte, cancellation.Token).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => transport.ReadAsync(new byte[1], cancellation.Token).AsTask());
    }

    [UnixFact]
    public async Task Disposing_ends_a_read_and_a_write_from_any_thread_as_often_as_wanted()
    {
        for (int round = 0; round < 50; round++)
        {
            using Peer peer = CreatePeer();
            ITransport transport = await peer.OpenAsync();
            Task writing = transport.WriteAsync(new byte[TooMuch], default).AsTask();
            Task<int> reading = transport.ReadAsync(new byte[8], default).AsTask();
            await WithinPatience(Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await transport.DisposeAsync()))));

            Assert.Equal(0, await WithinPatience(reading));
            await Assert.ThrowsAsync<LinkException>(() => WithinPatience(writing));
            Assert.False((await Assert.ThrowsAsync<LinkException>(() => transport.WriteAsync(EveryByte, default).AsTask())).IsTransient);
            Assert.Equal(0, await transport.ReadAsync(new byte[8], default));
            await transport.DisposeAsync();
        }
    }

    [UnixFact]
    public async Task What_was_sent_before_disposing_still_arrives()
    {
        using Peer peer = CreatePeer();
        ITransport transport = await peer.OpenAsync();
        await transport.WriteUrgentAsync(Stop, default);
        await transport.DisposeAsync();
        Assert.Equal([Stop], peer.Read(1));
    }

    [UnixFact]
    public async Task After_disposing_the_line_can_be_opened_again_at_once()
    {
        using Peer peer = CreatePeer();
        for (byte round = 0; round < 100; round++)
        {
            await using ITransport transport = await peer.OpenAsync();
            await transport.WriteAsync(new[] { round }, default);
            Assert.Equal([round], peer.Read(1));
        }
    }

    [UnixFact]
    public async Task The_urgent_byte_overtakes_what_waits()
    {
        using Peer peer = CreatePeer();
        await using ITransport transport = await peer.OpenAsync();
        Task waiting = transport.WriteAsync(new byte[TooMuch], default).AsTask();
        Task urgent = transport.WriteUrgentAsync(Stop, default).AsTask();

        (int before, _) = await OnThread(() => ReadUpTo(peer, Stop));
        await WithinPatience(urgent);
        output.WriteLine($"{before} bytes of {TooMuch} came before the urgent one.");
        Assert.InRange(before, 0, LongestBeforeUrgent);
        Assert.False(waiting.IsCompleted);
    }

    [UnixFact]
    public async Task Two_reads_at_once_are_refused_and_the_first_goes_on()
    {
        using Peer peer = CreatePeer();
        await using ITransport transport = await peer.OpenAsync();
        Task<byte[]> first = ReadAsync(transport, 1);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await transport.ReadAsync(new byte[1], default));
        peer.Write([7]);
        Assert.Equal([7], await first);
    }

    private protected abstract Peer CreatePeer();

    /// <summary>How many bytes may come before the urgent one: what the other end's system has taken in cannot be called back.</summary>
    protected abstract int LongestBeforeUrgent { get; }

    private protected static async Task<byte[]> ReadAsync(ITransport transport, int count)
    {
        byte[] bytes = new byte[count];
        for (int read = 0, got; read < count; read += got)
        {
            got = await WithinPatience(transport.ReadAsync(bytes.AsMemory(read), default));
            Assert.True(got > 0, $"Only {read} of {count} bytes came.");
        }

        return bytes;
    }

    private protected static Task<T> WithinPatience<T>(ValueTask<T> task) => task.AsTask().WaitAsync(Peer.Patience);

    private protected static Task<T> WithinPatience<T>(Task<T> task) => task.WaitAsync(Peer.Patience);

    private protected static Task WithinPatience(Task task) => task.WaitAsync(Peer.Patience);

    /// <summary>Reads until a value comes. Returns how many bytes came before it, and what came with it.</summary>
    private static (int Before, byte[] FromIt) ReadUpTo(Peer peer, byte value)
    {
        byte[] buffer = new byte[256];
        for (int before = 0; ;)
        {
            int count = peer.Read(buffer);
            int at = Array.IndexOf(buffer, value, 0, count);
            if (at >= 0)
            {
                return (before + at, buffer[at..count]);
            }

            Assert.True(count > 0, $"{before} bytes came, {value:X2} was not among them.");
            before += count;
        }
    }

    private static int SendUntilRefused(Peer peer, int atLeast, ManualResetEventSlim isFull)
    {
        int sent = 0;
        SpinWait wait = default;
        while (sent < atLeast || !isFull.IsSet)
        {
            int count = peer.TryWrite(Pattern(sent, 1000));
            sent += count;
            if (count == 0)
            {
                isFull.Set();
                wait.SpinOnce();
            }
        }

        return sent;
    }

    /// <summary>A stretch of a sequence that never repeats with a power of two.</summary>
    private static byte[] Pattern(int from, int count) => [.. Enumerable.Range(from, count).Select(index => (byte)(index % 251))];

    private static Task<T> OnThread<T>(Func<T> work) => Task.Factory.StartNew(work, default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
