using System;
using nanoFramework.Runtime.Native;

namespace Microneedling.Firmware
{
    /// <summary>Entry point of the firmware.</summary>
    public static class Program
    {
        /// <summary>Called by the runtime once, after power-up. Returns only on a board it does not know, having touched nothing.</summary>
        public static void Main()
        {
            BoardProfile profile = BoardProfile.ForTarget(SystemInfo.TargetName);
            if (profile == null)
            {
                return;
            }

            ControlLoop loop = new ControlLoop(new Board(profile), NewBootId());
            loop.Start();
            while (true)
            {
                try
                {
                    while (true)
                    {
                        loop.Tick();
                        loop.Store();
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
