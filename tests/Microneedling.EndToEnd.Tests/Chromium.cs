// Finds the browser, and skips what needs it where there is none.

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

    /// <summary>Full path of the browser, or null.</summary>
    public static string? Path { get; } =
        Environment.GetEnvironmentVariable("MICRONEEDLING_CHROMIUM") is { Length: > 0 } given
            ? given
            : UsualPlaces.FirstOrDefault(File.Exists);

    /// <summary>Why browser tests are skipped, or null when they run.</summary>
    public static string? WhyNot => Path is null
        ? "No Chromium found. Install it (Debian: apt-get install chromium), or set MICRONEEDLING_CHROMIUM to a Chromium or Chrome."
        : null;
}

/// <summary>A test that presses through the page in a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.WhyNot;
}

/// <summary>The same, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.WhyNot;
}
