// Reads a PDF back as text, with poppler's pdftotext.

using System.Diagnostics;

namespace Microneedling.EndToEnd.Tests;

/// <summary>The words of a PDF.</summary>
public static class PdfText
{
    /// <summary>Why PDF tests are skipped, or null when they run.</summary>
    public static string? WhyNot { get; } = Chromium.WhyNot ?? (CanRun() ? null : "No pdftotext found. Install it (Debian: apt-get install poppler-utils).");

    /// <summary>The text of each page.</summary>
    public static async Task<string[]> PagesAsync(string path)
    {
        using var reading = Process.Start(new ProcessStartInfo("pdftotext", [path, "-"]) { RedirectStandardOutput = true })!;
        string text = await reading.StandardOutput.ReadToEndAsync();
        await reading.WaitForExitAsync();
        return [.. text.TrimEnd('\f').Split('\f')];
    }

    private static bool CanRun()
    {
        try
        {
            using var asked = Process.Start(new ProcessStartInfo("pdftotext", ["-v"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            asked.WaitForExit();
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A test that has Chromium make a PDF and reads it back.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PdfFactAttribute : FactAttribute
{
    public PdfFactAttribute() => Skip = PdfText.WhyNot;
}
