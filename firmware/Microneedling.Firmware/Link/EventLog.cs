using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Ring of the latest events, numbered from 1 at every start. Keeps them in primitive arrays; an event that falls off
    /// the end shows as a gap in the numbers.
    /// </summary>
    public sealed class EventLog
    {
        private const int Capacity = 128;

        private readonly uint[] uptimes = new uint[Capacity];
        private readonly ushort[] codes = new ushort[Capacity];
        private readonly int[] firstArguments = new int[Capacity];
        private readonly int[] secondArguments = new int[Capacity];

        /// <summary>Number of the latest event; 0 when there is none.</summary>
        public uint LatestNumber { get; private set; }

        /// <summary>Number of the oldest event still kept; 0 when there is none.</summary>
        public uint OldestNumber
        {
            get { return LatestNumber <= Capacity ? (LatestNumber == 0 ? 0u : 1u) : LatestNumber - Capacity + 1; }
        }

        /// <summary>Keeps an event.</summary>
        public void Add(long nowMicroseconds, EventCode code, int argument1, int argument2)
        {
            LatestNumber++;
            int slot = (int)(LatestNumber % Capacity);
            uptimes[slot] = (uint)(nowMicroseconds / 1000);
            codes[slot] = (ushort)code;
            firstArguments[slot] = argument1;
            secondArguments[slot] = argument2;
        }

        /// <summary>Fills a report with an event that is still kept.</summary>
        public void Fill(EventReport report, uint number)
        {
            int slot = (int)(number % Capacity);
            report.Number = number;
            report.UptimeMilliseconds = uptimes[slot];
            report.Code = codes[slot];
            report.Argument1 = firstArguments[slot];
            report.Argument2 = secondArguments[slot];
        }
    }
}
