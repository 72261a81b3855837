namespace Microneedling.Cli.Tests;

/// <summary>A test of what only Unix has: signals and pseudo-terminals.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Windows has neither signals nor pseudo-terminals.";
        }
    }
}
