// What a tablet has to load before the Treat page works.

using System.IO.Compression;
using Microneedling.Tablet.Tests;
using Xunit.Abstractions;

namespace Microneedling.EndToEnd.Tests;

public sealed class LoadingTests(ITestOutputHelper output)
{
    private const int MostScriptBytes = 80 * 1024;

    [BrowserFact]
    public async Task The_scripts_of_the_Treat_page_are_at_most_80_KB_packed()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treat = await TreatPage.OpenAsync(tablet);
        await treat.SeesTitleAsync("Not homed");
        string[] scripts = await treat.Page.EvaluateAsync<string[]>(
            "performance.getEntriesByType('resource').map(entry => entry.name).filter(name => name.endsWith('.js'))");

        long packed = 0;
        foreach (string script in scripts)
        {
            byte[] content = await tablet.Http.GetByteArrayAsync(new Uri(script));
            long size = PackedSize(content);
            output.WriteLine($"{size} of {content.Length} bytes: {new Uri(script).AbsolutePath}");
            packed += size;
        }

        output.WriteLine($"{packed} bytes packed in all");
        Assert.Contains(scripts, script => script.EndsWith("/treat.js", StringComparison.Ordinal));
        Assert.InRange(packed, 1, MostScriptBytes);
    }

    private static long PackedSize(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.Length;
    }
}
