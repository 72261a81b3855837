using System;
using Microneedling.SimulatedBoard;

namespace Microneedling.Firmware
{
    /// <summary>Found before .NET's own, being in the firmware's namespace: chance comes from the board's seed.</summary>
    internal sealed class Random
    {
        /// <summary>0 … 2 147 483 646.</summary>
        public int Next()
        {
            return FirmwareRuntime.NextRandom();
        }

        /// <summary>0 … <paramref name="maxValue"/> - 1.</summary>
        public int Next(int maxValue)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(maxValue, 1);
            return FirmwareRuntime.NextRandom() % maxValue;
        }

        /// <summary>Fills the whole buffer.</summary>
        public void NextBytes(byte[] buffer)
        {
            for (int i = 0; i < buffer.Length; i++)
            {
                buffer[i] = (byte)Next(256);
            }
        }
    }
}
