using Microsoft.CodeAnalysis;

namespace Microneedling.Firmware.Gates.Tests.Compile;

/// <summary>Proofs that the compile gate catches what the device lacks and lets pass what it has.</summary>
public sealed class DeviceCompilerTests
{
    /// <summary>Follows CS0518: the compiler also misses the members of the type that it misses.</summary>
    private const string MissingMemberOfMissingType = "CS0656";

    public static TheoryData<string> RejectedNames => [.. Samples.Rejected.Select(sample => sample.What)];

    public static TheoryData<string> AcceptedNames => [.. Samples.Accepted.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(RejectedNames))]
    public void What_the_device_lacks_does_not_compile(string what)
    {
        var sample = Samples.Rejected.Single(candidate => candidate.What == what);

        var build = DeviceCompiler.CompileSample(Samples.Usings + sample.Source, Samples.Libraries);

        var errors = build.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(
            errors.Exists(error => error.Id == sample.ErrorCode && error.GetMessage(null).Contains(sample.Named, StringComparison.Ordinal))
                && errors.TrueForAll(error => error.Id == sample.ErrorCode || error.Id == MissingMemberOfMissingType),
            $"Expected {sample.ErrorCode} about {sample.Named} alone, got:\n{build.Report}");
    }

    [Theory]
    [MemberData(nameof(AcceptedNames))]
    public void What_the_device_has_compiles(string what)
    {
        var build = DeviceCompiler.CompileSample(Samples.Usings + Samples.Accepted[what], Samples.Libraries);

        Assert.True(build.Diagnostics.IsEmpty, build.Report);
    }

    [Fact]
    public void A_library_that_is_not_referenced_cannot_be_used()
    {
        const string Source = "class Sample { System.Device.Pwm.PwmChannel channel = null; object Run() { return channel; } }";

        Assert.Empty(DeviceCompiler.CompileSample(Source, "mscorlib", "System.Device.Pwm").Diagnostics);
        Assert.Equal(["CS0234"], DeviceCompiler.CompileSample(Source, "mscorlib").ErrorCodes);
    }

    [Fact]
    public void A_report_gives_file_line_code_and_text()
    {
        var build = DeviceCompiler.CompileSample("class Sample\n{\n    void Run() { int a = \"\"; }\n}", "mscorlib");

        Assert.Equal("Sample.cs(3): CS0029 Cannot implicitly convert type 'string' to 'int'", build.Report);
        Assert.Empty(build.Image);
    }
}
