// The installed app: manifest, icons, service worker.

using System.Buffers.Binary;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microneedling.Tablet.Tests.SigningIn;

public sealed partial class ShellTests(StaffedTablet staffed) : IClassFixture<StaffedTablet>
{
    [Theory]
    [InlineData("en", "Microneedling tablet")]
    [InlineData("es", "Tableta de microagujas")]
    public async Task The_manifest_is_in_the_tablets_language_and_its_icons_have_the_sizes_it_says(string language, string name)
    {
        using var visitor = Speaking(language);
        using var manifest = JsonDocument.Parse(await visitor.ReadAsync("/manifest.webmanifest"));
        Assert.Equal(name, manifest.RootElement.GetProperty("name").GetString());
        Assert.Equal(language, manifest.RootElement.GetProperty("lang").GetString());

        foreach (var icon in manifest.RootElement.GetProperty("icons").EnumerateArray().Where(icon => icon.GetProperty("type").GetString() == "image/png"))
        {
            byte[] png = await visitor.Http.GetByteArrayAsync(icon.GetProperty("src").GetString());
            int width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16));
            int height = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20));
            Assert.Equal(icon.GetProperty("sizes").GetString(), $"{width}x{height}");
            Assert.True(png.Length < 20_000);
        }
    }

    [Fact]
    public async Task The_service_worker_keeps_only_what_is_there_for_everybody_and_never_anything_with_data()
    {
        using var visitor = Speaking("en");
        var shell = await ShellOfAsync(visitor);
        string[] kept = [.. shell.GetProperty("files").EnumerateArray().Select(file => file.GetString()!), shell.GetProperty("offline").GetString()!];

        Assert.Contains("/site.css", kept);
        Assert.Contains("/pages.js", kept);
        Assert.All(kept, path => Assert.Matches(@"^/([A-Za-z0-9._-]+\.(js|css|svg|png)|offline)$", path));
        foreach (string path in kept)
        {
            await visitor.ReadAsync(path);
        }

        string offline = await visitor.ReadAsync("/offline");
        Assert.Contains("STOP cannot be sent from here.", offline, StringComparison.Ordinal);
        Assert.Contains("emergency stop", offline, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"stop\"", offline, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_version_is_of_its_content_language_and_theme()
    {
        using var english = Speaking("en");
        using var spanish = Speaking("es");
        string version = (await ShellOfAsync(english)).GetProperty("version").GetString()!;

        Assert.Matches("^[0-9a-f]{16}-en-auto$", version);
        Assert.Equal(version, (await ShellOfAsync(english)).GetProperty("version").GetString());
        Assert.Equal(version.Replace("-en-", "-es-", StringComparison.Ordinal), (await ShellOfAsync(spanish)).GetProperty("version").GetString());
    }

    private Visitor Speaking(string language)
    {
        var visitor = staffed.Arrive();
        visitor.Http.DefaultRequestHeaders.Add("Cookie", $"language={language}");
        return visitor;
    }

    private static async Task<JsonElement> ShellOfAsync(Visitor visitor)
    {
        string worker = await visitor.ReadAsync("/sw.js");
        return JsonDocument.Parse(Shell().Match(worker).Groups["shell"].Value).RootElement;
    }

    [GeneratedRegex(@"^self\.shell = (?<shell>\{.*\});\n")]
    private static partial Regex Shell();
}
