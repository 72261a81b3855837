// Pictures of the page that the tests take on their way.

using System.Runtime.CompilerServices;
using Microsoft.Playwright;

namespace Microneedling.EndToEnd.Tests;

/// <summary>
/// Puts pictures into artifacts/pictures; with MICRONEEDLING_UPDATE_PICTURES=1 those of the documents into
/// hardware-docs/images.
/// </summary>
public static class Pictures
{
    private static readonly string Folder = Directory.CreateDirectory(InRepository("artifacts/pictures")).FullName;

    public static Task TakeAsync(IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, name + ".png") });

    /// <summary>The page to its foot, however far it must be scrolled.</summary>
    public static Task TakeWholeAsync(IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions { Path = PathOf(name + ".png"), FullPage = true });

    /// <summary>Where something that a test leaves behind is put.</summary>
    public static string PathOf(string fileName) => Path.Combine(Folder, fileName);

    /// <summary>A picture that the documents show.</summary>
    public static Task TakeForDocumentsAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("MICRONEEDLING_UPDATE_PICTURES") != "1")
        {
            return TakeAsync(page, name);
        }

        string images = Directory.CreateDirectory(InRepository("hardware-docs/images")).FullName;
        return page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(images, name + ".png") });
    }

    private static string InRepository(string path, [CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(thisFile, "../../..", path));
}
