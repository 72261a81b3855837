// Sessions in a browser: the plot, the PDF that Chromium makes of the print view, and pictures in both sizes and themes.

using System.Globalization;
using System.Text.RegularExpressions;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Tests;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

public sealed partial class RecordPagesTests
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    [BrowserFact]
    public async Task The_detail_draws_depth_and_rate_over_the_time_of_the_session()
    {
        await using var tablet = await RunningTablet.StartAsync();
        var (completed, _) = await FillAsync(tablet);
        await using var browser = await TreatPage.OpenAsync(tablet);
        var page = browser.Page;
        browser.Complaints.Clear();

        await TreatPage.GoAsync(page, $"{tablet.Address}sessions/{completed}");
        await page.Locator("#timeline[data-points]").WaitForAsync();

        foreach (string plot in new[] { "#depth-plot", "#rate-plot" })
        {
            Assert.True(await page.Locator($"{plot} canvas").IsVisibleAsync());
            int colors = await page.EvaluateAsync<int>(
                """
                plot => {
                  const canvas = document.querySelector(`${plot} canvas`);
                  const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
                  return new Set(pixels).size;
                }
                """,
                plot);
            Assert.True(colors > 20, $"{plot} has {colors} colours: nothing is drawn.");
        }

        Assert.Empty(browser.Complaints);
    }

    [BrowserFact]
    public async Task Zooming_into_a_plot_moves_both_and_brings_detail_and_a_double_click_shows_all_again()
    {
        await using var tablet = await RunningTablet.StartAsync();
        var (completed, _) = await FillAsync(tablet);
        await using var browser = await TreatPage.OpenAsync(tablet);
        var page = browser.Page;
        browser.Complaints.Clear();
        List<string> asked = [];
        page.Request += (_, request) => _ = request.Url.Contains("/timeline", StringComparison.Ordinal) && Remember(request.Url);
        await TreatPage.GoAsync(page, $"{tablet.Address}sessions/{completed}");
        await page.Locator("#timeline[data-points]").WaitForAsync();
        var plot = (await page.Locator("#depth-plot .u-over").BoundingBoxAsync())!;
        Assert.Single(asked);

        float middle = plot.Y + (plot.Height / 2);
        await page.Mouse.MoveAsync(plot.X + (plot.Width * 0.25f), middle);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(plot.X + (plot.Width * 0.5f), middle, new() { Steps = 5 });
        await page.Mouse.UpAsync();
        await page.Locator("#depth-plot[data-zoom=detail]").WaitForAsync();

        var part = SecondsPattern().Match(Assert.Single(asked, url => url.Contains("from=", StringComparison.Ordinal)));
        Assert.InRange(double.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture), 28, 32);
        Assert.InRange(double.Parse(part.Groups[2].Value, CultureInfo.InvariantCulture), 58, 62);
        await page.ScreenshotAsync(new() { Path = Pictures.PathOf("session-zoomed.png"), FullPage = true });

        await page.Mouse.DblClickAsync(plot.X + (plot.Width * 0.4f), middle);
        await page.Locator("#depth-plot[data-zoom=all]").WaitForAsync();

        Assert.Equal(2, asked.Count);
        Assert.Empty(browser.Complaints);

        bool Remember(string url)
        {
            asked.Add(url);
            return true;
        }
    }

    [GeneratedRegex("from=([0-9.]+)&to=([0-9.]+)")]
    private static partial Regex SecondsPattern();

    [PdfFact]
    public async Task The_pdf_of_a_session_reads_back_with_everything_and_numbered_pages()
    {
        await using var tablet = await RunningTablet.StartAsync();
        var (completed, label) = await FillAsync(tablet);
        await using var browser = await TreatPage.OpenAsync(tablet, script: false);
        var page = browser.Page;
        await page.GotoAsync($"{tablet.Address}sessions/{completed}/print");
        Assert.True(await page.Locator("#stop").IsVisibleAsync());
        string path = Pictures.PathOf("session.pdf");
        await page.PdfAsync(new PagePdfOptions { Path = path, PreferCSSPageSize = true, PrintBackground = true });

        string[] pages = await PdfText.PagesAsync(path);
        string text = Blanks().Replace(string.Join(' ', pages), " ");

        foreach (string words in new[]
        {
            $"Session {completed}", "Completed", label, "Ana Practitioner", "12 needles, lot LOT-7, use by 2099-12-31", "1042", "prototype platform",
            "2400", "28800", "640.0", "1200", "14400", "240.0", "1.597 mm", "Stamp, 5 strokes", "Unlocked by Sol Supervisor", "Trigger pressed.", "Sore for a day",
        })
        {
            Assert.True(text.Contains(words, StringComparison.Ordinal), $"'{words}' is not in the PDF: {text}");
        }

        Assert.Contains("cheek", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("orehead", text, StringComparison.Ordinal);
        Assert.DoesNotContain("STOP\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("or the Esc key", text, StringComparison.Ordinal);
        Assert.InRange(pages.Length, 2, 4);
        for (int number = 1; number <= pages.Length; number++)
        {
            Assert.Contains($"Page {number} of {pages.Length}", Blanks().Replace(pages[number - 1], " "), StringComparison.Ordinal);
            Assert.Contains("Microneedling", pages[number - 1], StringComparison.Ordinal);
        }
    }

    [BrowserTheory]
    [InlineData(1280, 800, "light")]
    [InlineData(1280, 800, "dark")]
    [InlineData(1024, 768, "light")]
    [InlineData(1024, 768, "dark")]
    public async Task Pictures_of_the_pages_of_sessions_fit_the_width(int width, int height, string theme)
    {
        await using var tablet = await RunningTablet.StartAsync();
        var (completed, _) = await FillAsync(tablet);
        await using var browser = await TreatPage.OpenAsync(tablet, width, height);
        var page = browser.Page;
        await page.Context.AddCookiesAsync([new Cookie { Name = "theme", Value = theme, Url = tablet.Address.ToString() }]);

        await TreatPage.GoAsync(page, $"{tablet.Address}sessions");
        await FitsAsync(page, $"sessions-{width}-{theme}", width);
        await TreatPage.GoAsync(page, $"{tablet.Address}sessions/{completed}");
        await page.Locator("#timeline[data-points]").WaitForAsync();
        await FitsAsync(page, $"session-{width}-{theme}", width);
        if ((width, theme) == (1280, "dark"))
        {
            await Pictures.TakeForDocumentsAsync(page, "tablet-session");
        }

        await TreatPage.GoAsync(page, $"{tablet.Address}sessions/{completed}/print");
        await FitsAsync(page, $"session-print-{width}-{theme}", width);

        long waiting = await MakeWaitAsync(tablet);
        await TreatPage.GoAsync(page, $"{tablet.Address}sessions/{waiting}");
        await Assertions.Expect(page.Locator("#awaits")).ToBeVisibleAsync();
        await FitsAsync(page, $"session-waiting-{width}-{theme}", width);
        await TreatPage.GoAsync(page, $"{tablet.Address}sessions?outcome=AwaitingDevice");
        await FitsAsync(page, $"sessions-waiting-{width}-{theme}", width);
    }

    /// <summary>Lets the interrupted session be one that waits for its device, as after the death of a program.</summary>
    private static async Task<long> MakeWaitAsync(RunningTablet tablet)
    {
        await using var other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = tablet.DatabasePath, Pooling = false }.ToString());
        await other.OpenAsync();
        await using var changing = other.CreateCommand();
        changing.CommandText = $"UPDATE Sessions SET Outcome = {(int)SessionOutcome.AwaitingDevice}, EndedUtc = NULL WHERE Outcome = {(int)SessionOutcome.Interrupted} RETURNING Id";
        return (long)(await changing.ExecuteScalarAsync())!;
    }

    internal static async Task FitsAsync(IPage page, string name, int width)
    {
        await Pictures.TakeWholeAsync(page, name);
        int scrollWidth = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(scrollWidth <= width, $"{name}: the page is {scrollWidth} wide, the screen {width}.");
        foreach (var target in await page.Locator("main button:visible, main a:visible, main input:visible, main select:visible").AllAsync())
        {
            var box = (await target.BoundingBoxAsync())!;
            bool isSmallBox = await target.EvaluateAsync<bool>("element => element.type === 'checkbox'");
            Assert.True(isSmallBox || (box.Width >= 48 && box.Height >= 47.5), $"{name}: '{await target.EvaluateAsync<string>("element => element.textContent || element.name")}' is {box.Width} × {box.Height}.");
        }
    }

    /// <summary>A record with a session of each outcome; returns the completed one with a client, and the client's label.</summary>
    private static async Task<(long Completed, string Label)> FillAsync(RunningTablet tablet)
    {
        await using var made = await MadeSessions.OpenAsync(tablet.DatabasePath);
        var client = await made.AddClientAsync(Begin);
        long completed = await made.AddAsync(Begin, SessionOutcome.Completed, MadeSessions.With(client, "LOT-7"));
        await made.Store.Clients.FollowUpAsync(MadeSessions.Practitioner, completed, 24, FollowUpGrade.Mild, FollowUpGrade.None, 2, "Sore for a day");
        int day = 0;
        foreach (var (outcome, ending) in new[]
        {
            (SessionOutcome.Stopped, PassEnding.Stopped), (SessionOutcome.AbortedByFault, PassEnding.Fault), (SessionOutcome.LinkLost, PassEnding.LinkLost),
            (SessionOutcome.Interrupted, PassEnding.Interrupted),
        })
        {
            await made.AddAsync(Begin.AddDays(++day), outcome, MadeSessions.Practice(), lastEnding: ending);
        }

        return (completed, client.Client.Label);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
