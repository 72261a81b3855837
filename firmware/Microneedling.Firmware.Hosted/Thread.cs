using Microneedling.SimulatedBoard;

namespace System.Threading
{
    /// <summary>Stands in front of .NET's own: the firmware sleeps on the board's time.</summary>
    internal static class Thread
    {
        /// <summary>Sleeps; on the device and here in grains of 10 ms.</summary>
        public static void Sleep(int millisecondsTimeout)
        {
            FirmwareRuntime.Sleep(millisecondsTimeout);
        }
    }
}
