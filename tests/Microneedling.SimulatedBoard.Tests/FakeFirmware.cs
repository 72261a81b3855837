using System.Runtime.ExceptionServices;

namespace Microneedling.SimulatedBoard.Tests;

/// <summary>Runs small firmwares on boards in virtual time.</summary>
internal static class FakeFirmware
{
    internal const int Milliseconds = 1_000;
    internal const int Seconds = 1_000_000;

    /// <summary>Gives power and lets the board run until the firmware has ended; what it threw is thrown here.</summary>
    internal static void RunToEnd(this VirtualBoard board, Action firmware, long timeoutMicroseconds = 60 * Seconds)
    {
        board.PowerOn(firmware);
        bool ended = board.RunUntil(() => board.FirmwareState != FirmwareState.Running, timeoutMicroseconds);
        board.ThrowFirmwareException();
        Assert.True(ended, "The firmware has not ended in time.");
    }

    /// <summary>Lets the board run; what the firmware threw is thrown here.</summary>
    internal static void Run(this VirtualBoard board, long microseconds)
    {
        board.RunFor(microseconds);
        board.ThrowFirmwareException();
    }

    private static void ThrowFirmwareException(this VirtualBoard board)
    {
        if (board.FirmwareException is { } exception)
        {
            ExceptionDispatchInfo.Throw(exception);
        }
    }
}
