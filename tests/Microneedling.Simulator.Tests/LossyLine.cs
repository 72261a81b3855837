using System.Net;
using System.Net.Sockets;

namespace Microneedling.Simulator.Tests;

/// <summary>
/// A line between one host and a device that loses whole frames, by their id: answers to a treatment, and commands to arm, each
/// until the host settles after such a loss. Everything else goes through as it comes.
/// </summary>
internal sealed class LossyLine : IDisposable
{
    private const byte Flag = 0x7E;
    private const byte Arm = 0x22;
    private const byte SettleCommand = 0x36;
    private const byte TreatmentAccepted = 0x42;

    private readonly Socket listener = NewSocket();
    private readonly Socket onward = NewSocket();
    private readonly Lock judging = new();
    private volatile Socket? host;
    private int answersLost;
    private int commandsLost;
    private bool treatmentSettled;
    private bool armSettled;

    internal LossyLine(string device)
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Begin(() =>
        {
            host = listener.Accept();
            host.NoDelay = true;
            onward.Connect(IPEndPoint.Parse(device));
            Begin(() => Pass(onward, host, IsLostOnTheWayBack));
            Pass(host, onward, IsLostOnTheWayThere);
        });
    }

    internal string Address => listener.LocalEndPoint!.ToString()!;

    internal int AnswersLost => answersLost;

    internal int CommandsLost => commandsLost;

    public void Dispose()
    {
        listener.Dispose();
        onward.Dispose();
        host?.Dispose();
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    // A thread of its own: heartbeats cannot wait until the pool has one. It ends with its sockets.
    private static void Begin(Action work) => new Thread(() =>
    {
        try
        {
            work();
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    })
    { IsBackground = true }.Start();

    // A frame stands between two flags of its own; what stands outside goes through.
    private static void Pass(Socket from, Socket to, Predicate<byte[]> isLost)
    {
        List<byte> piece = [];
        byte[] buffer = new byte[256];
        for (int read; (read = from.Receive(buffer)) > 0;)
        {
            foreach (byte value in buffer.AsSpan(0, read))
            {
                bool inFrame = piece is [Flag, ..];
                if (value == Flag && !inFrame && piece.Count > 0)
                {
                    to.Send([.. piece]);
                    piece.Clear();
                }

                piece.Add(value);
                if (value == Flag && inFrame)
                {
                    byte[] frame = [.. piece];
                    piece.Clear();
                    if (!isLost(frame))
                    {
                        to.Send(frame);
                    }
                }
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private bool IsLostOnTheWayThere(byte[] frame)
    {
        lock (judging)
        {
            if (frame[1] == SettleCommand)
            {
                treatmentSettled |= answersLost > 0;
                armSettled |= commandsLost > 0;
            }

            bool lost = frame[1] == Arm && !armSettled;
            commandsLost += lost ? 1 : 0;
            return lost;
        }
    }

    private bool IsLostOnTheWayBack(byte[] frame)
    {
        lock (judging)
        {
            bool lost = frame[1] == TreatmentAccepted && !treatmentSettled;
            answersLost += lost ? 1 : 0;
            return lost;
        }
    }
}
