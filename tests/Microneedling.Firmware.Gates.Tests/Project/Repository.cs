// Finds the repository's files from the place where the tests run, and speaks of them by their path from its root.

namespace Microneedling.Firmware.Gates.Tests.Project;

internal static class Repository
{
    private static readonly Lazy<string> FoundRoot = new(FindRoot);

    /// <summary>The folder that holds Device.sln.</summary>
    public static string Root => FoundRoot.Value;

    /// <summary>An absolute path, from one relative to the root with forward slashes.</summary>
    public static string PathOf(string relativePath) => Path.GetFullPath(Path.Combine(Root, relativePath));

    /// <summary>The path from the root, with forward slashes on every system.</summary>
    public static string RelativeName(string absolutePath) => Path.GetRelativePath(Root, absolutePath).Replace('\\', '/');

    /// <summary>Every C# file under a folder, except what a build leaves behind, by relative name.</summary>
    public static IEnumerable<string> SourcesUnder(string relativeFolder) => Directory
        .EnumerateFiles(PathOf(relativeFolder), "*.cs", SearchOption.AllDirectories)
        .Select(RelativeName)
        .Where(name => !name[relativeFolder.Length..].Split('/').Any(part => part is "bin" or "obj"));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Device.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Device.sln.");
    }
}
