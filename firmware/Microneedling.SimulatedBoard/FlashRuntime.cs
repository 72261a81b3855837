namespace Microneedling.SimulatedBoard;

/// <summary>
/// The flash file system as the firmware's thread sees it. Files and FileStream of the firmware stand on it; each call takes
/// the board's time, so power can go in the middle of any.
/// </summary>
public static class FlashRuntime
{
    /// <summary>Whether a file exists.</summary>
    /// <exception cref="IOException">The path is not on drive I.</exception>
    public static bool Exists(string path)
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.FlashOpen);
        return call.Board.Flash.Exists(path);
    }

    /// <summary>Deletes a file; without one, does nothing.</summary>
    /// <exception cref="IOException">Flash does not take it, the file is being written, or the path is not on drive I.</exception>
    public static void Delete(string path)
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.FlashCommit);
        call.Board.Flash.Erase(path);
    }

    /// <summary>Opens a file: <see cref="FileMode.Open"/> to read, <see cref="FileMode.Create"/> to write anew.</summary>
    /// <exception cref="IOException">There is no such file, it is being written, or the path is not on drive I.</exception>
    /// <exception cref="NotSupportedException">Any other mode or access.</exception>
    public static FlashFile Open(string path, FileMode mode, FileAccess access)
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.FlashOpen);
        return call.Board.Flash.Open(path, mode, access);
    }
}

/// <summary>An open file of the firmware. Only for the firmware's thread.</summary>
public sealed class FlashFile
{
    private byte[] content;
    private int length;
    private int position;
    private bool closed;

    internal FlashFile(string path, byte[]? content)
    {
        Path = path;
        Writes = content is null;
        this.content = content is null ? [] : (byte[])content.Clone();
        length = this.content.Length;
    }

    /// <summary>Its length so far, bytes.</summary>
    public long Length
    {
        get
        {
            using BoardCall call = Call(ApiCosts.FlashHandle);
            return length;
        }
    }

    internal string Path { get; }

    internal bool Writes { get; }

    internal ReadOnlySpan<byte> Content => content.AsSpan(0, length);

    /// <summary>Reads up to <paramref name="count"/> bytes; returns how many, 0 at the end.</summary>
    /// <exception cref="NotSupportedException">It is open for writing.</exception>
    public int Read(byte[] buffer, int offset, int count)
    {
        Span<byte> target = Range(buffer, offset, count);
        using BoardCall call = Call(ApiCosts.FlashRead);
        if (Writes)
        {
            throw new NotSupportedException($"{Path} is open for writing.");
        }

        int read = Math.Min(count, length - position);
        content.AsSpan(position, read).CopyTo(target);
        position += read;
        return read;
    }

    /// <summary>Writes bytes behind those before. They are safe only after <see cref="Close"/>.</summary>
    /// <exception cref="NotSupportedException">It is open for reading.</exception>
    /// <exception cref="IOException">Flash does not take it.</exception>
    public void Write(byte[] buffer, int offset, int count)
    {
        Span<byte> bytes = Range(buffer, offset, count);
        using BoardCall call = Call(ApiCosts.FlashWrite);
        if (!Writes)
        {
            throw new NotSupportedException($"{Path} is open for reading.");
        }

        call.Board.Flash.Write(this, bytes);
    }

    /// <summary>Hands on what was written. It is no safer for that.</summary>
    public void Flush()
    {
        using BoardCall call = Call(ApiCosts.FlashHandle);
    }

    /// <summary>Closes it; what was written is then on flash. Again: does nothing.</summary>
    /// <exception cref="IOException">Flash does not take it.</exception>
    public void Close()
    {
        if (closed)
        {
            return;
        }

        using BoardCall call = Call(ApiCosts.FlashHandle);
        if (Writes)
        {
            if (call.Board.Flash.NextCommitErases())
            {
                long erased = call.Board.Clock.Now + ApiCosts.FlashErase;
                call.Board.Uarts.LeaveUndrained(erased);
                call.AdvanceTo(erased);
            }

            call.AdvanceTo(call.Board.Clock.Now + ApiCosts.FlashCommit);
            closed = true;
            call.Board.Flash.Commit(this);
        }

        closed = true;
    }

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (length + bytes.Length > content.Length)
        {
            Array.Resize(ref content, Math.Max(length + bytes.Length, 2 * content.Length));
        }

        bytes.CopyTo(content.AsSpan(length));
        length += bytes.Length;
    }

    private static Span<byte> Range(byte[] buffer, int offset, int count)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return offset >= 0 && count >= 0 && offset + count <= buffer.Length
            ? buffer.AsSpan(offset, count)
            : throw new ArgumentOutOfRangeException(nameof(count), count, "The range is not within the buffer.");
    }

    private BoardCall Call(int microseconds)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        return FirmwareRun.Call(microseconds);
    }
}
