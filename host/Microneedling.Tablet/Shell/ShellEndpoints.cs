// The installed app's shell: manifest, and a service worker that keeps styles, scripts, icons and the page "the program does
// not answer". Nobody need be signed in for these: they hold nothing of a client.

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Shell;

/// <summary>What makes the tablet's pages an app.</summary>
public static class ShellEndpoints
{
    /// <summary>The page that is shown when the program does not answer.</summary>
    public const string OfflinePath = "/offline";

    private const string WorkerFile = "service-worker.js";
    private static readonly string[] ShellKinds = [".js", ".css", ".svg", ".png"];

    /// <summary>Maps /manifest.webmanifest and /sw.js.</summary>
    public static void MapShell(this IEndpointRouteBuilder routes)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        var files = Directory.EnumerateFiles(folder)
            .Where(file => ShellKinds.Contains(Path.GetExtension(file)) && Path.GetFileName(file) != WorkerFile)
            .Order(StringComparer.Ordinal)
            .ToArray();
        string worker = File.ReadAllText(Path.Combine(folder, WorkerFile));
        string content = VersionOf(files, worker);

        routes.MapGet("/sw.js", (HttpRequest request, Texts texts) =>
        {
            // The kept page is in one language and theme: another choice is another version.
            var shell = new
            {
                version = $"{content}-{texts.Language}-{Theme.Of(request)}",
                files = files.Select(file => "/" + Path.GetFileName(file)),
                offline = OfflinePath,
            };
            return TypedResults.Content($"self.shell = {JsonSerializer.Serialize(shell)};\n{worker}", "text/javascript; charset=utf-8");
        }).AllowAnonymous();

        routes.MapGet("/manifest.webmanifest", (Texts texts) => TypedResults.Json(
            new
            {
                id = "/",
                name = texts["settings.app-name"],
                short_name = texts["settings.app-shortName"],
                description = texts["settings.app-description"],
                lang = texts.Language,
                start_url = "/",
                scope = "/",
                display = "standalone",
                orientation = "any",
                background_color = "#0f171e",
                theme_color = "#0f171e",
                icons = new object[]
                {
                    new { src = "/icon.svg", type = "image/svg+xml", sizes = "any", purpose = "any" },
                    new { src = "/icon-192.png", type = "image/png", sizes = "192x192", purpose = "any" },
                    new { src = "/icon-512.png", type = "image/png", sizes = "512x512", purpose = "any" },
                    new { src = "/icon-maskable-512.png", type = "image/png", sizes = "512x512", purpose = "maskable" },
                },
            },
            JsonSerializerOptions.Default,
            "application/manifest+json")).AllowAnonymous();
    }

    private static string VersionOf(IEnumerable<string> files, string worker)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(worker));
        hash.AppendData(typeof(ShellEndpoints).Module.ModuleVersionId.ToByteArray()); // The kept page comes from there.
        foreach (string file in files)
        {
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
