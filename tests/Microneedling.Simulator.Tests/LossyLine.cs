using System.Net;
using System.Net.Sockets;

namespace Microneedling.Simulator.Tests;

/// <summary>
/// A line between one host and a device that loses whole frames, by their id: answers to a treatment until the host has settled
/// once, then commands to arm until it has settled again. Everything else goes through as it comes.
/// </summary>
internal sealed class LossyLine : IDisposable
{
    private const byte Flag = 0x7E;
    private const byte Arm = 0x22;
    private const byte SettleCommand = 0x36;
    private const byte TreatmentAccepted = 0x42;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private readonly HashSet<string> settled = [];
    private int answersLost;
    private int commandsLost;

    internal LossyLine(string device)
    {
        listener.Start();
        Passing = PassAsync(IPEndPoint.Parse(device));
    }

    internal string Address => listener.LocalEndpoint.ToString()!;

    internal int AnswersLost => answersLost;

    internal int CommandsLost => commandsLost;

    private Task Passing { get; }

    public void Dispose()
    {
        ended.Cancel();
        listener.Dispose();
        Passing.ContinueWith(_ => ended.Dispose(), TaskScheduler.Default);
    }

    private async Task PassAsync(IPEndPoint device)
    {
        using TcpClient host = await listener.AcceptTcpClientAsync(ended.Token);
        using TcpClient onward = new();
        await onward.ConnectAsync(device, ended.Token);
        host.NoDelay = onward.NoDelay = true;
        await Task.WhenAny(
            PassAsync(host.GetStream(), onward.GetStream(), IsLostOnTheWayThere),
            PassAsync(onward.GetStream(), host.GetStream(), IsLostOnTheWayBack));
    }

    // A frame stands between two flags of its own; what stands outside goes through.
    private async Task PassAsync(NetworkStream from, NetworkStream to, Predicate<byte[]> isLost)
    {
        List<byte> piece = [];
        byte[] buffer = new byte[256];
        for (int read; (read = await from.ReadAsync(buffer, ended.Token)) > 0;)
        {
            foreach (byte value in buffer[..read])
            {
                bool inFrame = piece is [Flag, ..];
                if (value == Flag && !inFrame)
                {
                    await to.WriteAsync(piece.ToArray(), ended.Token);
                    piece.Clear();
                }

                piece.Add(value);
                if (value == Flag && inFrame)
                {
                    byte[] frame = [.. piece];
                    piece.Clear();
                    if (!isLost(frame))
                    {
                        await to.WriteAsync(frame, ended.Token);
                    }
                }
            }
        }
    }

    // Repeats of a frame are identical.
    private bool IsLostOnTheWayThere(byte[] frame)
    {
        lock (settled)
        {
            if (frame[1] == SettleCommand)
            {
                settled.Add(Convert.ToHexString(frame));
            }

            bool lost = frame[1] == Arm && settled.Count < 2;
            commandsLost += lost ? 1 : 0;
            return lost;
        }
    }

    private bool IsLostOnTheWayBack(byte[] frame)
    {
        lock (settled)
        {
            bool lost = frame[1] == TreatmentAccepted && settled.Count < 1;
            answersLost += lost ? 1 : 0;
            return lost;
        }
    }
}
