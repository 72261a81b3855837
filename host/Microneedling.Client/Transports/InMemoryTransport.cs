using System.Threading.Channels;

namespace Microneedling.Client;

/// <summary>One end of a line within the process. What one end writes, the other reads, in order and without limit.</summary>
public sealed class InMemoryTransport : ITransport
{
    private readonly Channel<byte[]> incoming;
    private readonly Channel<byte[]> outgoing;
    private ReadOnlyMemory<byte> unread;

    private InMemoryTransport(Channel<byte[]> incoming, Channel<byte[]> outgoing)
    {
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    /// <inheritdoc/>
    public string Name => "memory:";

    /// <summary>The two ends of a new line. Disposing either closes both; the other end still reads what was written before.</summary>
    public static (InMemoryTransport Host, InMemoryTransport Device) CreatePair()
    {
        Channel<byte[]> toDevice = Channel.CreateUnbounded<byte[]>();
        Channel<byte[]> toHost = Channel.CreateUnbounded<byte[]>();
        return (new InMemoryTransport(toHost, toDevice), new InMemoryTransport(toDevice, toHost));
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (unread.IsEmpty)
        {
            if (!await incoming.Reader.WaitToReadAsync(cancellationToken))
            {
                return 0;
            }

            if (incoming.Reader.TryRead(out byte[]? bytes))
            {
                unread = bytes;
            }
        }

        int count = Math.Min(unread.Length, buffer.Length);
        unread[..count].CopyTo(buffer);
        unread = unread[count..];
        return count;
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return outgoing.Writer.TryWrite(bytes.ToArray())
            ? ValueTask.CompletedTask
            : ValueTask.FromException(new LinkException("The line is closed.", isTransient: true));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        incoming.Writer.TryComplete();
        outgoing.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
