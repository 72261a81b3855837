using Microneedling.Firmware.Gates.Tests.References;

namespace Microneedling.Firmware.Gates.Tests.Project;

/// <summary>The firmware's project file lists every source and names the libraries that the gates compile against.</summary>
public sealed class ProjectFilesTests
{
    private readonly FirmwareProject _project = FirmwareProject.Load();

    [Fact]
    public void The_project_lists_every_firmware_and_protocol_source_once_and_nothing_else()
    {
        var present = Repository.SourcesUnder(FirmwareProject.Folder).Concat(Repository.SourcesUnder(FirmwareProject.SharedFolder));

        Assert.Equal(present.Order(StringComparer.Ordinal), _project.Sources.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void References_name_libraries_of_the_signature_table_with_its_version_token_and_package_folder()
    {
        Assert.NotEmpty(_project.References);
        foreach (var reference in _project.References)
        {
            var library = SignatureTable.Find(reference.Name);
            Assert.True(library is not null, $"{reference.Name} is not in the signature table.");
            Assert.Equal(
                new LibraryReference(
                    library.Name,
                    library.AssemblyVersion,
                    library.PublicKeyToken,
                    $"packages/{library.Package}.{library.Version}/lib/{library.Name}.dll"),
                reference);
        }
    }

    [Fact]
    public void Every_library_that_a_referenced_library_needs_is_referenced_too()
    {
        var named = _project.References.Select(reference => reference.Name).ToHashSet();
        var missing = named.SelectMany(name => SignatureTable.Find(name)!.References).Where(name => !named.Contains(name)).Distinct();

        Assert.Empty(missing);
    }

    [Fact]
    public void Packages_are_those_of_the_references_in_the_same_versions()
    {
        var wanted = _project.References
            .Select(reference => SignatureTable.Find(reference.Name)!)
            .Select(library => new PackageEntry(library.Package, library.Version, "netnano1.0"));

        Assert.Equal(wanted.OrderBy(entry => entry.Id, StringComparer.Ordinal), _project.Packages.OrderBy(entry => entry.Id, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("LangVersion", "9.0")]
    [InlineData("TargetFrameworkVersion", "v1.0")]
    [InlineData("OutputType", "Exe")]
    [InlineData("TreatWarningsAsErrors", "true")]
    [InlineData("ProjectTypeGuids", "{11A8DD76-328B-46DF-9F39-F559912D0360};{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}")]
    public void The_project_says_what_the_gates_assume(string property, string value)
    {
        Assert.Equal([value], _project.Properties[property]);
    }

    [Theory]
    [InlineData("DefineConstants")]
    [InlineData("AllowUnsafeBlocks")]
    [InlineData("CheckForOverflowUnderflow")]
    [InlineData("NoWarn")]
    [InlineData("Nullable")]
    public void The_project_leaves_alone_what_the_gates_take_as_default(string property)
    {
        Assert.Empty(_project.Properties[property]);
    }
}
