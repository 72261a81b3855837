using System.Diagnostics;
using System.Globalization;

namespace Microneedling.Sessions.Tests;

/// <summary>
/// A file system of its own, small, made in a file and mounted: it really is full, fails and hangs. Needs Linux and the
/// right to mount, which a plain user and many containers do not have.
/// </summary>
internal sealed class LoopDisk : IDisposable
{
    private const int Mebibyte = 1 << 20;
    private static readonly Lazy<string?> Lack = new(FindLack);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-disk-");
    private bool isFrozen;

    /// <param name="mebibytes">Its size.</param>
    public LoopDisk(int mebibytes = 24)
    {
        Directory.CreateDirectory(Root);
        using (FileStream image = new(Image, FileMode.CreateNew))
        {
            image.SetLength((long)mebibytes * Mebibyte);
        }

        // No blocks kept back for root; errors leave it read-only, as on any Linux.
        Run("mkfs.ext4", "-q", "-m", "0", "-e", "remount-ro", Image);
        Mount();
    }

    /// <summary>Why there can be none here, or null.</summary>
    public static string? Unavailable => Lack.Value;

    /// <summary>Where it is mounted.</summary>
    public string Root => Path.Combine(folder.FullName, "disk");

    public string Record => Path.Combine(Root, "sessions.db");

    private string Image => Path.Combine(folder.FullName, "image");

    private string Filler => Path.Combine(Root, "filler");

    /// <summary>Leaves no free block.</summary>
    public void Fill()
    {
        foreach (var block in new[] { Mebibyte, 1024 })
        {
            try
            {
                var bytes = new byte[block];
                using FileStream file = new(Filler + block.ToString(CultureInfo.InvariantCulture), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
                while (true)
                {
                    file.Write(bytes);
                    file.Flush(flushToDisk: true);
                }
            }
            catch (IOException)
            {
                // Full for blocks of that size.
            }
        }
    }

    /// <summary>Takes away what fills it.</summary>
    public void MakeRoom()
    {
        foreach (var file in Directory.GetFiles(Root, "filler*"))
        {
            File.Delete(file);
        }
    }

    /// <summary>The disk has reported an error: from now on the file system is read-only, under the open files too.</summary>
    public void Fail() => Run("mount", "-o", "remount,abort", Root);

    /// <summary>Checked, and mounted for writing again. No file may be open.</summary>
    public void Mend()
    {
        Run("umount", Root);
        Mount();
    }

    /// <summary>Whoever writes waits until it is thawed.</summary>
    public void Freeze()
    {
        Run("fsfreeze", "-f", Root);
        isFrozen = true;
    }

    public void Thaw()
    {
        Run("fsfreeze", "-u", Root);
        isFrozen = false;
    }

    public void Dispose()
    {
        if (isFrozen)
        {
            Thaw();
        }

        Run("umount", "-l", Root);
        folder.Delete(recursive: true);
    }

    private void Mount() => Run("mount", "-o", "loop", Image, Root);

    private static string? FindLack()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Only Linux lets a test mount a disk of its own.";
        }

        try
        {
            using LoopDisk disk = new(8);
            disk.Freeze();
            disk.Thaw();
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"A disk of its own cannot be mounted here: {e.Message}";
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program}: {said.Trim()}");
        }
    }
}

/// <summary>A test with a disk of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DiskFactAttribute : FactAttribute
{
    public DiskFactAttribute() => Skip = LoopDisk.Unavailable!;
}
