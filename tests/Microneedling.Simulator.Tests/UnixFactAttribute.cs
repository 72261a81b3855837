namespace Microneedling.Simulator.Tests;

/// <summary>A test of what only Unix has: pseudo-terminals and signals.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Windows has neither pseudo-terminals nor signals.";
        }
    }
}
