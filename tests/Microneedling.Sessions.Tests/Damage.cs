namespace Microneedling.Sessions.Tests;

/// <summary>What a failing disk does to files, and a treatment to have something to lose.</summary>
internal static class Damage
{
    /// <summary>Overwrites a part of a file.</summary>
    public static void Overwrite(string path, long offset, int length, byte with = 0xA5)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Seek(offset, SeekOrigin.Begin);
        file.Write(Enumerable.Repeat(with, length).ToArray());
    }

    /// <summary>Cuts a file off.</summary>
    public static void Truncate(string path, long length)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(length);
    }

    /// <summary>One finished session of some rows.</summary>
    public static async Task<SessionSummary> TreatOnceAsync(this SessionStore store, int rows = 200)
    {
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        for (uint i = 1; i <= rows; i++)
        {
            recorder.RecordStatus(Make.Status(i * 50, i, i));
            recorder.RecordEvent(Make.Event(i));
        }

        return await recorder.FinishAsync(SessionOutcome.Completed, null);
    }
}
