using Microneedling.Protocol;

namespace Microneedling.Cli;

/// <summary>What this program is.</summary>
internal static class Host
{
    internal static string Version { get; } = typeof(Host).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    internal static string Protocol { get; } = Voice.Line($"{ProtocolVersion.Major}.{ProtocolVersion.Minor}");
}
