// The simulated device as a host meets it: the real firmware behind a transport.

using System.Reflection;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Simulator;
using Microneedling.Testing;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class SimulatedDeviceTests
{
    [Fact]
    public void The_firmware_answers_a_greeting_over_the_transport_in_virtual_time() =>
        VirtualTime.Run(new BoardOptions(), async (time, device) =>
        {
            await using ITransport transport = device.Connect();
            Assert.Equal("sim:", transport.Name);
            Assert.Equal(ProtocolVersion.Major, (await GreetAsync(transport, time)).ProtocolMajor);
        });

    [Fact]
    public async Task The_firmware_answers_a_greeting_over_the_transport_in_real_time()
    {
        await using SimulatedDevice device = SimulatedDevice.StartInRealTime();
        await using ITransport transport = device.Connect();
        Assert.Equal(ProtocolVersion.Major, (await GreetAsync(transport, TimeProvider.System)).ProtocolMajor);
    }

    [Fact]
    public void Only_one_host_is_connected_at_a_time_and_the_next_one_may_come_when_it_has_gone() =>
        VirtualTime.Run(new BoardOptions(), async (time, device) =>
        {
            ITransport first = device.Connect();
            LinkException refused = Assert.Throws<LinkException>(device.Connect);
            Assert.Contains("Close that connection", refused.Message, StringComparison.Ordinal);
            await first.DisposeAsync();

            await using ITransport second = device.Connect();
            await GreetAsync(second, time);
            await Assert.ThrowsAsync<LinkException>(async () => await first.WriteAsync(new byte[] { 1 }, CancellationToken.None));
            Assert.Equal(0, await first.ReadAsync(new byte[8], CancellationToken.None));
        });

    [Fact]
    public void A_read_that_waits_ends_with_zero_when_the_transport_is_closed_and_with_cancellation_when_cancelled() =>
        VirtualTime.Run(new BoardOptions(), async (time, device) =>
        {
            device.PowerOff();
            ITransport transport = device.Connect();
            using CancellationTokenSource cancelled = new(TimeSpan.FromMilliseconds(10), time);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await transport.ReadAsync(new byte[8], cancelled.Token));

            ValueTask<int> reading = transport.ReadAsync(new byte[8], CancellationToken.None);
            await time.Delay(TimeSpan.FromMilliseconds(10));
            await transport.DisposeAsync();
            Assert.Equal(0, await reading);
        });

    [Fact]
    public void Switching_off_and_on_starts_the_firmware_anew_under_another_boot_id() =>
        VirtualTime.Run(new BoardOptions(), async (time, device) =>
        {
            await using ITransport transport = device.Connect();
            uint first = (await GreetAsync(transport, time)).BootId;
            device.PowerOff();
            await time.Delay(TimeSpan.FromSeconds(1));
            device.PowerOn();
            Assert.NotEqual(first, (await GreetAsync(transport, time)).BootId);
        });

    [Fact]
    public void The_rig_speaks_with_the_firmware_keeps_its_reports_and_names_what_is_missing()
    {
        List<string> printed = [];
        using FirmwareRig rig = new(new BoardOptions { Seed = 3 }, printed.Add);
        Assert.Equal(["Board seed 3."], printed);
        rig.Hello();
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.True(rig.Statuses.Count >= 4);
        rig.Request<EventsAvailable>(new EventsRequest { FirstNumber = 1 });
        rig.RunFor(TimeSpan.FromSeconds(1));
        Assert.Contains(rig.Events, report => report.Code == (ushort)EventCode.Started);
        Assert.NotEqual(RejectionReason.None, (RejectionReason)rig.Reject(new EmptyMessage(MessageId.Start)).Reason);
        Assert.Throws<InvalidOperationException>(() => rig.Accept(MessageId.Start));

        rig.Board.Serial.Cut = true;
        InvalidOperationException silence = Assert.Throws<InvalidOperationException>(() => rig.Status());
        Assert.Contains("StatusRequest was not answered", silence.Message, StringComparison.Ordinal);
        Assert.Contains("seed 3", silence.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_devices_in_one_process_share_nothing()
    {
        using FirmwareRig first = new(new BoardOptions { Seed = 1 });
        using FirmwareRig second = new(new BoardOptions { Seed = 2 });
        HelloReply firstIs = first.Hello();
        HelloReply secondIs = second.Hello();
        first.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(5));
        second.RunUntil(DeviceState.Unhomed, TimeSpan.FromSeconds(5));
        first.Accept(MessageId.Home);
        first.RunUntil(DeviceState.Parked, TimeSpan.FromSeconds(20));

        Assert.NotEqual(firstIs.BootId, secondIs.BootId);
        Assert.Equal((byte)DeviceState.Unhomed, second.Status().State);
    }

    [Fact]
    public void The_firmware_has_no_static_field_that_can_be_assigned_or_boards_would_share_it()
    {
        const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        string[] assignable = [.. typeof(Firmware.Program).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(Statics))
            .Where(field => field is { IsLiteral: false, IsInitOnly: false })
            .Select(field => $"{field.DeclaringType}.{field.Name}")];
        Assert.Empty(assignable);
    }

    private static async Task<HelloReply> GreetAsync(ITransport transport, TimeProvider time)
    {
        HelloReply reply = new();
        FrameDecoder decoder = new();
        byte[] buffer = new byte[64];
        for (int attempt = 0; attempt < 100; attempt++)
        {
            byte[] frame = new byte[Framing.MaximumFrameLength];
            HelloRequest hello = new() { ProtocolMajor = ProtocolVersion.Major, HostNonce = 1 };
            int length = new FrameEncoder().Encode(hello, (ushort)(attempt + 1), 0, frame);
            await transport.WriteAsync(frame.AsMemory(0, length), CancellationToken.None);
            using CancellationTokenSource patience = new(TimeSpan.FromMilliseconds(300), time);
            try
            {
                while (true)
                {
                    int count = await transport.ReadAsync(buffer, patience.Token);
                    Assert.NotEqual(0, count);
                    foreach (byte value in buffer.Take(count))
                    {
                        if (decoder.Push(value) == DecodeResult.Frame && decoder.Id == MessageId.HelloReply && decoder.TryRead(reply))
                        {
                            return reply;
                        }
                    }
                }
            }
            catch (OperationCanceledException)
            {
            }
        }

        throw new TimeoutException("A hundred greetings were not answered.");
    }
}
