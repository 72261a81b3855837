using System;

namespace Microneedling.Firmware
{
    /// <summary>Entry point of the firmware.</summary>
    public static class Program
    {
        /// <summary>Called by the runtime once, after power-up. Never returns.</summary>
        public static void Main()
        {
            ControlLoop loop = new ControlLoop(new Board(), NewBootId());
            loop.Start();
            while (true)
            {
                try
                {
                    while (true)
                    {
                        loop.Tick();
                        loop.Wait();
                    }
                }
                catch (Exception)
                {
                    loop.Fail();
                }
            }
        }

        private static uint NewBootId()
        {
            return (uint)new Random().Next() | 1u;
        }
    }
}
