using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Hil.Tests;

/// <summary>A line on which STOP bytes are lost, and nothing else.</summary>
internal sealed class LineWithoutStopByte(ITransport line) : ITransport
{
    public string Name => line.Name;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => line.ReadAsync(buffer, cancellationToken);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        bytes.Length == 1 && bytes.Span[0] == Framing.Stop ? ValueTask.CompletedTask : line.WriteAsync(bytes, cancellationToken);

    public ValueTask WriteUrgentAsync(byte value, CancellationToken cancellationToken) =>
        value == Framing.Stop ? ValueTask.CompletedTask : line.WriteUrgentAsync(value, cancellationToken);

    public ValueTask DisposeAsync() => line.DisposeAsync();
}
