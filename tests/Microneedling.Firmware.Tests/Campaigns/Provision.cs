using Microneedling.SimulatedBoard;

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>A board as it comes from production.</summary>
internal static class Provision
{
    public static void FactorySettings(VirtualBoard board) => ArgumentNullException.ThrowIfNull(board);
}
