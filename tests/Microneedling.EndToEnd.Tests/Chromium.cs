// Finds the browser and starts it: once for all tests, which have a context of it each, as separate as browsers of their own.

using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

/// <summary>Where Chromium is: MICRONEEDLING_CHROMIUM, or what a package manager installs.</summary>
public static class Chromium
{
    private static readonly string[] UsualPlaces =
    [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
        @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    /// <summary>Full path of the browser, or null.</summary>
    public static string? Path { get; } =
        Environment.GetEnvironmentVariable("MICRONEEDLING_CHROMIUM") is { Length: > 0 } given
            ? given
            : UsualPlaces.FirstOrDefault(File.Exists);

    /// <summary>Why browser tests are skipped, or null when they run.</summary>
    public static string? WhyNot => Path is null
        ? "No Chromium found. Install it (Debian: apt-get install chromium), or set MICRONEEDLING_CHROMIUM to a Chromium or Chrome."
        : null;

    private static readonly Lazy<Task<IBrowser>> OfAllTests = new(async () => await LaunchAsync(await Playwright.CreateAsync()));

    /// <summary>The one that all tests share; it ends with their process.</summary>
    public static Task<IBrowser> SharedAsync() => OfAllTests.Value;

    /// <summary>Starts it, without a window.</summary>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) =>
        playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Path, Headless = true, Args = Flags });
}
