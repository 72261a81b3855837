using System.Diagnostics;
using Microneedling.Benchmarks.Tablet;
using Microneedling.EndToEnd.Tests;
using Microneedling.Sessions;
using Microneedling.Tablet.Report;
using Microsoft.Playwright;

namespace Microneedling.Benchmarks.Recording;

/// <summary>
/// Sessions of one hour, each opened for the first time: the page from the beginning of the navigation to the frame that shows the plots, in the
/// browser, with the script cached as it is on a tablet; and what the record itself takes of that.
/// </summary>
internal static class OpenPart
{
    private const int Statuses = 72_000;
    private const int Openings = 10;
    private const double MostMilliseconds = 300;

    /// <summary>Runs before the page's scripts: notes when the plots were on the screen.</summary>
    private const string NoteDrawn =
        """
        window.drawnAt = 0;
        new MutationObserver((_, observer) => {
          if (document.querySelector("#timeline[data-points]")) {
            observer.disconnect();
            requestAnimationFrame(() => requestAnimationFrame(() => { window.drawnAt = performance.now(); }));
          }
        }).observe(document, { attributes: true, childList: true, subtree: true });
        """;

    public static async Task<IEnumerable<Row>> MeasureAsync()
    {
        using Places places = new();
        string record = places.File("hour.db");
        List<long> hours = [];
        List<Row> rows;
        await using (SessionStore store = await SessionStore.OpenAsync(record))
        {
            for (int i = 0; i <= Openings; i++)
            {
                hours.Add(await Samples.RecordAsync(store, Statuses));
            }

            rows = [Row.AtMost($"its plots from the record, slowest of {Openings}", await ReadAsync(store, hours[0]), MostMilliseconds, "ms")];
        }

        if (Chromium.WhyNot is { } reason)
        {
            return [.. rows, Row.Told($"in the browser: not measured, {reason}", 0, "")];
        }

        using TabletProcess tablet = await TabletProcess.StartAsync(record);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await Chromium.LaunchAsync(playwright);
        (IPage page, _) = await BrowserTab.NewPageAsync(browser, NoteDrawn);
        List<double> milliseconds = [];
        foreach (long hour in hours)
        {
            await page.GotoAsync($"{tablet.Address}sessions/{hour}");
            IJSHandle drawn = await page.WaitForFunctionAsync("() => drawnAt");
            milliseconds.Add(await drawn.JsonValueAsync<double>());
        }

        return
        [
            .. rows,
            Row.AtMost($"page with its plots drawn, slowest of {Openings}", milliseconds.Skip(1).Max(), MostMilliseconds, "ms"),
            Row.Told("  p50", milliseconds.Skip(1).ToList().At(0.5), "ms"),
            Row.Told("  the very first, nothing cached", milliseconds[0], "ms"),
        ];
    }

    private static async Task<double> ReadAsync(SessionStore store, long session)
    {
        List<double> milliseconds = [];
        for (int i = 0; i <= Openings; i++)
        {
            long asked = Stopwatch.GetTimestamp();
            _ = await SessionTimeline.LoadAsync(store, session);
            milliseconds.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }

        return milliseconds.Skip(1).Max(); // The first compiles the query.
    }
}
