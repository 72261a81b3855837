// One thing put on the line by somebody who does not keep to the protocol, as it can be printed and pasted.

using System.Globalization;

namespace Microneedling.Firmware.Tests.Fuzz;

/// <summary>Bytes for the line.</summary>
/// <param name="Hex">The bytes.</param>
/// <param name="TokenMask">When not null, an arm frame goes before them, with the token in force changed by this mask; 0: the right one.</param>
public sealed record Shot(string Hex, uint? TokenMask = null)
{
    /// <summary>The bytes.</summary>
    public byte[] Bytes => Convert.FromHexString(Hex);

    /// <summary>As C# to be pasted.</summary>
    public override string ToString() => TokenMask is { } mask
        ? string.Create(CultureInfo.InvariantCulture, $"new Shot(\"{Hex}\", 0x{mask:X8})")
        : $"new Shot(\"{Hex}\")";
}
