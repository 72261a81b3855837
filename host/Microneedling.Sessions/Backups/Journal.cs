// SQLite's journal (-wal) as a program left it that did not close the record. SQLite reads it up to the first frame whose
// checksum is wrong and drops the rest without a word: right for a commit that the power cut off, wrong for commits that
// were acknowledged and damaged since. Which of the two it is follows from the order of writing under synchronous=FULL:
// the header is on the disk before any frame, and each commit before the next begins. So a header that is wrong, or more
// than one commit behind the first wrong frame, is damage.
//
//   header 32: magic, format, page size, sequence, salt 1, salt 2, checksum 1, checksum 2
//   frame: page number, pages after the commit or 0, salt 1, salt 2, checksum 1, checksum 2, page
//   (numbers big-endian; checksums over words in the order that the magic tells; each frame's goes on from the one before)

using System.Buffers.Binary;

namespace Microneedling.Sessions.Backups;

internal static class Journal
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;
    private const uint Magic = 0x377F0682;
    private const uint MagicBigEndian = 0x377F0683;
    private const int SmallestPageBytes = 512;
    private const int LargestPageBytes = 65536;

    /// <summary>Whether a journal has lost commits that were acknowledged. One that is missing or has no frame has not.</summary>
    public static bool IsDamaged(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.Length <= HeaderBytes)
        {
            return false;
        }

        file.ReadExactly(header);
        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        var pageBytes = BinaryPrimitives.ReadInt32BigEndian(header[8..]);
        if (magic is not (Magic or MagicBigEndian) || pageBytes is < SmallestPageBytes or > LargestPageBytes)
        {
            return true;
        }

        Checksum sum = new(magic == MagicBigEndian);
        sum.Add(header[..24]);
        return !sum.Is(header[24..]) || CommitsBehindDamage(file, header, pageBytes, sum) > 1;
    }

    private static int CommitsBehindDamage(FileStream file, ReadOnlySpan<byte> header, int pageBytes, Checksum sum)
    {
        var salts = header.Slice(16, 8);
        var frame = new byte[FrameHeaderBytes + pageBytes];
        var isDamaged = false;
        var commits = 0;
        while (file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
        {
            if (!frame.AsSpan(8, 8).SequenceEqual(salts))
            {
                // From before the journal was begun anew, or damaged itself: then what is behind it decides.
                isDamaged = true;
                continue;
            }

            sum.Add(frame.AsSpan(0, 8));
            sum.Add(frame.AsSpan(FrameHeaderBytes));
            isDamaged |= !sum.Is(frame.AsSpan(16, 8));
            if (isDamaged && BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4)) != 0)
            {
                commits++;
            }
        }

        return commits;
    }

    /// <summary>SQLite's checksum of a journal.</summary>
    private sealed class Checksum(bool isBigEndian)
    {
        private uint first;
        private uint second;

        public void Add(ReadOnlySpan<byte> words)
        {
            for (; words.Length >= 8; words = words[8..])
            {
                first += Read(words) + second;
                second += Read(words[4..]) + first;
            }
        }

        public bool Is(ReadOnlySpan<byte> stored) =>
            BinaryPrimitives.ReadUInt32BigEndian(stored) == first && BinaryPrimitives.ReadUInt32BigEndian(stored[4..]) == second;

        private uint Read(ReadOnlySpan<byte> word) => isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(word) : BinaryPrimitives.ReadUInt32LittleEndian(word);
    }
}
