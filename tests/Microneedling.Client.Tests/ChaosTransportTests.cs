using Microneedling.Protocol;

namespace Microneedling.Client.Tests;

/// <summary>The bad line does what its plan says, at the rate that it says, and nothing else.</summary>
public class ChaosTransportTests
{
    private const int Seed = 7;

    public static TheoryData<bool> BothDirections => [true, false];

    [Theory]
    [MemberData(nameof(BothDirections))]
    public void Calm_chaos_changes_nothing(bool toDevice) => Run(toDevice, new LineChaos(), async line =>
    {
        Random random = new(Seed);
        List<byte[]> written = [];
        for (int i = 0; i < 200; i++)
        {
            byte[] bytes = new byte[random.Next(1, 130)];
            random.NextBytes(bytes);
            written.Add(bytes);
            await line.WriteAsync(bytes);
        }

        await line.PassAsync(1);
        Assert.Equal(written, line.Came.Select(one => one.Bytes));
        Assert.All(line.Came, one => Assert.Equal(0, one.AtMilliseconds));
        Assert.Equal(written.Count, line.Counts.Writes);
        Assert.Equal(new ChaosCounts { Writes = written.Count, Bytes = written.Sum(bytes => bytes.Length) }, line.Counts);
    });

    [Theory]
    [MemberData(nameof(BothDirections))]
    public void Same_seed_does_the_same_and_another_one_does_not(bool toDevice)
    {
        LineChaos everything = new()
        {
            DropByte = 0.05,
            DamageByte = 0.05,
            DropWrite = 0.1,
            DuplicateWrite = 0.1,
            Delay = Milliseconds(5),
            DelaySpread = Milliseconds(50),
            Reorder = 0.2,
            HoldBack = Milliseconds(40),
            Stall = 0.02,
            StallTime = Milliseconds(200),
            BytesPerSecond = 4000,
        };
        string first = Record(Seed);
        Assert.Equal(first, Record(Seed));
        Assert.NotEqual(first, Record(Seed + 1));

        string Record(int seed)
        {
            string came = "";
            Run(toDevice, everything, seed: seed, act: async line =>
            {
                for (int i = 0; i < 100; i++)
                {
                    await line.WriteAsync([.. Enumerable.Repeat((byte)i, 10)]);
                    await line.PassAsync(10);
                }

                await line.PassAsync(5000);
                came = string.Join('\n', line.Came.Select(one => $"{one.AtMilliseconds} {Convert.ToHexString(one.Bytes)}"));
            });
            return came;
        }
    }

    [Theory]
    [MemberData(nameof(BothDirections))]
    public void Bytes_are_lost_and_damaged_at_the_stated_rates(bool toDevice) => Run(toDevice, new LineChaos { DropByte = 0.05, DamageByte = 0.02 }, async line =>
    {
        const int Total = 200_000;
        for (int i = 0; i < Total / 100; i++)
        {
            await line.WriteAsync(new byte[100]);
        }

        await line.PassAsync(1);
        byte[] came = [.. line.Came.SelectMany(one => one.Bytes)];
        AssertNear(0.05 * Total, Total - came.Length, Total);
        AssertNear(0.02 * came.Length, came.Count(value => value != 0), Total);
        Assert.True(came.Distinct().Count() == 256, "A damaged byte may be any.");
        Assert.Equal((Total - came.Length, came.Count(value => value != 0)), (line.Counts.BytesDropped, line.Counts.BytesDamaged));
    });

    [Theory]
    [MemberData(nameof(BothDirections))]
    public void Writes_are_lost_and_doubled_at_the_stated_rates(bool toDevice) => Run(toDevice, new LineChaos { DropWrite = 0.2, DuplicateWrite = 0.1 }, async line =>
    {
        const int Total = 20_000;
        for (int i = 0; i < Total; i++)
        {
            await line.WriteAsync(BitConverter.GetBytes(i));
        }

        await line.PassAsync(1);
        int[] came = [.. line.Came.Select(one => BitConverter.ToInt32(one.Bytes))];
        int different = came.Distinct().Count();
        AssertNear(0.2 * Total, Total - different, Total);
        AssertNear(0.1 * different, came.Length - different, Total);
        Assert.Equal(came.Order(), came);
        Assert.Equal((Total - different, came.Length - different), (line.Counts.WritesDropped, line.Counts.WritesDuplicated));
    });

    [Theory]
    [MemberData(nameof(BothDirections))]
    public void Delayed_writes_come_later_and_in_order(bool toDevice) => Run(toDevice, new LineChaos { Delay = Milliseconds(20), DelaySpread = Milliseconds(30) }, async line =>
    {
        for (int i = 0; i < 200; i++)
        {
            await line.WriteAsync([(byte)i]);
            await line.PassAsync(5);
        }

        await line.PassAsync(100);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), line.Came.SelectMany(one => one.Bytes));
        long[] delays = [.. line.Came.Select((one, i) => one.AtMilliseconds - (5 * i))];
        Assert.Equal((true, true), (delays.Min() is >= 20 and <= 25, delays.Max() is > 45 and <= 50));
    });

    [Theory]
    [MemberData(nameof(BothDirections))]
    public void A_later_write_overtakes_one_that_is_held_back(bool toDevice) => Run(toDevice, new LineChaos { Reorder = 1, HoldBack = Milliseconds(50) }, async line =>
    {
        await line.WriteAsync([1]);
        await line.PassAsync(10);
        line.Chaos = new LineChaos();
        await line.WriteAsync([2]);
        await line.PassAsync(100);
        Assert.Equal([(10, (byte)2), (50, (byte)1)], line.Came.Select(one => (one.AtMilliseconds, one.Bytes[0])));
        Assert.Equal(1, line.Counts.WritesHeldBack);
    });

    [Theory]
    [MemberData(nameof(BothDirections))]
    public void Writes_are_held_back_at_the_stated_rate(bool toDevice) => Run(toDevice, new LineChaos { Reorder = 0.1, HoldBack = Milliseconds(15) }, async line =>
    {
        const int Total = 5_000;
        for (int i = 0; i < Total; i++)
        {
            await line.WriteAsync(BitConverter.GetBytes(i));
            await line.PassAsync(10);
        }

        await line.PassAsync(100);
        int[] came = [.. line.Came.Select(one => BitConverter.ToInt32(one.Bytes))];
        Assert.Equal(Enumerable.Range(0, Total), came.Order());
        AssertNear(0.1 * Total, line.Counts.WritesHeldBack, Total);

        // Of two that are held back one after the other, the first is overtaken by the one behind them only.
        AssertNear(0.1 * 0.9 * Total, came.Where((number, i) => i > 0 && number < came[i - 1]).Count(), Total);
    });

    [Theory]
    [MemberData(nameof(BothDirections))]
    public void In_a_stall_nothing_passes_and_then_everything_in_order(bool toDevice) => Run(toDevice, new LineChaos { Stall = 1, StallTime = Milliseconds(300) }, async line =>
    {
        for (int i = 0; i < 10; i++)
        {
            await line.WriteAsync([(byte)i]);
            await line.PassAsync(20);
        }

        Assert.Empty(line.Came);
        await line.PassAsync(200);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (byte)i), line.Came.SelectMany(one => one.Bytes));
        Assert.All(line.Came, one => Assert.Equal(300, one.AtMilliseconds));
        Assert.Equal(1, line.Counts.Stalls);
    });

    [Theory]
    [MemberData(nameof(BothDirections))]
    public void A_slow_line_brings_one_byte_at_a_time_at_the_given_rate(bool toDevice) => Run(toDevice, new LineChaos { BytesPerSecond = 100 }, async line =>
    {
        await line.WriteAsync(Enumerable.Range(0, 50).Select(i => (byte)i).ToArray());
        await line.WriteAsync([50]);
        await line.PassAsync(1000);
        Assert.Equal(Enumerable.Range(0, 51).Select(i => ((long)i * 10, (byte)i)), line.Came.Select(one => (one.AtMilliseconds, Assert.Single(one.Bytes))));
        await line.WriteAsync([51]);
        await line.PassAsync(1);
        Assert.Equal(1000, line.Came[^1].AtMilliseconds);
    });

    [Theory]
    [MemberData(nameof(BothDirections))]
    public void A_slow_line_that_becomes_fast_brings_the_rest_at_once(bool toDevice) => Run(toDevice, new LineChaos { BytesPerSecond = 10 }, async line =>
    {
        await line.WriteAsync(Enumerable.Range(0, 50).Select(i => (byte)i).ToArray());
        await line.PassAsync(450);
        line.Chaos = new LineChaos();
        await line.PassAsync(100);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (byte)i), line.Came.SelectMany(one => one.Bytes));
        Assert.Equal(500, line.Came[^1].AtMilliseconds);
    });

    [Fact]
    public void A_cut_towards_the_device_fails_writing_and_lets_reading_go_on() => Pump.Run(async time =>
    {
        await using ChaosLineRig line = new(time, toDevice: false, new LineChaos(), Seed);
        line.Transport.Plan = ChaosPlan.Calm with { ToDevice = new LineChaos { Cut = 1 } };
        Assert.True((await Assert.ThrowsAsync<LinkException>(async () => await line.Transport.WriteAsync(new byte[] { 1 }, default))).IsTransient);
        line.Transport.Plan = ChaosPlan.Calm;
        await Assert.ThrowsAsync<LinkException>(async () => await line.Transport.WriteAsync(new byte[] { 1 }, default));
        await Assert.ThrowsAsync<LinkException>(async () => await line.Transport.WriteUrgentAsync(Framing.Stop, default));
        line.Chaos = new LineChaos { Delay = Milliseconds(10) };
        await line.WriteAsync([1]);
        await line.PassAsync(50);
        Assert.Equal((10, (byte)1), (line.Came[0].AtMilliseconds, line.Came[0].Bytes[0]));
    });

    [Fact]
    public void A_cut_towards_the_host_ends_reading_and_lets_writing_go_on() => Pump.Run(async time =>
    {
        await using ChaosLineRig line = new(time, toDevice: false, new LineChaos { Cut = 1 }, Seed);
        await line.WriteAsync([1]);
        await line.PassAsync(1);
        Assert.True(line.HasEnded);
        Assert.Empty(line.Came);
        await line.Transport.WriteAsync(new byte[] { 1 }, default);
        await line.Transport.WriteUrgentAsync(Framing.Stop, default);
    });

    [Fact]
    public void A_cut_now_loses_what_waits_both_ways() => Pump.Run(async time =>
    {
        await using ChaosLineRig line = new(time, toDevice: true, new LineChaos { Delay = Milliseconds(50) }, Seed);
        ValueTask<int> reading = line.Transport.ReadAsync(new byte[10], default);
        await line.WriteAsync([1]);
        await line.PassAsync(10);
        line.Transport.Cut();
        Assert.Equal(0, await reading);
        await line.PassAsync(100);
        Assert.Empty(line.Came);
        await Assert.ThrowsAsync<LinkException>(() => line.WriteAsync([2]));
    });

    [Fact]
    public void A_stop_byte_overtakes_what_waits() => Run(toDevice: true, new LineChaos { Delay = Milliseconds(500), BytesPerSecond = 100 }, async line =>
    {
        await line.WriteAsync([1, 2, 3]);
        await line.PassAsync(505);
        await line.Transport.WriteUrgentAsync(Framing.Stop, default);
        await line.WriteAsync([4]);
        await line.PassAsync(1000);
        Assert.Equal([(500, 1), (505, Framing.Stop), (510, 2), (520, 3), (1005, 4)], line.Came.Select(one => (one.AtMilliseconds, (int)Assert.Single(one.Bytes))));
    });

    [Fact]
    public void A_stop_byte_waits_out_a_stall_and_then_comes_first() => Run(toDevice: true, new LineChaos { Stall = 1, StallTime = Milliseconds(300) }, async line =>
    {
        await line.WriteAsync([1]);
        await line.PassAsync(100);
        await line.Transport.WriteUrgentAsync(Framing.Stop, default);
        await line.PassAsync(300);
        Assert.Equal([(300, Framing.Stop), (300, (byte)1)], line.Came.Select(one => (one.AtMilliseconds, one.Bytes[0])));
    });

    [Fact]
    public void Stop_bytes_are_lost_and_damaged_as_every_byte_is() => Run(toDevice: true, new LineChaos { DropByte = 0.05, DamageByte = 0.05, DropWrite = 0.05 }, async line =>
    {
        const int Total = 20_000;
        for (int i = 0; i < Total; i++)
        {
            await line.Transport.WriteUrgentAsync(Framing.Stop, default);
        }

        await line.PassAsync(1);
        AssertNear(((0.05 * 0.95) + 0.05) * Total, Total - line.Came.Count, Total);
        AssertNear(0.95 * 0.95 * 0.05 * Total, line.Came.Count(one => one.Bytes[0] != Framing.Stop), Total);
    });

    [Fact]
    public void A_write_that_is_not_delayed_takes_as_long_as_the_inner_one() => Pump.Run(async time =>
    {
        (InMemoryTransport host, InMemoryTransport _) = InMemoryTransport.CreatePair();
        WatchedTransport blocked = new(host);
        await using ChaosTransport transport = new(blocked, ChaosPlan.Calm, Seed, time);
        blocked.Block();
        Task writing = transport.WriteAsync(new byte[] { 1, 2 }, default).AsTask();
        Task second = transport.WriteAsync(new byte[] { 3, 4 }, default).AsTask();
        await transport.WriteUrgentAsync(Framing.Stop, default);
        await Task.Delay(Milliseconds(100), time);
        Assert.Equal((false, false), (writing.IsCompleted, second.IsCompleted));
        Assert.Equal([[1, 2], [Framing.Stop]], blocked.Written);
        blocked.Unblock();
        await writing;
        await second;
        Assert.Equal([3, 4], blocked.Written[^1]);
    });

    [Fact]
    public void What_the_inner_transport_fails_with_comes_out() => Pump.Run(async time =>
    {
        await using ChaosLineRig line = new(time, toDevice: true, new LineChaos(), Seed);
        await line.CloseInnerAsync();
        await Assert.ThrowsAsync<LinkException>(() => line.WriteAsync([1]));
        Assert.Equal(0, await line.Transport.ReadAsync(new byte[1], default));
    });

    [Fact]
    public void A_delayed_write_that_fails_fails_the_next() => Pump.Run(async time =>
    {
        await using ChaosLineRig line = new(time, toDevice: true, new LineChaos { Delay = Milliseconds(10) }, Seed);
        await line.WriteAsync([1]);
        await line.CloseInnerAsync();
        await line.PassAsync(50);
        Assert.IsType<LinkException>((await Assert.ThrowsAsync<LinkException>(() => line.WriteAsync([2]))).InnerException);
    });

    [Fact]
    public void The_end_of_the_line_comes_behind_what_is_delayed() => Pump.Run(async time =>
    {
        await using ChaosLineRig line = new(time, toDevice: false, new LineChaos { Delay = Milliseconds(100) }, Seed);
        await line.WriteAsync([1]);
        await line.PassAsync(10);
        await line.CloseInnerAsync();
        await line.PassAsync(50);
        Assert.False(line.HasEnded);
        await line.PassAsync(50);
        Assert.Equal((true, 100), (line.HasEnded, line.Came[0].AtMilliseconds));
    });

    [Fact]
    public void Disposing_ends_a_reading_and_may_be_repeated() => Pump.Run(async time =>
    {
        ChaosLineRig line = new(time, toDevice: true, new LineChaos { Delay = Milliseconds(10) }, Seed);
        ValueTask<int> reading = line.Transport.ReadAsync(new byte[10], default);
        await line.WriteAsync([1]);
        await line.DisposeAsync();
        await line.DisposeAsync();
        Assert.Equal(0, await reading);
        await line.PassAsync(50);
        Assert.Empty(line.Came);
        await Assert.ThrowsAsync<LinkException>(() => line.WriteAsync([2]));
    });

    [Fact]
    public void A_reading_can_be_cancelled_and_loses_nothing() => Pump.Run(async time =>
    {
        await using ChaosLineRig line = new(time, toDevice: true, new LineChaos(), Seed);
        using CancellationTokenSource patience = new(Milliseconds(10), time);
        byte[] buffer = new byte[1];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await line.Transport.ReadAsync(buffer, patience.Token));
        await line.FarEnd.WriteAsync(new byte[] { 9 }, default);
        Assert.Equal((1, 9), (await line.Transport.ReadAsync(buffer, default), buffer[0]));
    });

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    // Within five standard deviations of a count of independent chances.
    private static void AssertNear(double expected, long actual, int total)
    {
        double deviation = Math.Sqrt(expected * (1 - (expected / total)));
        Assert.InRange(actual, expected - (5 * deviation), expected + (5 * deviation));
    }

    private static void Run(bool toDevice, LineChaos chaos, Func<ChaosLineRig, Task> act, int seed = Seed) => Pump.Run(async time =>
    {
        await using ChaosLineRig line = new(time, toDevice, chaos, seed);
        await act(line);
    });
}

/// <summary>One direction of a bad line, written at one end and read at the other.</summary>
internal sealed class ChaosLineRig : IAsyncDisposable
{
    private readonly ManualTime time;
    private readonly bool toDevice;
    private readonly ITransport from;
    private readonly Task reading;

    public ChaosLineRig(ManualTime time, bool toDevice, LineChaos chaos, int seed)
    {
        this.time = time;
        this.toDevice = toDevice;
        (InMemoryTransport host, InMemoryTransport device) = InMemoryTransport.CreatePair();
        Transport = new ChaosTransport(host, ChaosPlan.Calm, seed, time);
        FarEnd = device;
        Chaos = chaos;
        from = toDevice ? Transport : device;
        reading = toDevice ? ReadAsync(device) : ReadAsync(Transport);
    }

    public ChaosTransport Transport { get; }

    public InMemoryTransport FarEnd { get; }

    /// <summary>What came out, and when.</summary>
    public List<(long AtMilliseconds, byte[] Bytes)> Came { get; } = [];

    /// <summary>Whether the reading end has been told that nothing follows.</summary>
    public bool HasEnded => reading.IsCompleted;

    /// <summary>What is done to this direction.</summary>
    public LineChaos Chaos
    {
        set => Transport.Plan = toDevice ? ChaosPlan.Calm with { ToDevice = value } : ChaosPlan.Calm with { ToHost = value };
    }

    public ChaosCounts Counts => toDevice ? Transport.ToDeviceCounts : Transport.ToHostCounts;

    public async Task WriteAsync(byte[] bytes) => await from.WriteAsync(bytes, default);

    public Task PassAsync(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time);

    public async Task CloseInnerAsync() => await FarEnd.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await Transport.DisposeAsync();
        await FarEnd.DisposeAsync();
        await reading;
    }

    private async Task ReadAsync(ITransport end)
    {
        byte[] buffer = new byte[1024];
        for (int count; (count = await end.ReadAsync(buffer, default)) > 0;)
        {
            Came.Add(((long)time.Elapsed.TotalMilliseconds, buffer[..count]));
        }
    }
}
