using System.Threading.Channels;

namespace Microneedling.Client.Tests;

/// <summary>Brings every byte there and back so much later, in order.</summary>
internal sealed class FarTransport : ITransport
{
    private readonly ITransport inner;
    private readonly TimeSpan latency;
    private readonly TimeProvider time;
    private readonly Channel<(DateTimeOffset At, byte[] Bytes)> there = Channel.CreateUnbounded<(DateTimeOffset, byte[])>();
    private readonly Channel<(DateTimeOffset At, byte[] Bytes)> back = Channel.CreateUnbounded<(DateTimeOffset, byte[])>();

    public FarTransport(ITransport inner, TimeSpan latency, TimeProvider time)
    {
        (this.inner, this.latency, this.time) = (inner, latency, time);
        _ = TakeOverAsync();
        _ = BringBackAsync();
    }

    public string Name => "far:";

    /// <summary>Nothing gets through to the device any more; what it says does.</summary>
    public bool IsDeaf { get; set; }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!await back.Reader.WaitToReadAsync(cancellationToken) || !back.Reader.TryRead(out (DateTimeOffset At, byte[] Bytes) next))
        {
            return 0;
        }

        await WaitUntilAsync(next.At);
        next.Bytes.CopyTo(buffer);
        return next.Bytes.Length;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        there.Writer.TryWrite((time.GetUtcNow() + latency, bytes.ToArray()));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        there.Writer.TryComplete();
        return inner.DisposeAsync();
    }

    private async Task TakeOverAsync()
    {
        while (await there.Reader.WaitToReadAsync())
        {
            while (there.Reader.TryRead(out (DateTimeOffset At, byte[] Bytes) next))
            {
                await WaitUntilAsync(next.At);
                if (!IsDeaf)
                {
                    await inner.WriteAsync(next.Bytes, CancellationToken.None);
                }
            }
        }
    }

    private async Task BringBackAsync()
    {
        byte[] buffer = new byte[1024];
        for (int count; (count = await inner.ReadAsync(buffer, CancellationToken.None)) > 0;)
        {
            back.Writer.TryWrite((time.GetUtcNow() + latency, buffer[..count]));
        }

        back.Writer.TryComplete();
    }

    private Task WaitUntilAsync(DateTimeOffset at)
    {
        TimeSpan left = at - time.GetUtcNow();
        return left > TimeSpan.Zero ? Task.Delay(left, time) : Task.CompletedTask;
    }
}

/// <summary>A plug whose two wires touch: everything comes back.</summary>
internal sealed class EchoingTransport : ITransport
{
    private readonly Channel<byte[]> echo = Channel.CreateUnbounded<byte[]>();

    public string Name => "echo:";

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        byte[] bytes = await echo.Reader.ReadAsync(cancellationToken);
        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        echo.Writer.TryWrite(bytes.ToArray());
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>What a transport can do wrong at closing: never return, whatever its tokens say.</summary>
[Flags]
public enum Stubborn
{
    None = 0,
    Reading = 1,
    Writing = 2,
    StopByte = 4,
    Disposing = 8,
    All = 15,
}

/// <summary>Passes everything through until it is made stubborn; from then on the calls so named never return.</summary>
internal sealed class StubbornTransport(ITransport inner) : ITransport
{
    public string Name => "stubborn:";

    public Stubborn Stubbornness { get; set; }

    /// <summary>The thread that read last.</summary>
    public Thread? Reader { get; private set; }

    public bool IsDisposed { get; private set; }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Reader = Thread.CurrentThread;
        if (Stubbornness.HasFlag(Stubborn.Reading))
        {
            await Forever();
        }

        // A read that is under way does not see its token either.
        return await inner.ReadAsync(buffer, CancellationToken.None);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (Stubbornness.HasFlag(Stubborn.Writing))
        {
            await Forever();
        }

        await inner.WriteAsync(bytes, CancellationToken.None);
    }

    public async ValueTask WriteUrgentAsync(byte value, CancellationToken cancellationToken)
    {
        if (Stubbornness.HasFlag(Stubborn.StopByte))
        {
            await Forever();
        }

        await inner.WriteAsync(new[] { value }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        IsDisposed = true;
        if (Stubbornness.HasFlag(Stubborn.Disposing))
        {
            await Forever();
        }

        await inner.DisposeAsync();
    }

    private static Task Forever() => new TaskCompletionSource().Task;
}
