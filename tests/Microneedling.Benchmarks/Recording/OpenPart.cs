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

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        int openings = size.Of(2, 10);
        using Places places = new();
        string record = places.File("hour.db");
        List<long> hours = [];
        Figure read;
        await using (SessionStore store = await SessionStore.OpenAsync(record))
        {
            for (int i = 0; i <= openings; i++)
            {
                hours.Add(await Samples.RecordAsync(store, Statuses));
            }

            read = Promises.Of("record.open_read_ms.hour", await ReadAsync(store, hours[0], openings), $"plots of a session of one hour ({Statuses} statuses) from the record, slowest of {openings}");
        }

        if (Chromium.WhyNot is { } reason)
        {
            throw new LeftOutException(reason);
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
            read,
            Promises.Of("record.open_ms.hour", milliseconds.Skip(1).Max(), $"page of a session of one hour, each opened for the first time, to its drawn plots in Chromium on the same cores, slowest of {openings}"),
            Figure.Told("record.open_ms.hour.p50", milliseconds.Skip(1).ToList().At(0.5), "ms", Figure.Same),
            Figure.Told("record.open_ms.hour.first", milliseconds[0], "ms", "the very first after the program's start, nothing cached"),
        ];
    }

    private static async Task<double> ReadAsync(SessionStore store, long session, int openings)
    {
        List<double> milliseconds = [];
        for (int i = 0; i <= openings; i++)
        {
            long asked = Stopwatch.GetTimestamp();
            _ = await SessionTimeline.LoadAsync(store, session);
            milliseconds.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }

        return milliseconds.Skip(1).Max(); // The first compiles the query.
    }
}
