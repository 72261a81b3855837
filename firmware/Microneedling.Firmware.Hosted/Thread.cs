using Microneedling.SimulatedBoard;

namespace Microneedling.Firmware
{
    /// <summary>Found before .NET's own, being in the firmware's namespace: the firmware sleeps on the board's time.</summary>
    internal static class Thread
    {
        /// <summary>Sleeps; on the device and here in grains of 10 ms.</summary>
        public static void Sleep(int millisecondsTimeout)
        {
            FirmwareRuntime.Sleep(millisecondsTimeout);
        }
    }
}
