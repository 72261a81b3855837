namespace Microneedling.Firmware
{
    /// <summary>Entry point of the firmware.</summary>
    public static class Program
    {
        /// <summary>Called by the runtime once, after power-up.</summary>
        public static void Main()
        {
        }
    }
}
