using System.Threading.Channels;
using Microneedling.Client;
using Microneedling.SimulatedBoard;

namespace Microneedling.Simulator;

/// <summary>The host's end of a simulated serial line. What is written is on the line at once: a STOP byte waits for nobody.</summary>
internal sealed class SimulatedTransport : ITransport
{
    private readonly Channel<ReadOnlyMemory<byte>> received = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private readonly SerialHostEnd end;
    private ReadOnlyMemory<byte> rest;

    internal SimulatedTransport(SerialLine line)
    {
        try
        {
            end = line.Attach(bytes => received.Writer.TryWrite(bytes));
        }
        catch (InvalidOperationException exception)
        {
            throw new LinkException(
                "The simulated device is connected to another program already. Close that connection first.", isTransient: true, exception);
        }
    }

    public string Name => "sim:";

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (rest.IsEmpty)
        {
            if (!await received.Reader.WaitToReadAsync(cancellationToken))
            {
                return 0;
            }

            received.Reader.TryRead(out rest);
        }

        int count = Math.Min(buffer.Length, rest.Length);
        rest[..count].CopyTo(buffer);
        rest = rest[count..];
        return count;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            end.Write(bytes.Span);
        }
        catch (ObjectDisposedException exception)
        {
            throw new LinkException("The connection to the simulated device is closed. Connect again.", isTransient: true, exception);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        end.Dispose();
        received.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
