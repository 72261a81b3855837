using Microneedling.SimulatedBoard;

namespace nanoFramework.Runtime.Native;

/// <summary>What the firmware runs on. Of the surface of nanoFramework.Runtime.Native 1.7.11 only what tells boards apart.</summary>
public static class SystemInfo
{
    /// <summary>The runtime image's target, such as ESP32_S3_QUAD.</summary>
    public static string TargetName
    {
        get
        {
            using BoardCall call = FirmwareRun.Call(ApiCosts.SystemInfo);
            return call.Board.Chip.TargetName;
        }
    }

    /// <summary>The family of the target: ESP32 on the S3, too.</summary>
    public static string Platform
    {
        get
        {
            using BoardCall call = FirmwareRun.Call(ApiCosts.SystemInfo);
            return call.Board.Chip.Platform;
        }
    }
}
