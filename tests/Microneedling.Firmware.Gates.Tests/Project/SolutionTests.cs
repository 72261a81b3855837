namespace Microneedling.Firmware.Gates.Tests.Project;

/// <summary>
/// Device.sln holds the firmware so that plain .NET builds pass it by, and a machine with the nanoFramework project system builds it in the
/// configuration Firmware.
/// </summary>
public sealed class SolutionTests
{
    private const string NanoFrameworkProjectType = "{11A8DD76-328B-46DF-9F39-F559912D0360}";

    private readonly string[] _lines = [.. File.ReadLines(Repository.PathOf("Device.sln")).Select(line => line.Trim())];

    [Fact]
    public void The_solution_holds_the_firmware_as_a_nanoFramework_project()
    {
        var path = FirmwareProject.ProjectFile.Replace('/', '\\');

        Assert.Equal(
            [$"Project(\"{NanoFrameworkProjectType}\") = \"Microneedling.Firmware\", \"{path}\", \"{ProjectGuid}\""],
            _lines.Where(line => line.Contains(path, StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("Debug", new[] { "ActiveCfg" })]
    [InlineData("Release", new[] { "ActiveCfg" })]
    [InlineData("Firmware", new[] { "ActiveCfg", "Build.0", "Deploy.0" })]
    public void Only_the_configuration_Firmware_builds_and_deploys_the_firmware(string configuration, string[] steps)
    {
        var prefix = $"{ProjectGuid}.{configuration}|Any CPU.";
        var present = _lines
            .Where(line => line.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .Select(line => line[prefix.Length..].Split(' ')[0]);

        Assert.Contains($"{configuration}|Any CPU = {configuration}|Any CPU", _lines);
        Assert.Equal(steps, present.Order(StringComparer.Ordinal));
    }

    private static string ProjectGuid => FirmwareProject.Load().Properties["ProjectGuid"].Single();
}
