using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>A board as it comes from production: its own zero measured, both copies of its settings good.</summary>
internal static class Provision
{
    /// <summary>Path of the first copy of the settings.</summary>
    public const string FirstCopy = @"I:\settings-0";

    /// <summary>Path of the second copy of the settings.</summary>
    public const string SecondCopy = @"I:\settings-1";

    public static void FactorySettings(VirtualBoard board)
    {
        var cursor = new PayloadCursor();
        byte[] record = new byte[16];
        record[0] = 0x4D;
        record[1] = 1;
        cursor.StartWriting(record, 2);
        cursor.UInt32(1);
        cursor.UInt32(1);
        cursor.Int16((short)board.Bench.ZeroOffsetMicrometers);
        cursor.UInt32(Crc32.Of(record, 0, 12));
        board.Flash.Restore(new Dictionary<string, byte[]> { [FirstCopy] = record, [SecondCopy] = record });
    }
}
