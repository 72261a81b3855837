namespace Microneedling.Sessions.Tests;

/// <summary>A test of what only Unix has, such as file modes.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Windows has no file modes.";
        }
    }
}
