using System.Text;
using System.Text.RegularExpressions;
using Microneedling.Client.Inspection;
using Microneedling.Protocol;
using Microneedling.Simulator;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Inspection;

/// <summary>A trace tells all of a line and takes nothing from it.</summary>
public partial class TracingTransportTests(ITestOutputHelper output)
{
    private static readonly byte[] Home = Frame(new EmptyMessage(MessageId.Home), 1001);
    private static readonly byte[] Accepted = Frame(new EmptyMessage(MessageId.Accepted), 42, 1001);

    [Fact]
    public void Frames_of_both_directions_are_lines_with_their_time() => Traced(async line =>
    {
        await line.Traced.WriteAsync(Home, default);
        await Task.Delay(TimeSpan.FromMilliseconds(12), line.Time);
        await line.ReceiveAsync(Accepted[..5]);
        await Task.Delay(TimeSpan.FromMilliseconds(3), line.Time);
        await line.ReceiveAsync(Accepted[5..]);
        Assert.Equal(
            """
            # memory:, 2030-01-01 00:00:00.000Z; milliseconds since then; > to the device, < from it
                   0.0 > #01001 Home
                  15.0 < #00042 Accepted to #01001

            """,
            await line.CloseAsync());
    });

    [Fact]
    public void A_stop_is_told_where_it_came_in_the_middle_of_a_frame_too() => Traced(async line =>
    {
        await line.Traced.WriteAsync(Home.AsMemory(0, 4), default);
        await line.Traced.WriteUrgentAsync(Framing.Stop, default);
        await line.Traced.WriteAsync(Home.AsMemory(4), default);
        Assert.Equal(["STOP", "#01001 Home"], Told(await line.CloseAsync()));
    });

    [Fact]
    public void What_is_damaged_is_shown_as_its_bytes_and_the_next_frame_is_read() => Traced(async line =>
    {
        await line.ReceiveAsync([0x65, 0x74, 0x73, .. Accepted, .. Accepted[..5], 0x00, .. Accepted[5..], .. Accepted, 0x7D, 0x01]);
        string damaged = string.Join(' ', Accepted[1..5].Concat([(byte)0]).Concat(Accepted[5..^1]).Select(value => $"{value:X2}"));
        Assert.Equal(
            ["outside a frame 3 bytes: 65 74 73", "#00042 Accepted to #01001", $"damaged {Accepted.Length - 1} bytes: {damaged}", "#00042 Accepted to #01001", "unfinished 2 bytes: 7D 01"],
            Told(await line.CloseAsync()));
    });

    [Fact]
    public void Trace_is_written_out_and_closed_although_the_transport_fails_to_close() => Pump.Run(async time =>
    {
        using StringWriter text = new();
        TracingTransport traced = new(new UnclosableTransport(), text, time, _ => { });
        await traced.WriteAsync(Home, default);
        await Assert.ThrowsAsync<IOException>(() => traced.DisposeAsync().AsTask());
        Assert.Contains("#01001 Home", text.ToString(), StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => text.Write('x'));
    });

    [Fact]
    public void Endless_garbage_is_shown_in_part() => Traced(async line =>
    {
        await line.ReceiveAsync([Framing.Flag, .. Enumerable.Repeat((byte)0x55, 5000), .. Accepted]);
        string told = Told(await line.CloseAsync())[0];
        Assert.StartsWith("damaged 5000 bytes: 55 55", told, StringComparison.Ordinal);
        Assert.EndsWith("55 …", told, StringComparison.Ordinal);
        Assert.InRange(told.Length, 100, 500);
    });

    [Fact]
    public void A_writer_that_fails_is_switched_off_said_once_and_the_link_goes_on() => Traced(
        async line =>
        {
            for (int i = 0; i < 5; i++)
            {
                await line.Traced.WriteAsync(Home, default);
                await line.ReceiveAsync(Accepted);
                await Task.Delay(TimeSpan.FromMilliseconds(10), line.Time);
            }

            await line.Traced.DisposeAsync();
            Assert.Equal("The trace cannot be written and ends here; the device is not affected. (The disk is full.)", Assert.Single(line.Said));
            Assert.Equal(5 * Home.Length, line.ArrivedAtDevice());
        },
        new BrokenWriter());

    [Fact]
    public void A_writer_that_stands_still_delays_nothing_and_what_it_missed_is_counted()
    {
        StuckWriter writer = new();
        Traced(
            async line =>
            {
                for (int i = 0; i < 3000; i++)
                {
                    await line.Traced.WriteAsync(Home, default);
                }

                Assert.Equal(TimeSpan.Zero, line.Time.Elapsed);
                Assert.Equal(3000 * Home.Length, line.ArrivedAtDevice());
                writer.Release();
                string trace = await line.CloseAsync(writer);
                int told = Told(trace).Count(text => text == "#01001 Home");
                Assert.InRange(told, 1024, 1100);
                Assert.Contains($"# {3000 - told} reads and writes are missing near here", trace, StringComparison.Ordinal);
            },
            writer);
    }

    [Fact]
    public void Closing_waits_a_second_at_most_for_a_writer_that_stands_still() => Traced(
        async line =>
        {
            await line.Traced.WriteAsync(Home, default);
            await Task.Delay(TimeSpan.FromMilliseconds(1), line.Time);
            TimeSpan before = line.Time.Elapsed;
            await line.Traced.DisposeAsync();
            Assert.Equal(TimeSpan.FromSeconds(1), line.Time.Elapsed - before);
        },
        new StuckWriter());

    [Fact]
    public async Task A_file_is_made_anew_and_may_be_read_while_it_is_written()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(path, "old");
        try
        {
            (InMemoryTransport host, _) = InMemoryTransport.CreatePair();
            await using (TracingTransport traced = TracingTransport.ToFile(host, path, output.WriteLine))
            {
                await traced.WriteAsync(Home, default);
                await using FileStream reading = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                Assert.True(reading.CanRead);
            }

            Assert.Equal(["#01001 Home"], Told(await File.ReadAllTextAsync(path)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_treatment_of_the_simulated_device_stands_in_its_trace() => VirtualTime.Run(new() { Seed = 1 }, async (time, device) =>
    {
        StringWriter writer = new();
        device.Bench.SeatCartridge();
        TracingTransport traced = new(device.Connect(), writer, time, output.WriteLine);
        await using (DeviceClient client = await DeviceClient.ConnectAsync(traced, time))
        {
            await client.WaitForAsync(status => status.State == DeviceState.Unhomed, TimeSpan.FromSeconds(5));
            await client.HomeAsync();
            await client.WaitForAsync(status => status.State == DeviceState.Parked, TimeSpan.FromSeconds(10));
            TreatmentRequest request = new(Depth.FromMillimeters(0.5), Depth.FromMillimeters(1.0), StrokeRate.FromStrokesPerSecond(60));
            await client.ArmAsync(await client.ConfigureAsync(request));
            await client.WaitForAsync(status => status.State == DeviceState.Armed, TimeSpan.FromSeconds(5));
            await time.Delay(TimeSpan.FromMilliseconds(200));
            await client.StopAsync();
        }

        string trace = writer.ToString();
        output.WriteLine(trace.Length > 6000 ? trace[..6000] : trace);
        string[] told = Told(trace);
        string[] patterns =
        [
            @"^#\d+ HelloRequest protocol major 1", @"^#\d+ HelloReply to #\d+ .* link timeout 500 ms", @"^#----- Heartbeat", @"^#\d+ EventsAvailable",
            @"^#\d+ Status .*state Unhomed", @"^#\d+ Home$", @"^#\d+ Accepted to", @"^#\d+ ConfigureTreatment depth 500 µm", @"^#\d+ TreatmentAccepted to .* token \d+",
            @"^#\d+ Arm token", @"^#\d+ Event .*\(Now armed, was parked\.\)", "^STOP$", @"^#\d+ Stop$", @"^#\d+ Accepted to",
        ];
        int at = 0;
        foreach (string pattern in patterns)
        {
            int found = Array.FindIndex(told, at, text => Regex.IsMatch(text, pattern));
            Assert.True(found >= 0, $"'{pattern}' does not come after line {at}.");
            at = found + 1;
        }

        Assert.DoesNotContain(told, text => text.StartsWith("damaged", StringComparison.Ordinal));
    });

    private static string[] Told(string trace) => [.. Body().Matches(trace).Select(match => match.Groups["text"].Value)];

    private static void Traced(Func<TracedLine, Task> body, TextWriter? writer = null) => Pump.Run(async time =>
    {
        TracedLine line = new(time, writer ?? new StringWriter());
        await body(line);
        await line.Traced.DisposeAsync();
    });

    private static byte[] Frame(Message message, ushort sequence, ushort replyTo = 0)
    {
        byte[] target = new byte[Framing.MaximumFrameLength];
        return target[..new FrameEncoder().Encode(message, sequence, replyTo, target)];
    }

    [GeneratedRegex(@"^ *\d+\.\d [<>] (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Body();

    /// <summary>A traced line within the process.</summary>
    private sealed class TracedLine
    {
        private readonly InMemoryTransport device;
        private readonly TextWriter writer;

        public TracedLine(ManualTime time, TextWriter writer)
        {
            (InMemoryTransport host, device) = InMemoryTransport.CreatePair();
            this.writer = writer;
            Time = time;
            Traced = new TracingTransport(host, writer, time, Said.Add);
        }

        public ManualTime Time { get; }

        public TracingTransport Traced { get; }

        public List<string> Said { get; } = [];

        /// <summary>The device sends, the host reads it all.</summary>
        public async Task ReceiveAsync(byte[] bytes)
        {
            await device.WriteAsync(bytes, default);
            byte[] buffer = new byte[1000];
            for (int read = 0; read < bytes.Length;)
            {
                read += await Traced.ReadAsync(buffer, default);
            }
        }

        /// <summary>Bytes that wait at the device's end.</summary>
        public int ArrivedAtDevice()
        {
            byte[] buffer = new byte[100_000];
            int arrived = 0;
            for (ValueTask<int> reading = device.ReadAsync(buffer, default); reading.IsCompleted; reading = device.ReadAsync(buffer, default))
            {
                int count = reading.Result;
                if (count == 0)
                {
                    break;
                }

                arrived += count;
            }

            return arrived;
        }

        public async Task<string> CloseAsync(StuckWriter? stuck = null)
        {
            await Traced.DisposeAsync();
            Assert.Empty(Said);
            return stuck?.Text ?? writer.ToString()!;
        }
    }

    private sealed class UnclosableTransport : ITransport
    {
        public string Name => "unclosable:";

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => ValueTask.FromResult(0);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => throw new IOException("This transport does not close.");
    }

    private sealed class BrokenWriter : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("The disk is full.");

        public override void Write(string? value) => throw new IOException("The disk is full.");
    }

    /// <summary>Takes lines and does not come back from the first flush before it is released.</summary>
    private sealed class StuckWriter : TextWriter
    {
        private readonly StringBuilder text = new();
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Encoding Encoding => Encoding.UTF8;

        public string Text => text.ToString();

        public void Release() => released.SetResult();

        public override void Write(char value) => text.Append(value);

        public override void Write(string? value) => text.Append(value);

        public override Task FlushAsync() => released.Task;
    }
}
