using System.Net.Sockets;
using Microneedling.Protocol;
using Microneedling.Simulator;

namespace Microneedling.Client.Tests.Transports;

/// <summary>A client and a simulated device in real time, on real lines of the system.</summary>
[Collection(Alone.Name)]
public class WholeDeviceTests
{
    private static readonly TreatmentRequest Shallow =
        new(Depth.FromMillimeters(0.5), DepthCap: Depth.FromMillimeters(1.0), StrokeRate.FromStrokesPerSecond(60));

    [UnixFact]
    public Task A_device_is_driven_through_a_serial_port_and_its_loss_is_seen() => Drive(new SerialPeer());

    [UnixFact]
    public Task A_device_is_driven_over_TCP_and_its_loss_is_seen() => Drive(new TcpPeer());

    private static async Task Drive(Peer peer)
    {
        using (peer)
        {
            await using SimulatedDevice device = SimulatedDevice.StartInRealTime();
            await using ITransport line = device.Connect();
            ITransport transport = await peer.OpenAsync();
            Task carrying = Task.WhenAll(CarryToHost(line, peer), Task.Factory.StartNew(() => CarryToDevice(peer, line), TaskCreationOptions.LongRunning));
            await using (DeviceClient client = await DeviceClient.ConnectAsync(transport))
            {
                Assert.Equal(1u, client.Identity.SerialNumber);
                await client.WaitForAsync(status => status.State == DeviceState.Unhomed, Peer.Patience);
                await client.HomeAsync();
                await client.WaitForAsync(status => status.State == DeviceState.Parked, Peer.Patience);
                AcceptedTreatment treatment = await client.ConfigureAsync(Shallow);
                Assert.InRange(treatment.Depth.Micrometers, 490, 500);
                await client.StopAsync();
                Assert.Equal(FaultCode.None, (await client.GetStatusAsync()).Fault);
                Assert.False(client.Completion.IsCompleted);

                peer.HangUp();
                LinkException loss = await Assert.ThrowsAsync<LinkException>(() => client.Completion.WaitAsync(Peer.Patience));
                Assert.True(loss.IsTransient);
                Assert.Contains(peer.Address, loss.Message, StringComparison.Ordinal);
            }

            await line.DisposeAsync();
            await carrying;
        }
    }

    private static async Task CarryToHost(ITransport line, Peer peer)
    {
        byte[] buffer = new byte[256];
        for (int count; (count = await line.ReadAsync(buffer, default)) > 0;)
        {
            try
            {
                peer.TryWrite(buffer.AsSpan(0, count));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static void CarryToDevice(Peer peer, ITransport line)
    {
        byte[] buffer = new byte[256];
        try
        {
            for (int count; (count = peer.Read(buffer)) > 0;)
            {
                // Never waits: the line is in this process.
                line.WriteAsync(buffer.AsMemory(0, count), default).AsTask().Wait();
            }
        }
        catch (Exception end) when (end is ObjectDisposedException or SocketException)
        {
            // The peer has hung up.
        }
    }
}
