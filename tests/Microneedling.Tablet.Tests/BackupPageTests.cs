// Backups by the page, every day by the program, and restored by the command line.

using System.Globalization;
using Microneedling.Sessions;
using Microneedling.Sessions.Backups;
using Microneedling.Tablet.Keeping;
using Microsoft.Extensions.DependencyInjection;

namespace Microneedling.Tablet.Tests;

public sealed class BackupPageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("microneedling-");

    private string Database => Path.Combine(_folder.FullName, "microneedling.db");

    private string Elsewhere => Path.Combine(_folder.FullName, "other-disk");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("en", "There is no backup yet.", "The backup was taken and checked.", "sound when taken", "Backup taken")]
    [InlineData("es", "Aún no hay ninguna copia.", "La copia se hizo y se comprobó.", "en buen estado al hacerla", "Copia hecha")]
    public async Task A_backup_is_taken_listed_and_told_in_the_audit_trail(string language, string none, string done, string sound, string entry)
    {
        await using var tablet = await RunningTablet.StartAsync("--database", Database, "--backups", Elsewhere);
        using var browser = new FormBrowser(tablet, language);
        Assert.Contains(none, (await browser.OpenAsync("/settings/database")).Words, StringComparison.Ordinal);

        string words = (await browser.SubmitAsync("/settings/database", "BackUp")).Words;

        string backup = Assert.Single(Directory.GetFiles(Elsewhere, "*.db"));
        Assert.Contains(done, words, StringComparison.Ordinal);
        Assert.Contains(sound, words, StringComparison.Ordinal);
        Assert.Contains($"--restore \"{backup}\"", words, StringComparison.Ordinal);
        Assert.Contains(entry, (await browser.OpenAsync("/settings/audit")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_fails_is_shown_with_its_words_until_one_succeeds()
    {
        await using var tablet = await RunningTablet.StartAsync("--database", Database, "--backups", Elsewhere);
        using var browser = new FormBrowser(tablet);
        File.WriteAllText(Elsewhere, "in the way");

        Assert.Contains("failed. The backup could not be written to", (await browser.SubmitAsync("/settings/database", "BackUp")).Words, StringComparison.Ordinal);
        Assert.Contains("failed. The backup could not be written to", (await browser.OpenAsync("/settings/database")).Words, StringComparison.Ordinal);

        File.Delete(Elsewhere);
        Assert.DoesNotContain("failed.", (await browser.SubmitAsync("/settings/database", "BackUp")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_does_not_prove_itself_is_told_at_its_backup()
    {
        await using var tablet = await RunningTablet.StartAsync("--database", Database, "--backups", Elsewhere);
        await tablet.Sessions.Audit.AddAsync(new Sessions.Clinic.Actor(null, "owner"), "test", "", "");
        using (var enemy = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            enemy.Open();
            using var command = enemy.CreateCommand();
            command.CommandText = "UPDATE AuditEntries SET Action = 'nothing'";
            command.ExecuteNonQuery();
        }

        using var browser = new FormBrowser(tablet);
        string words = (await browser.SubmitAsync("/settings/database", "BackUp")).Words;

        Assert.Contains("The record did not prove itself at the backup of", words, StringComparison.Ordinal);
        Assert.DoesNotContain("--restore", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("2026-03-14T00:00:01", false)]
    [InlineData("2026-03-13T23:59:59", true)]
    [InlineData("2026-04-01T00:00:00", true)]
    public void One_a_day_is_due(string? newest, bool isDue) => Assert.Equal(
        isDue,
        BackupKeeper.IsDue(
            newest is null ? null : DateTimeOffset.Parse(newest, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            new DateTimeOffset(2026, 3, 14, 9, 0, 0, TimeSpan.Zero)));

    [Fact]
    public async Task A_backup_is_restored_by_the_command_line_and_the_page_tells_of_it()
    {
        string backup;
        await using (var tablet = await RunningTablet.StartAsync("--database", Database))
        {
            backup = (await tablet.Service<BackupKeeper>().BackUpAsync(CancellationToken.None)).Path;
            await tablet.BeginPracticeAsync();
            await tablet.Desk.FinishAsync(tablet.Device, true, CancellationToken.None);
        }

        using StringWriter output = new();
        await Restoring.RestoreAsync(TabletOptions.Parse(["--database", Database, "--restore", backup, "--by", "Rosa Keeper"]), output);

        Assert.Contains("verified, with 0 sessions.", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("The record before is kept whole as ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("links of proof", output.ToString(), StringComparison.Ordinal);
        await using var again = await RunningTablet.StartAsync("--database", Database);
        using var browser = new FormBrowser(again);
        string words = (await browser.SubmitAsync("/settings/database", "Check")).Words;
        Assert.Contains("The record is as it was written.", words, StringComparison.Ordinal);
        Assert.Contains("Rosa Keeper put a backup in the place of the record.", words, StringComparison.Ordinal);
        Assert.Contains("Backup restored", (await browser.OpenAsync("/settings/audit")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_record_is_refused_at_the_start_and_the_newest_sound_backup_is_offered()
    {
        await using (var tablet = await RunningTablet.StartAsync("--database", Database))
        {
            await tablet.Sessions.Audit.AddAsync(new Sessions.Clinic.Actor(null, "owner"), "test", "", "");
            await tablet.Service<BackupKeeper>().BackUpAsync(CancellationToken.None);
        }

        File.WriteAllBytes(Database, []);
        var options = TabletOptions.Parse(["--database", Database]);

        var error = await Assert.ThrowsAsync<SessionStoreException>(() => TabletApp.CreateAsync(options, 0));
        Assert.True(error.IsDamaged);
        using StringWriter output = new();
        await Restoring.OfferAsync(options, output);

        Assert.Contains("The newest sound backup, just checked: taken ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("--restore \"", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(Database).Length);
    }

    [Fact]
    public async Task No_new_record_takes_the_place_of_one_that_is_gone_with_all_its_files_but_its_backups()
    {
        await using (var tablet = await RunningTablet.StartAsync("--database", Database))
        {
            await tablet.Service<BackupKeeper>().BackUpAsync(CancellationToken.None);
        }

        foreach (string file in Directory.GetFiles(_folder.FullName))
        {
            File.Delete(file);
        }

        var error = await Assert.ThrowsAsync<SessionStoreException>(() => TabletApp.CreateAsync(TabletOptions.Parse(["--database", Database]), 0));

        Assert.Contains("is gone or empty, but there are backups of it in", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsDamaged);
        Assert.Empty(Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task Without_a_backup_none_is_offered()
    {
        using StringWriter output = new();
        await Restoring.OfferAsync(TabletOptions.Parse(["--database", Database]), output);
        Assert.Equal($"There is no sound backup of it in {Path.Combine(_folder.FullName, "backups")}.", output.ToString().Trim());
    }
}
