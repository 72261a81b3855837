using System.IO.Compression;
using Microneedling.EndToEnd.Tests;
using Microneedling.Tablet.Tests;
using Microsoft.Playwright;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>
/// First load of the Treat page with nothing cached: from the beginning of the navigation, by the browser, to the frame
/// that shows live values; and how much script the page brings.
/// </summary>
internal static class LoadPart
{
    /// <summary>Runs before the page's scripts: notes when live values were on the screen.</summary>
    private const string NoteLive =
        """
        window.liveAt = 0;
        new MutationObserver((_, observer) => {
          if (document.querySelector("LIVE")) {
            observer.disconnect();
            requestAnimationFrame(() => requestAnimationFrame(() => { window.liveAt = performance.now(); }));
          }
        }).observe(document, { attributes: true, childList: true, subtree: true });
        """;

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        Sizes sizes = Sizes.Of(size);
        await using RunningTablet tablet = await RunningTablet.StartAsync();
        await using (WatchingPage ready = await WatchingPage.OpenAsync(tablet))
        {
            // The program runs and has its device before a tablet comes; its first page is made while that tablet waits.
        }

        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await Chromium.LaunchAsync(playwright);
        List<double> milliseconds = [];
        double scriptBytes = 0;
        for (int i = 0; i < sizes.Loads; i++)
        {
            (double liveAt, scriptBytes) = await LoadAsync(browser, tablet.Address);
            milliseconds.Add(liveAt);
        }

        return
        [
            Promises.Of("tablet.load_ms", milliseconds.At(1), $"first load of the Treat page to live values, nothing cached, slowest of {milliseconds.Count}"),
            Figure.Told("tablet.load_ms.p50", milliseconds.At(0.5), "ms", Figure.Same),
            Figure.Told("tablet.load_ms.first", milliseconds[0], "ms", "the very first, of a program just started"),
            Promises.Of("tablet.script_kb_gzip", scriptBytes / 1000, "script of the Treat page, each file gzipped"),
        ];
    }

    private static async Task<(double LiveAt, double ScriptBytes)> LoadAsync(IBrowser browser, Uri address)
    {
        (IPage page, _) = await BrowserTab.NewPageAsync(browser, NoteLive.Replace("LIVE", BrowserTab.ShowsLive, StringComparison.Ordinal));
        List<IResponse> scripts = [];
        page.Response += (_, response) =>
        {
            if (response.Request.ResourceType == "script")
            {
                scripts.Add(response);
            }
        };
        await page.GotoAsync(address.ToString());
        IJSHandle live = await page.WaitForFunctionAsync("() => liveAt");
        double liveAt = await live.JsonValueAsync<double>();
        double bytes = 0;
        foreach (IResponse script in scripts)
        {
            bytes += Gzipped(await script.BodyAsync());
        }

        await page.Context.CloseAsync();
        return (liveAt, bytes);
    }

    private static long Gzipped(byte[] content)
    {
        using MemoryStream gzipped = new();
        using (GZipStream gzip = new(gzipped, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return gzipped.Length;
    }
}
