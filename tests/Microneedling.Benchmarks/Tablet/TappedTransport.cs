using System.Diagnostics;
using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>Notes when STOP bytes have been handed over to the line below; else passes everything as it is.</summary>
internal sealed class TappedTransport(ITransport inner, StopBytes stops) : ITransport
{
    public string Name => inner.Name;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReadAsync(buffer, cancellationToken);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => inner.WriteAsync(bytes, cancellationToken);

    public async ValueTask WriteUrgentAsync(byte value, CancellationToken cancellationToken)
    {
        await inner.WriteUrgentAsync(value, cancellationToken);
        if (value == Framing.Stop)
        {
            stops.Note(Stopwatch.GetTimestamp());
        }
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>Waits for the next STOP byte.</summary>
internal sealed class StopBytes
{
    private volatile TaskCompletionSource<long> next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From now on, the first STOP byte: when it had been handed over.</summary>
    public Task<long> Next()
    {
        next = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        return next.Task;
    }

    /// <summary>A STOP byte has been handed over.</summary>
    public void Note(long timestamp) => next.TrySetResult(timestamp);
}
