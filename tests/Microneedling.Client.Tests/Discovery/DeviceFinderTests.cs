using System.Text;
using Microneedling.Client.Discovery;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests.Discovery;

/// <summary>What a search finds, what it says about the rest, and that it leaves everything as it was.</summary>
public class DeviceFinderTests
{
    [Fact]
    public void Every_device_is_found_with_its_identity_in_the_order_of_the_ports() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 12345, device => device.LosesAnswerTo = Times(3));
        ports.PlugDevice(1, 7);
        ports.PlugDevice(2, 9, device => device.LosesAnswerTo = Times(1));
        SearchResult result = await ports.Finder.FindAsync();
        Assert.Equal(
            [(FakePorts.Usb(0), 12345u), (FakePorts.Usb(1), 7u), (FakePorts.Usb(2), 9u)],
            result.Devices.Select(device => (device.Address, device.Identity.SerialNumber)));
        Assert.All(result.Devices, device => Assert.Equal((new Version(3, 4, 5), FakePorts.Cp2102), (device.Identity.FirmwareVersion, device.Usb)));
        Assert.Empty(result.Others);
        Assert.Empty(result.SharedSerialNumbers);
    });

    [Fact]
    public void Search_only_asks_and_leaves_every_port_closed() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 1);
        ports.PlugDevice(1, 2, device => device.Hello.ProtocolMajor = 2);
        ports.PlugDevice(2, 3, device => device.IsDead = true);
        await ports.Finder.FindAsync();
        Assert.Empty(ports.Open);
        await Task.Delay(TimeSpan.FromMilliseconds(1), time);
        Assert.All(ports.Devices, device => Assert.True(device.Listening.IsCompleted));
        Assert.Empty(ports.Told.Except([MessageId.HelloRequest, MessageId.Heartbeat, MessageId.EventsRequest, MessageId.StatusRequest, MessageId.TimeRequest]));
        Assert.Contains(MessageId.HelloRequest, ports.Told);
        Assert.All(ports.Devices, device => Assert.Empty(device.StopBytes));
    });

    [Theory]
    [InlineData(0, "Update the firmware.")]
    [InlineData(2, "Update this program.")]
    public void Device_of_another_version_is_named_with_the_side_to_update(byte major, string advice) => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 1, device => device.Hello.ProtocolMajor = major);
        PortWithoutDevice port = await OnlyProblemAsync(ports);
        Assert.Equal((PortProblem.Refused, FakePorts.Usb(0), FakePorts.Cp2102), (port.Problem, port.Address, port.Usb));
        Assert.EndsWith(advice, port.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Silent_port_is_given_up_after_three_seconds() => Run(async (time, ports) =>
    {
        ports.Plug(0, () => FakePorts.Talker(_ => []));
        PortWithoutDevice port = await OnlyProblemAsync(ports);
        Assert.Equal(PortProblem.Silent, port.Problem);
        Assert.Equal(TimeSpan.FromSeconds(3), time.Elapsed);
        Assert.Empty(ports.Open);
    });

    [Fact]
    public void Another_instrument_that_answers_is_told_from_a_silent_one() => Run(async (time, ports) =>
    {
        ports.Plug(0, () => FakePorts.Talker(_ => Encoding.ASCII.GetBytes("ERROR: unknown command ~~~\r\n")));
        PortWithoutDevice port = await OnlyProblemAsync(ports);
        Assert.Equal(PortProblem.Unintelligible, port.Problem);
        Assert.Contains("another instrument", port.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Random_noise_is_no_device() => Run(async (time, ports) =>
    {
        Random random = new(4711);
        ports.Plug(0, () => FakePorts.Talker(_ =>
        {
            byte[] noise = new byte[random.Next(1, 500)];
            random.NextBytes(noise);
            return noise;
        }));
        Assert.Equal(PortProblem.Unintelligible, (await OnlyProblemAsync(ports)).Problem);
    });

    [Fact]
    public void Port_that_is_looped_to_itself_is_recognised_by_our_own_greeting() => Run(async (time, ports) =>
    {
        ports.Plug(0, () => FakePorts.Talker(bytes => bytes));
        PortWithoutDevice port = await OnlyProblemAsync(ports);
        Assert.Equal(PortProblem.Echo, port.Problem);
        Assert.Contains("looped", port.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Device_that_talks_before_it_answers_is_found() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 5, device =>
        {
            _ = device.SendBytesAsync(Encoding.ASCII.GetBytes("rst:0x1 (POWERON),boot:0x8 (SPI_FAST_FLASH_BOOT)\r\n"));
            device.LosesAnswerTo = Times(12);
        });
        Assert.Equal(5u, Assert.Single((await ports.Finder.FindAsync()).Devices).Identity.SerialNumber);
    });

    [Fact]
    public void Port_in_use_keeps_its_user_and_says_so() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 1);
        ITransport user = await ports.OpenAsync(FakePorts.Usb(0), CancellationToken.None);
        PortWithoutDevice port = await OnlyProblemAsync(ports);
        Assert.Equal((PortProblem.NotUsable, $"{FakePorts.Usb(0)} is in use by another program. Close it there."), (port.Problem, port.Message));
        Assert.Equal([FakePorts.Usb(0)], ports.Open);
        Assert.Empty(ports.Devices.Single().Frames);
        await user.DisposeAsync();
    });

    [Fact]
    public void Whatever_opening_throws_is_a_finding() => Run(async (time, ports) =>
    {
        ports.Plug(0, _ => throw new UnauthorizedAccessException("Access to the port is denied."));
        ports.Plug(1, _ => Task.FromException<ITransport>(new IOException("No such device.")));
        ports.Plug(2, _ => Task.FromException<ITransport>(new InvalidOperationException("Surprise.")));
        ports.PlugDevice(3, 9);
        SearchResult result = await ports.Finder.FindAsync();
        Assert.Equal(9u, Assert.Single(result.Devices).Identity.SerialNumber);
        Assert.Equal(
            [
                "The port could not be opened: Access to the port is denied.",
                "The port could not be opened: No such device.",
                "The port could not be opened: Surprise.",
            ],
            result.Others.Select(port => port.Message));
        Assert.All(result.Others, port => Assert.Equal(PortProblem.NotUsable, port.Problem));
    });

    [Fact]
    public void Port_that_is_unplugged_while_it_is_asked_is_told_from_a_silent_one() => Run(async (time, ports) =>
    {
        (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
        ports.Plug(0, () => host);
        Task<SearchResult> searching = ports.Finder.FindAsync();
        await Task.Delay(TimeSpan.FromSeconds(1), time);
        await line.DisposeAsync();
        PortWithoutDevice port = Assert.Single((await searching).Others);
        Assert.Equal(PortProblem.NotUsable, port.Problem);
        Assert.Contains("closed while it was asked", port.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), time.Elapsed);
    });

    [Fact]
    public void Silent_ports_do_not_delay_the_others() => Run(async (time, ports) =>
    {
        TimeSpan answered = TimeSpan.MaxValue;
        ports.Plug(0, () => FakePorts.Talker(_ => []));
        ports.Plug(1, () => FakePorts.Talker(_ => []));
        for (int number = 2; number < 9; number++)
        {
            ports.PlugDevice(number, (uint)number, device => device.LosesAnswerTo = _ =>
            {
                answered = time.Elapsed;
                return false;
            });
        }

        SearchResult result = await ports.Finder.FindAsync();
        Assert.Equal([2u, 3, 4, 5, 6, 7, 8], result.Devices.Select(device => device.Identity.SerialNumber));
        Assert.Equal(TimeSpan.Zero, answered);
        Assert.Equal(TimeSpan.FromSeconds(3), time.Elapsed);
    });

    [Fact]
    public void Only_a_few_ports_are_open_at_a_time() => Run(async (time, ports) =>
    {
        for (int number = 0; number < 9; number++)
        {
            ports.Plug(number, () => FakePorts.Talker(_ => []));
        }

        SearchResult result = await ports.Finder.FindAsync();
        Assert.Equal(9, result.Others.Count);
        Assert.Equal(DeviceFinder.AtATime, ports.MostAtOnce);
        Assert.Equal([0, 0, 0, 0, 3, 3, 3, 3, 6], ports.AskedAt.Select(at => (int)at.TotalSeconds));
    });

    [Fact]
    public void Port_whose_opening_hangs_is_left_to_itself_and_closed_when_it_opens_after_all() => Run(async (time, ports) =>
    {
        TaskCompletionSource<ITransport> opening = new();
        ports.Plug(0, _ => opening.Task);
        PortWithoutDevice port = await OnlyProblemAsync(ports);
        Assert.Equal(PortProblem.Stuck, port.Problem);
        Assert.Equal(DeviceFinder.Patience + DeviceFinder.ClosingPatience, time.Elapsed);

        opening.SetResult(ports.Device(1));
        await Task.Delay(TimeSpan.FromSeconds(1), time);
        Assert.Empty(ports.Open);
        Assert.True(ports.Devices.Single().Listening.IsCompleted);
        Assert.Empty(ports.Devices.Single().Frames);
    });

    [Fact]
    public void Slow_opening_that_can_be_given_up_is_given_up() => Run(async (time, ports) =>
    {
        ports.Plug(0, async cancellationToken =>
        {
            await Task.Delay(TimeSpan.FromMinutes(1), time, cancellationToken);
            return ports.Device(1);
        });
        Assert.Equal(PortProblem.Stuck, (await OnlyProblemAsync(ports)).Problem);
        Assert.Equal(DeviceFinder.Patience, time.Elapsed);
    });

    [Fact]
    public void Port_that_does_not_close_is_not_waited_for_and_its_device_not_offered() => Run(async (time, ports) =>
    {
        ports.Plug(0, () => new UnclosableTransport(FakePorts.Talker(_ => [])));
        ports.Plug(1, () => new UnclosableTransport(ports.Device(7)));
        ports.PlugDevice(2, 9);
        SearchResult result = await ports.Finder.FindAsync();
        Assert.Equal([PortProblem.Stuck, PortProblem.Stuck], result.Others.Select(port => port.Problem));
        Assert.Equal(9u, Assert.Single(result.Devices).Identity.SerialNumber);
        Assert.InRange(time.Elapsed, TimeSpan.FromSeconds(3), DeviceFinder.Patience + DeviceFinder.ClosingPatience);
    });

    [Fact]
    public void Cancelling_ends_the_search_at_once_and_closes_every_port() => Run(async (time, ports) =>
    {
        for (int number = 0; number < 6; number++)
        {
            ports.Plug(number, () => FakePorts.Talker(_ => []));
        }

        using CancellationTokenSource cancelling = new(TimeSpan.FromSeconds(1), time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ports.Finder.FindAsync(cancellationToken: cancelling.Token));
        Assert.Equal(TimeSpan.FromSeconds(1), time.Elapsed);
        Assert.Equal(DeviceFinder.AtATime, ports.Asked.Count);
        Assert.Empty(ports.Open);
    });

    [Fact]
    public void Cancelling_does_not_wait_for_a_port_that_hangs() => Run(async (time, ports) =>
    {
        ports.Plug(0, _ => new TaskCompletionSource<ITransport>().Task);
        using CancellationTokenSource cancelling = new(TimeSpan.FromSeconds(1), time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ports.Finder.FindAsync(cancellationToken: cancelling.Token));
        Assert.Equal(TimeSpan.FromSeconds(1) + DeviceFinder.ClosingPatience, time.Elapsed);
    });

    [Fact]
    public void Unlikely_ports_are_asked_only_on_request() => Run(async (time, ports) =>
    {
        ports.Plug("/dev/ttyS0", _ => Task.FromResult(ports.Device(1)), null);
        ports.Plug("/dev/ttyACM0", _ => Task.FromResult(ports.Device(2)), new UsbIdentity(0x2341, 0x0043));
        ports.PlugDevice(0, 3);
        SearchResult likely = await ports.Finder.FindAsync();
        Assert.Equal([3u], likely.Devices.Select(device => device.Identity.SerialNumber));
        Assert.Equal(["/dev/ttyS0", "/dev/ttyACM0"], likely.NotAsked.Select(port => port.Path));
        Assert.Equal([FakePorts.Usb(0)], ports.Asked);

        SearchResult all = await ports.Finder.FindAsync(allPorts: true);
        Assert.Equal([1u, 2, 3], all.Devices.Select(device => device.Identity.SerialNumber));
        Assert.Empty(all.NotAsked);
    });

    [Fact]
    public void Given_addresses_are_asked_once_each_after_the_ports() => Run(async (time, ports) =>
    {
        ports.Plug("/dev/ttyS0", _ => Task.FromResult(ports.Device(1)), null);
        ports.PlugDevice(0, 2);
        ports.Serve("tcp://10.0.0.5:7000", () => ports.Device(3));
        SearchResult result = await ports.Finder.FindAsync(addresses: ["tcp://10.0.0.5:7000", "serial:/dev/ttyS0", FakePorts.Usb(0), "tcp://10.0.0.5:7000"]);
        Assert.Equal(
            ["serial:/dev/ttyS0", FakePorts.Usb(0), "tcp://10.0.0.5:7000"],
            result.Devices.Select(device => device.Address));
        Assert.Equal(3, ports.Asked.Count);
        Assert.Empty(result.NotAsked);
    });

    [Fact]
    public void Two_devices_with_one_serial_number_are_both_shown_and_named_as_such() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 12345);
        ports.PlugDevice(1, 7);
        ports.PlugDevice(2, 12345);
        SearchResult result = await ports.Finder.FindAsync();
        Assert.Equal(3, result.Devices.Count);
        SharedSerialNumber shared = Assert.Single(result.SharedSerialNumbers);
        Assert.Equal(12345u, shared.SerialNumber);
        Assert.Equal([FakePorts.Usb(0), FakePorts.Usb(2)], shared.Devices.Select(device => device.Address));
        Assert.StartsWith($"Device 12345 answers at {FakePorts.Usb(0)} and at {FakePorts.Usb(2)}.", shared.Message, StringComparison.Ordinal);
        LinkException refusal = Assert.Throws<LinkException>(() => result.The(12345));
        Assert.Equal((shared.Message, false), (refusal.Message, refusal.IsTransient));
        Assert.Equal(FakePorts.Usb(1), result.The(7).Address);
    });

    [Fact]
    public void Devices_without_a_serial_number_do_not_share_one() => Run(async (time, ports) =>
    {
        ports.PlugDevice(0, 0);
        ports.PlugDevice(1, 0);
        SearchResult result = await ports.Finder.FindAsync();
        Assert.Equal(2, result.Devices.Count);
        Assert.Empty(result.SharedSerialNumbers);
        Assert.Contains($"a device without a serial number at {FakePorts.Usb(0)}", Assert.Throws<LinkException>(() => result.The(7)).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Computer_without_ports_has_no_devices() => Run(async (time, ports) =>
    {
        SearchResult result = await ports.Finder.FindAsync();
        Assert.Empty(result.Findings);
        Assert.Equal(TimeSpan.Zero, time.Elapsed);
    });

    [Fact]
    public Task Driver_that_blocks_its_thread_while_opening_delays_neither_the_caller_nor_the_other_ports() => Task.Run(async () =>
    {
        using ManualResetEventSlim isBlocked = new();
        using ManualResetEventSlim release = new();
        TransportRegistry transports = new TransportRegistry()
            .Add("stuck", (_, _) =>
            {
                isBlocked.Set();
                release.Wait(CancellationToken.None);
                throw new LinkException("Too late.", isTransient: true);
            })
            .Add("serial", (_, _) =>
            {
                isBlocked.Wait(CancellationToken.None);
                (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
                FakeDevice device = new(line, new ManualTime());
                _ = device.Listening.ContinueWith(_ => release.Set(), TaskScheduler.Default);
                return Task.FromResult<ITransport>(host);
            });

        // The stuck port opens only after the device on the other one has been greeted and left.
        DeviceFinder finder = new(transports, () => [SerialPortInfo.At("/dev/ttyUSB0", FakePorts.Cp2102)]);
        SearchResult result = await finder.FindAsync(addresses: ["stuck:"]);
        Assert.Single(result.Devices);
        Assert.Equal("Too late.", Assert.Single(result.Others).Message);
    });

    private static void Run(Func<ManualTime, FakePorts, Task> body) => Pump.Run(time => body(time, new FakePorts(time)));

    private static async Task<PortWithoutDevice> OnlyProblemAsync(FakePorts ports)
    {
        SearchResult result = await ports.Finder.FindAsync();
        Assert.Empty(result.Devices);
        return Assert.Single(result.Others);
    }

    private static Func<MessageId, bool> Times(int count) => _ => count-- > 0;

    private sealed class UnclosableTransport(ITransport inner) : ITransport
    {
        public string Name => inner.Name;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReadAsync(buffer, cancellationToken);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => inner.WriteAsync(bytes, cancellationToken);

        public ValueTask DisposeAsync() => new(new TaskCompletionSource().Task);
    }
}
