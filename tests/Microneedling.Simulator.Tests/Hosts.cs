// Hosts as they come: by the driver's transports, and as bare sockets with bad manners.

using System.Net;
using System.Net.Sockets;
using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Simulator.Tests;

internal static class Hosts
{
    private const int MostAttempts = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(500);

    /// <summary>One greeting as bytes.</summary>
    internal static byte[] Hello(ushort sequence)
    {
        byte[] frame = new byte[Framing.MaximumFrameLength];
        HelloRequest hello = new() { ProtocolMajor = ProtocolVersion.Major, ProtocolMinor = ProtocolVersion.Minor, HostNonce = 1 };
        return frame[..new FrameEncoder().Encode(hello, sequence, 0, frame)];
    }

    /// <summary>Greets until the device answers.</summary>
    internal static async Task<HelloReply> GreetAsync(ITransport transport)
    {
        FrameDecoder decoder = new();
        HelloReply reply = new();
        byte[] buffer = new byte[64];
        for (int attempt = 1; attempt <= MostAttempts; attempt++)
        {
            await transport.WriteAsync(Hello((ushort)attempt), CancellationToken.None);
            using CancellationTokenSource patience = new(AnswerTime);
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

        throw new TimeoutException($"{MostAttempts} greetings were not answered.");
    }

    /// <summary>Connects by an address and greets.</summary>
    internal static async Task<HelloReply> GreetAsync(string address)
    {
        await using ITransport transport = await OpenAsync(address);
        return await GreetAsync(transport);
    }

    internal static Task<ITransport> OpenAsync(string address) => TransportRegistry.CreateStandard().OpenAsync(address);

    internal static async Task<Socket> ConnectAsync(IPEndPoint endPoint, int? receiveBuffer = null)
    {
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        await socket.ConnectAsync(endPoint);
        return socket;
    }

    /// <summary>Waits for so many bytes and takes no more.</summary>
    internal static async Task ReadBytesAsync(Socket socket, int count)
    {
        using CancellationTokenSource patience = new(Patience);
        byte[] buffer = new byte[count];
        for (int taken = 0; taken < count;)
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(taken), patience.Token);
            Assert.True(read > 0, $"The other side has closed after {taken} of {count} bytes.");
            taken += read;
        }
    }

    /// <summary>Reads whatever comes, until the other side has closed.</summary>
    internal static async Task ReadToEndAsync(Socket socket)
    {
        using CancellationTokenSource patience = new(Patience);
        byte[] buffer = new byte[256];
        try
        {
            while (await socket.ReceiveAsync(buffer, patience.Token) > 0)
            {
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
        }
    }
}
