namespace Microneedling.Client.Tests.Transports;

/// <summary>A test of what only Unix has, such as pseudo-terminals.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Windows has no pseudo-terminals.";
        }
    }
}
