// The chip's flash file system, drive I:. Decides what is on flash, also after a write that was cut: worst case, not what
// littlefs promises.
//
//   Create ──► Write … ──► Close        only Close puts the new content on flash, whole
//     └───────────┴──────► power gone, or flash that does not take it: torn, by the seed one of
//                          the old content │ an empty file │ the beginning of what was written

namespace Microneedling.SimulatedBoard;

/// <summary>The files on a board's flash. They outlive power. All members may be used from any thread.</summary>
public sealed class FlashStorage
{
    private const string Drive = @"I:\";
    private const int CommitsPerErase = 8;

    private readonly Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> writes = new(StringComparer.Ordinal);
    private readonly List<FlashFile> writing = [];
    private readonly object gate;
    private readonly Random chance;
    private readonly Func<bool> hasPower;
    private bool writesFail;

    internal FlashStorage(object gate, int seed, Func<bool> hasPower)
    {
        this.gate = gate;
        this.hasPower = hasPower;
        chance = new Random(seed ^ 0xF1A5);
    }

    /// <summary>True: flash takes nothing more. The firmware's writes and deletions throw, a write leaves what a cut one leaves.</summary>
    public bool WritesFail
    {
        get
        {
            lock (gate)
            {
                return writesFail;
            }
        }

        set
        {
            lock (gate)
            {
                writesFail = value;
            }
        }
    }

    /// <summary>Every file that is on flash now, by its path: copies.</summary>
    public IReadOnlyDictionary<string, byte[]> Snapshot()
    {
        lock (gate)
        {
            return files.ToDictionary(file => file.Key, file => (byte[])file.Value.Clone(), StringComparer.Ordinal);
        }
    }

    /// <summary>Puts exactly these files on flash, as if it had been taken from another board. How often they were written stays.</summary>
    /// <exception cref="InvalidOperationException">The board has power.</exception>
    public void Restore(IReadOnlyDictionary<string, byte[]> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        lock (gate)
        {
            if (hasPower())
            {
                throw new InvalidOperationException("Flash is restored only while the board has no power.");
            }

            files.Clear();
            foreach ((string path, byte[] content) in snapshot)
            {
                files[Checked(path)] = (byte[])content.Clone();
            }
        }
    }

    /// <summary>Inverts one bit of a byte of a file; which bit, the seed decides.</summary>
    /// <exception cref="ArgumentException">There is no such file, or no such byte in it.</exception>
    public void Corrupt(string path, int byteIndex)
    {
        lock (gate)
        {
            byte[] content = Present(path);
            if ((uint)byteIndex >= (uint)content.Length)
            {
                throw new ArgumentException($"{path} has {content.Length} bytes, no byte {byteIndex}.", nameof(byteIndex));
            }

            content[byteIndex] ^= (byte)(1 << chance.Next(8));
        }
    }

    /// <summary>Inverts one bit of a file; which, the seed decides. Returns the byte's index.</summary>
    /// <exception cref="ArgumentException">There is no such file, or nothing in it.</exception>
    public int Corrupt(string path)
    {
        lock (gate)
        {
            int byteIndex = chance.Next(Math.Max(1, Present(path).Length));
            Corrupt(path, byteIndex);
            return byteIndex;
        }
    }

    /// <summary>Takes a file off flash.</summary>
    /// <exception cref="ArgumentException">There is no such file.</exception>
    public void Delete(string path)
    {
        lock (gate)
        {
            Present(path);
            files.Remove(path);
        }
    }

    /// <summary>How often a file was written completely since the board was made: its wear.</summary>
    public int WritesTo(string path)
    {
        lock (gate)
        {
            return writes.GetValueOrDefault(Checked(path));
        }
    }

    /// <summary>On flash, or being written.</summary>
    internal bool Exists(string path) => files.ContainsKey(Checked(path)) || BeingWritten(path);

    internal FlashFile Open(string path, FileMode mode, FileAccess access)
    {
        Checked(path);
        if (BeingWritten(path))
        {
            throw new IOException($"{path} is open for writing.");
        }

        FlashFile file = (mode, access) switch
        {
            (FileMode.Open, FileAccess.Read) => new FlashFile(path, files.TryGetValue(path, out byte[]? content)
                ? content
                : throw new IOException($"There is no file {path}.")),
            (FileMode.Create, FileAccess.Write) => new FlashFile(path, content: null),
            _ => throw new NotSupportedException($"The simulated board opens files to read or to create, not with {mode} and {access}."),
        };
        if (file.Writes)
        {
            writing.Add(file);
        }

        return file;
    }

    /// <summary>Whether the next commit has to erase a block first.</summary>
    internal bool NextCommitErases() => chance.Next(CommitsPerErase) == 0;

    internal void Write(FlashFile file, ReadOnlySpan<byte> bytes)
    {
        file.Append(bytes);
        ThrowIfWritesFail(file);
    }

    internal void Commit(FlashFile file)
    {
        ThrowIfWritesFail(file);
        if (writing.Remove(file))
        {
            files[file.Path] = file.Content.ToArray();
            writes[file.Path] = writes.GetValueOrDefault(file.Path) + 1;
        }
    }

    internal void Erase(string path)
    {
        Checked(path);
        if (BeingWritten(path))
        {
            throw new IOException($"{path} is open for writing.");
        }

        if (writesFail)
        {
            throw WriteFailed(path);
        }

        files.Remove(path);
    }

    internal void LosePower()
    {
        foreach (FlashFile file in writing)
        {
            Tear(file);
        }

        writing.Clear();
    }

    private static IOException WriteFailed(string path) => new($"Flash did not take {path}.");

    private static string Checked(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Length > Drive.Length && path.StartsWith(Drive, StringComparison.Ordinal)
            ? path
            : throw new IOException($"{path} is not on drive {Drive}");
    }

    private bool BeingWritten(string path) => writing.Exists(file => file.Path == path);

    private byte[] Present(string path) => files.TryGetValue(path, out byte[]? content)
        ? content
        : throw new ArgumentException($"There is no file {path}.", nameof(path));

    private void ThrowIfWritesFail(FlashFile file)
    {
        if (!writesFail)
        {
            return;
        }

        if (writing.Remove(file))
        {
            Tear(file);
        }

        throw WriteFailed(file.Path);
    }

    private void Tear(FlashFile file)
    {
        switch (chance.Next(3))
        {
            case 0:
                break;
            case 1:
                files[file.Path] = [];
                break;
            default:
                files[file.Path] = file.Content[..chance.Next(file.Content.Length + 1)].ToArray();
                break;
        }
    }
}
