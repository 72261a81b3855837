// What the firmware's .nfproj and packages.config say: sources, references, packages, language. Reads; judges nothing.

using System.Collections.Immutable;
using System.Xml.Linq;

namespace Microneedling.Firmware.Gates.Tests.Project;

/// <summary>A Reference item: the assembly's identity and where its file is expected.</summary>
internal sealed record LibraryReference(string Name, string Version, string PublicKeyToken, string HintPath);

/// <summary>A packages.config entry.</summary>
internal sealed record PackageEntry(string Id, string Version, string TargetFramework);

internal sealed class FirmwareProject
{
    /// <summary>The folder with the firmware's own sources.</summary>
    public const string Folder = "firmware/Microneedling.Firmware";

    /// <summary>The folder with the sources that firmware and host share.</summary>
    public const string SharedFolder = "shared/Microneedling.Protocol";

    /// <summary>The project file.</summary>
    public const string ProjectFile = Folder + "/Microneedling.Firmware.nfproj";

    private FirmwareProject(XElement project, XElement packages)
    {
        Sources = [.. Items(project, "Compile").Select(item => ResolvePath(item.Attribute("Include")!.Value))];
        References = [.. Items(project, "Reference").Select(ReadReference)];
        Properties = project.Elements().Where(element => element.Name.LocalName == "PropertyGroup")
            .SelectMany(group => group.Elements())
            .ToLookup(property => property.Name.LocalName, property => property.Value);
        Packages =
        [
            .. packages.Elements().Select(package => new PackageEntry(
                package.Attribute("id")!.Value, package.Attribute("version")!.Value, package.Attribute("targetFramework")!.Value)),
        ];
    }

    /// <summary>The Compile items by their path from the repository's root, in the project's order.</summary>
    public ImmutableArray<string> Sources { get; }

    /// <summary>The Reference items.</summary>
    public ImmutableArray<LibraryReference> References { get; }

    /// <summary>The packages.config entries.</summary>
    public ImmutableArray<PackageEntry> Packages { get; }

    /// <summary>The project's properties, with every value given to each.</summary>
    public ILookup<string, string> Properties { get; }

    /// <summary>Reads both files.</summary>
    public static FirmwareProject Load() => new(
        XElement.Load(Repository.PathOf(ProjectFile)),
        XElement.Load(Repository.PathOf(Folder + "/packages.config")));

    private static IEnumerable<XElement> Items(XElement project, string kind) =>
        project.Descendants().Where(element => element.Name.LocalName == kind && element.Attribute("Include") is not null);

    private static LibraryReference ReadReference(XElement item)
    {
        var identity = item.Attribute("Include")!.Value.Split(", ");
        var parts = identity.Skip(1).Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        var hint = item.Elements().Single(element => element.Name.LocalName == "HintPath").Value;
        return new(identity[0], parts["Version"], parts["PublicKeyToken"], ResolvePath(hint));
    }

    private static string ResolvePath(string fromProject) =>
        Repository.RelativeName(Path.GetFullPath(Path.Combine(Repository.PathOf(Folder), fromProject.Replace('\\', '/'))));
}
