using Microneedling.Protocol;

namespace Microneedling.Client.Discovery;

/// <summary>Passes everything through and notes what kind of thing is at the other end. Read after disposal.</summary>
internal sealed class ProbedTransport(ITransport inner) : ITransport
{
    private readonly FrameDecoder decoder = new();
    private bool hasHeard;
    private bool hasHeardGreeting;
    private bool hasBroken;

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <summary>Whether it has closed, to its end and without an error.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Why there was no answer of a device, as far as what was heard tells.</summary>
    public PortProblem Problem =>
        hasHeardGreeting ? PortProblem.Echo
        : hasBroken ? PortProblem.NotUsable
        : hasHeard ? PortProblem.Unintelligible
        : PortProblem.Silent;

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            int count = await inner.ReadAsync(buffer, cancellationToken);
            Listen(buffer.Span[..count]);
            NoteBreak(count == 0, cancellationToken);
            return count;
        }
        catch
        {
            NoteBreak(true, cancellationToken);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        WatchAsync(inner.WriteAsync(bytes, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask WriteUrgentAsync(byte value, CancellationToken cancellationToken) =>
        WatchAsync(inner.WriteUrgentAsync(value, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        IsClosed = true;
    }

    private async ValueTask WatchAsync(ValueTask work, CancellationToken cancellationToken)
    {
        try
        {
            await work;
        }
        catch
        {
            NoteBreak(true, cancellationToken);
            throw;
        }
    }

    private void Listen(ReadOnlySpan<byte> bytes)
    {
        hasHeard |= bytes.Length > 0;
        foreach (byte value in bytes)
        {
            hasHeardGreeting |= decoder.Push(value) == DecodeResult.Frame && decoder.Id == MessageId.HelloRequest;
        }
    }

    // What ends because this side ends it says nothing about the port.
    private void NoteBreak(bool hasEnded, CancellationToken cancellationToken) => hasBroken |= hasEnded && !cancellationToken.IsCancellationRequested;
}
