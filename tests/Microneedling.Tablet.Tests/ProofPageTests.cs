// Corrections and the check of the record, by the pages: in two languages, and after an enemy was at the file.

using System.Net;
using Microneedling.Sessions;
using Microsoft.Data.Sqlite;

namespace Microneedling.Tablet.Tests;

public sealed class ProofPageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("microneedling-");

    private string Database => Path.Combine(_folder.FullName, "microneedling.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_correction_stands_beside_the_session_on_the_screen_and_on_paper()
    {
        long id = await AddSessionAsync();
        await using var tablet = await RunningTablet.StartAsync("--database", Database);
        using var browser = new FormBrowser(tablet);

        var refused = await browser.SubmitAsync($"/sessions/{id}/correction", null, ("field", "CartridgeNeedles"), ("newValue", "many"), ("reason", "The label was misread."));
        Assert.Contains("needles are 1 to 100", refused.ErrorOf("newValue"), StringComparison.Ordinal);
        Assert.Equal("many", refused.ValueOf("newValue"));

        var kept = await browser.SubmitAsync($"/sessions/{id}/correction", null, ("field", "CartridgeLot"), ("newValue", "LOT-8"), ("reason", "The label was misread."));
        Assert.Contains("The correction was added.", kept.Words, StringComparison.Ordinal);

        foreach (string page in new[] { $"/sessions/{id}", $"/sessions/{id}/print" })
        {
            string words = (await browser.OpenAsync(page)).Words;
            Assert.Contains("Lot of the cartridge: LOT-8", words, StringComparison.Ordinal);
            Assert.Contains("The label was misread.", words, StringComparison.Ordinal);
            Assert.Contains("lot LOT-1", words, StringComparison.Ordinal);
            Assert.Contains((await tablet.Sessions.ProofOfAsync(id))!.ContentHash, words, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync("/sessions/999/correction")).Status);
    }

    [Theory]
    [InlineData("en", "The record is as it was written. Links: 2. Sessions: 1. Entries of the audit trail: 1.", "Link 2: session 1 was changed after it was written.")]
    [InlineData("es", "El registro está como se escribió. Eslabones: 2. Sesiones: 1. Entradas de la auditoría: 1.", "Eslabón 2: sesión 1 se cambió después de escribirse.")]
    public async Task Checking_the_record_says_whether_it_is_as_it_was_written_and_what_is_not(string language, string sound, string flaw)
    {
        await AddSessionAsync();
        await using var tablet = await RunningTablet.StartAsync("--database", Database);
        using var browser = new FormBrowser(tablet, language);
        Assert.DoesNotContain(sound, (await browser.OpenAsync("/settings/database")).Words, StringComparison.Ordinal);
        Assert.Contains(sound, (await browser.SubmitAsync("/settings/database", "Check")).Words, StringComparison.Ordinal);

        using (var enemy = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            enemy.Open();
            using var command = enemy.CreateCommand();
            command.CommandText = "UPDATE TelemetrySamples SET ActiveDepthMicrometers = 250 WHERE Sequence = 1";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        string found = (await browser.SubmitAsync("/settings/database", "Check")).Words;
        Assert.Contains(flaw, found, StringComparison.Ordinal);
        Assert.DoesNotContain(sound, found, StringComparison.Ordinal);
    }

    private async Task<long> AddSessionAsync()
    {
        await using var made = await MadeSessions.OpenAsync(Database);
        return await made.AddAsync(new DateTimeOffset(2026, 11, 2, 10, 0, 0, TimeSpan.Zero), SessionOutcome.Completed, MadeSessions.Practice());
    }
}
