// What the program does about backups before any page is up: restores one when told to, and offers one when the record
// that it was to open is damaged.

using System.Globalization;
using Microneedling.Sessions;
using Microneedling.Sessions.Backups;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Keeping;

/// <summary>Restoring, from the command line.</summary>
public static class Restoring
{
    /// <summary>Puts a backup in the place of the record.</summary>
    /// <param name="options">Which, where and by whom.</param>
    /// <param name="output">Is told what was done.</param>
    /// <exception cref="SessionStoreException">It was not restored. The record is as it was.</exception>
    public static async Task RestoreAsync(TabletOptions options, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        var restored = await RecordRestore.RestoreAsync(options.DatabasePath, options.RestorePath!, new Actor(null, options.RestoredBy ?? Environment.UserName));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"Restored: {options.DatabasePath} is {options.RestorePath} now, verified, with {restored.Sessions} sessions. The audit trail says so."));
        if (restored.ReplacedPath is { } replaced)
        {
            await output.WriteLineAsync($"The record before is kept whole as {replaced}.");
        }

        if (restored.LostLinks is > 0 and var lost)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"It had {lost} links of proof (sessions, entries of the audit trail) that the backup has not."));
        }
    }

    /// <summary>Says which backup could take the place of a record that cannot be opened.</summary>
    public static async Task OfferAsync(TabletOptions options, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        using var backups = new RecordBackups(options.DatabasePath, options.BackupFolder);
        Backup? backup;
        try
        {
            backup = await backups.FindNewestSoundAsync();
        }
        catch (SessionStoreException unreadable)
        {
            await output.WriteLineAsync(unreadable.Message);
            return;
        }

        await output.WriteLineAsync(backup is null
            ? $"There is no sound backup of it in {backups.Folder}."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"""
                The newest sound backup, just checked: taken {backup.TakenAt:yyyy-MM-dd HH:mm} UTC, with {backup.Content?.Sessions} sessions.
                To restore it, start this program once with the same options and
                  --restore "{backup.Path}" --by "YOUR NAME"
                What is in the place of the record now is kept beside it.
                """));
    }
}
