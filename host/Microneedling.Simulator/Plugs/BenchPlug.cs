// A TCP port as the line of a bench controller: lines of ASCII in, lines out. One host at a time; the next one waits until
// it has left. What the lines mean is the controller's.

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microneedling.Simulator.Plugs;

/// <summary>Listens from the beginning; lets hosts in when it is served.</summary>
internal sealed class BenchPlug : IDisposable
{
    private const int LongestLine = 8_192;
    private const int MillisecondsAfterFailure = 100;

    private readonly Socket listener;

    private BenchPlug(Socket listener) => this.listener = listener;

    /// <summary>How a host names it: <c>tcp://127.0.0.1:7778</c>.</summary>
    internal string Address => $"tcp://{listener.LocalEndPoint}";

    /// <summary>Begins to listen.</summary>
    /// <inheritdoc cref="TcpPlug.ListenerAt"/>
    internal static BenchPlug Listen(IPAddress address, int port) => new(TcpPlug.ListenerAt(address, port, "--bench"));

    /// <summary>Lets hosts in, one after the other, until cancelled.</summary>
    /// <param name="controller">Answers them.</param>
    /// <param name="say">Gets one line whenever a host comes or goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task ServeAsync(IBenchController controller, Action<string> say, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using Socket socket = await listener.AcceptAsync(cancellationToken);
                string host = $"{socket.RemoteEndPoint}";
                say($"bench: host {host} connected");
                try
                {
                    TcpPlug.NoticeLoss(socket);
                    await ServeAsync(socket, controller, say, cancellationToken);
                }
                catch (SocketException)
                {
                    // It has vanished, which is as good as leaving.
                }
                finally
                {
                    controller.LoseHost();
                    say($"bench: host {host} disconnected");
                }
            }
            catch (SocketException exception)
            {
                say($"bench: a host could not be let in: {exception.Message}");
                await Task.Delay(MillisecondsAfterFailure, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public void Dispose() => listener.Dispose();

    private static async Task ServeAsync(Socket socket, IBenchController controller, Action<string> say, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[LongestLine];
        int held = 0;
        while (await socket.ReceiveAsync(buffer.AsMemory(held), cancellationToken) is > 0 and int received)
        {
            held += received;
            int begin = 0;
            for (int end; (end = buffer.AsSpan(begin, held - begin).IndexOf((byte)'\n')) >= 0; begin += end + 1)
            {
                string line = Encoding.ASCII.GetString(buffer, begin, end).TrimEnd('\r');
                string answer = await controller.AnswerAsync(line, cancellationToken);
                await SendAsync(socket, Encoding.ASCII.GetBytes(answer + "\n"), cancellationToken);
            }

            buffer.AsSpan(begin, held - begin).CopyTo(buffer);
            held -= begin;
            if (held == buffer.Length)
            {
                say($"bench: a line of more than {LongestLine} characters; the host is hung up on");
                return;
            }
        }
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
        }
    }
}
