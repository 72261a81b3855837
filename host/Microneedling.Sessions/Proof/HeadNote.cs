// Notes beside the record where its chain ended: "<link number> <hash> <when>", a line each time. The chain alone cannot
// tell that its end was cut off together with what it proved, nor that an older copy was put in the place of the record;
// this note can, as long as nobody changes both. A note that cannot be written is left out: the record matters more.

using System.Globalization;

namespace Microneedling.Sessions.Proof;

internal sealed class HeadNote(string path)
{
    private const int LongestFileBytes = 64 * 1024;

    /// <summary>The latest note, or null.</summary>
    public (long LinkNumber, string Hash)? Read()
    {
        try
        {
            return File.ReadLines(path).Select(Parse).LastOrDefault(note => note is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Notes where the chain ends now.</summary>
    public void Write(long linkNumber, byte[] hash, DateTimeOffset now) =>
        Append(string.Create(CultureInfo.InvariantCulture, $"{linkNumber} {Convert.ToHexStringLower(hash)} {Utc(now)}\n"));

    /// <summary>Notes that a backup was put in the place of a record, and where the chain of that ended; null: not known.</summary>
    public void WriteRestored((long LinkNumber, string Hash)? replaced, DateTimeOffset now) =>
        Append(string.Create(CultureInfo.InvariantCulture, $"restored {(replaced is { } head ? $"{head.LinkNumber} {head.Hash}" : "- -")} {Utc(now)}\n"));

    private static string Utc(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private void Append(string line)
    {
        try
        {
            using var file = DatabaseFile.OpenOwnerOnly(path, FileMode.OpenOrCreate, FileShare.ReadWrite);
            if (file.Length > LongestFileBytes)
            {
                file.SetLength(0);
            }

            file.Seek(0, SeekOrigin.End);
            file.Write(System.Text.Encoding.ASCII.GetBytes(line));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left out.
        }
    }

    private static (long LinkNumber, string Hash)? Parse(string line) =>
        line.Split(' ') is [var number, { Length: 64 } hash, _] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var linkNumber)
            ? (linkNumber, hash)
            : null;
}
