using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Microneedling.Client.Inspection;

/// <summary>
/// Writes down what goes over a transport, one line a frame, both ways, and changes nothing of it.
/// <code>
/// # serial:/dev/ttyUSB0, 2026-04-01 09:30:12.345Z; milliseconds since then; &gt; to the device, &lt; from it
///     1204.3 &gt; #01001 Home
///     1221.9 &lt; #00042 Accepted to #01001
///     1222.4 &lt; damaged 11 bytes: 50 37 01 00 00 9A CC 02 00 06 7D
///     1380.0 &gt; STOP
/// </code>
/// The link comes first: bytes are copied and passed on, text is made elsewhere. What the writer cannot keep up with is
/// left out and counted; a writer that fails is not asked again. Nothing of a client is ever on the line, so nothing is
/// in the trace.
/// </summary>
public sealed class TracingTransport : ITransport
{
    /// <summary>Reads and writes that may wait for the writer: some 10 s of a busy line.</summary>
    private const int MostWaiting = 1024;

    /// <summary>Longest trace, in characters: some 8 h of a device at rest, 3 h of a running one.</summary>
    private const long MostCharacters = 200_000_000;

    /// <summary>How long closing waits for the writer.</summary>
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(1);

    private readonly ITransport inner;
    private readonly TextWriter writer;
    private readonly TimeProvider time;
    private readonly Action<string> say;
    private readonly long startedAt;
    private readonly DateTimeOffset begunAt;
    private readonly Channel<Piece> pieces;
    private readonly TraceLines toDevice = new('>');
    private readonly TraceLines fromDevice = new('<');
    private readonly Task writing;
    private long missed;
    private long charactersLeft = MostCharacters;

    /// <summary>Traces a transport.</summary>
    /// <param name="inner">Owned from now on.</param>
    /// <param name="writer">Gets the lines, from one thread at a time; owned from now on.</param>
    /// <param name="time">Clock of the trace.</param>
    /// <param name="say">Told once, in a sentence, when the trace ends before the transport does. May come from any thread.</param>
    public TracingTransport(ITransport inner, TextWriter writer, TimeProvider time, Action<string> say)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(say);
        this.inner = inner;
        this.writer = writer;
        this.time = time;
        this.say = say;
        startedAt = time.GetTimestamp();
        begunAt = time.GetUtcNow();
        pieces = Channel.CreateBounded<Piece>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true },
            _ => Interlocked.Increment(ref missed));
        writing = WriteLinesAsync();
    }

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <summary>Traces a transport into a file, after what is in it: one connection follows the other.</summary>
    /// <param name="inner">Owned from now on, unless this fails.</param>
    /// <param name="path">The file.</param>
    /// <param name="say">Told once, in a sentence, when the trace ends before the transport does. May come from any thread.</param>
    /// <param name="time">Clock of the trace; the system's by default.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be made.</exception>
    public static TracingTransport ToFile(ITransport inner, string path, Action<string> say, TimeProvider? time = null)
    {
        FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        return new TracingTransport(inner, new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)), time ?? TimeProvider.System, say);
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken);
        Note(fromDevice, buffer.Span[..count]);
        return count;
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Note(toDevice, bytes.Span);
        return inner.WriteAsync(bytes, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask WriteUrgentAsync(byte value, CancellationToken cancellationToken)
    {
        ValueTask sending = inner.WriteUrgentAsync(value, cancellationToken);
        Note(toDevice, [value]);
        return sending;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await inner.DisposeAsync();
        }
        finally
        {
            pieces.Writer.TryComplete();
            await writing.WaitAsync(ClosingPatience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private void Note(TraceLines lines, ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            pieces.Writer.TryWrite(new Piece(time.GetElapsedTime(startedAt), lines, bytes.ToArray()));
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a writer throws, the trace ends with it and the link goes on.")]
    private async Task WriteLinesAsync()
    {
        // Whoever opens a transport does not wait for the writer either.
        await Task.Yield();
        try
        {
            await using (writer)
            {
                Write(string.Create(CultureInfo.InvariantCulture, $"# {Name}, {begunAt:yyyy-MM-dd HH:mm:ss.fff}Z; milliseconds since then; > to the device, < from it"));
                while (charactersLeft > 0 && await pieces.Reader.WaitToReadAsync())
                {
                    WriteWhatWaits();
                    await writer.FlushAsync();
                }

                TimeSpan now = time.GetElapsedTime(startedAt);
                toDevice.End(now, Write);
                fromDevice.End(now, Write);
            }

            if (charactersLeft <= 0)
            {
                say("The trace is full and ends here; the device is not affected.");
            }
        }
        catch (Exception failure)
        {
            say($"The trace cannot be written and ends here; the device is not affected. ({failure.Message})");
        }
        finally
        {
            pieces.Writer.TryComplete();
        }
    }

    private void WriteWhatWaits()
    {
        while (charactersLeft > 0 && pieces.Reader.TryRead(out Piece piece))
        {
            long left = Interlocked.Exchange(ref missed, 0);
            if (left > 0)
            {
                Write(string.Create(CultureInfo.InvariantCulture, $"# {left} reads and writes are missing near here: the trace was too slow for them"));
            }

            piece.Lines.Take(piece.At, piece.Bytes, Write);
        }
    }

    private void Write(string line)
    {
        charactersLeft -= line.Length + 1;
        writer.Write(line);
        writer.Write('\n');
    }

    private readonly record struct Piece(TimeSpan At, TraceLines Lines, byte[] Bytes);
}
