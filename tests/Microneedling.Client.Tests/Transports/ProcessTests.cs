using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Transports;

/// <summary>What transports take of the process: no descriptors that stay, no thread of the pool.</summary>
[Collection(Alone.Name)]
public class ProcessTests(ITestOutputHelper output)
{
    /// <summary>What the runtime may open meanwhile for itself.</summary>
    private const int OfOthers = 20;

    private const int RoundTrips = 100;

    private static readonly TimeSpan LongestForAllRoundTrips = TimeSpan.FromSeconds(2);

    [UnixFact]
    public Task Five_hundred_serial_ports_opened_and_closed_leave_no_descriptor() => LeavesNoDescriptor(new SerialPeer());

    [UnixFact]
    public Task Five_hundred_connections_opened_and_closed_leave_no_descriptor() => LeavesNoDescriptor(new TcpPeer());

    [UnixFact]
    public async Task Five_hundred_refusals_leave_no_descriptor()
    {
        await RefuseAsync(10);
        int before = CountDescriptors();
        await RefuseAsync(500);
        Assert.InRange(CountDescriptors(), 0, before + OfOthers);

        static async Task RefuseAsync(int times)
        {
            TransportRegistry registry = TransportRegistry.CreateStandard();
            for (int time = 0; time < times; time++)
            {
                await Assert.ThrowsAsync<LinkException>(() => registry.OpenAsync("serial:/dev/null"));
            }
        }
    }

    [UnixFact]
    public Task A_starved_thread_pool_delays_no_byte_of_a_serial_port() => WorksInAStarvedPool(new SerialPeer());

    [UnixFact]
    public Task A_starved_thread_pool_delays_no_byte_of_a_connection() => WorksInAStarvedPool(new TcpPeer());

    private static int CountDescriptors() => Directory.GetFileSystemEntries("/dev/fd").Length;

    private static async Task LeavesNoDescriptor(Peer peer)
    {
        using (peer)
        {
            await OpenAndCloseAsync(10);
            int before = CountDescriptors();
            await OpenAndCloseAsync(500);
            Assert.InRange(CountDescriptors(), 0, before + OfOthers);
        }

        async Task OpenAndCloseAsync(int times)
        {
            for (int time = 0; time < times; time++)
            {
                await using ITransport transport = await peer.OpenAsync();
                await transport.WriteAsync(new byte[] { 1 }, default);
            }
        }
    }

    private async Task WorksInAStarvedPool(Peer peer)
    {
        using (peer)
        {
            ITransport transport = await peer.OpenAsync();
            Thread echo = new(() =>
            {
                byte[] buffer = new byte[1];
                for (int trip = 0; trip < RoundTrips; trip++)
                {
                    peer.Read(buffer);
                    peer.Write(buffer);
                }
            })
            {
                IsBackground = true,
            };
            echo.Start();

            (TimeSpan duration, TimeSpan closing) = (default, default);
            Thread driver = new(() => OneThread.Run(async () =>
            {
                Stopwatch watch = Stopwatch.StartNew();
                byte[] buffer = new byte[1];
                for (byte trip = 0; trip < RoundTrips; trip++)
                {
                    await transport.WriteAsync(new[] { trip }, default);
                    Assert.Equal(1, await transport.ReadAsync(buffer, default));
                    Assert.Equal(trip, buffer[0]);
                }

                duration = watch.Elapsed;
                ValueTask<int> reading = transport.ReadAsync(buffer, default);
                await transport.DisposeAsync();
                Assert.Equal(0, await reading);
                closing = watch.Elapsed - duration;
            }))
            {
                IsBackground = true,
            };
            using (new StarvedPool())
            {
                driver.Start();
                Assert.True(driver.Join(Peer.Patience), "The pool's threads were waited for.");
            }

            output.WriteLine($"{RoundTrips} round trips took {duration.TotalMilliseconds:0.0} ms, closing {closing.TotalMilliseconds:0.0} ms.");
            Assert.InRange(duration, TimeSpan.FromTicks(1), LongestForAllRoundTrips);
            Assert.InRange(closing, TimeSpan.FromTicks(1), LongestForAllRoundTrips);
        }
    }

    /// <summary>Every thread of the pool is blocked, and those that it adds meanwhile too.</summary>
    private sealed class StarvedPool : IDisposable
    {
        private readonly ManualResetEventSlim release = new();
        private readonly CountdownEvent blocked;
        private readonly CountdownEvent leaving;

        public StarvedPool()
        {
            ThreadPool.GetMinThreads(out int threads, out _);
            int blockers = threads + 100;
            blocked = new CountdownEvent(threads);
            leaving = new CountdownEvent(blockers);
            for (int blocker = 0; blocker < blockers; blocker++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ => Block(), null);
            }

            Assert.True(blocked.Wait(Peer.Patience));
        }

        public void Dispose()
        {
            release.Set();
            leaving.Wait();
            release.Dispose();
            blocked.Dispose();
            leaving.Dispose();
        }

        private void Block()
        {
            if (!blocked.IsSet)
            {
                try
                {
                    blocked.Signal();
                }
                catch (InvalidOperationException)
                {
                    // One more than the pool began with.
                }
            }

            release.Wait();
            leaving.Signal();
        }
    }

    /// <summary>The context of a driver with a thread of its own.</summary>
    private sealed class OneThread : SynchronizationContext
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> queue = [];

        public static void Run(Func<Task> body)
        {
            OneThread context = new();
            SetSynchronizationContext(context);
            Task task = body();
            task.ContinueWith(_ => context.queue.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            foreach ((SendOrPostCallback callback, object? state) in context.queue.GetConsumingEnumerable())
            {
                callback(state);
            }

            task.GetAwaiter().GetResult();
        }

        public override void Post(SendOrPostCallback d, object? state) => queue.Add((d, state));
    }
}
