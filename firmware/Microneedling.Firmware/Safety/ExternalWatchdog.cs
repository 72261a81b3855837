namespace Microneedling.Firmware
{
    /// <summary>
    /// Gives the external watchdog its edge, but only when every part of the tick has reported that it ran. Without an
    /// edge for 200 ms the watchdog drops both enables in hardware.
    /// </summary>
    public sealed class ExternalWatchdog
    {
        /// <summary>Inputs were read.</summary>
        public const int InputsRead = 0x01;

        /// <summary>What must hold was looked at.</summary>
        public const int Supervised = 0x02;

        /// <summary>Commands and trigger were followed.</summary>
        public const int Planned = 0x04;

        /// <summary>Motion was given its time.</summary>
        public const int Moved = 0x08;

        /// <summary>The host was told.</summary>
        public const int Published = 0x10;

        private const int Everything = InputsRead | Supervised | Planned | Moved | Published;

        private readonly Board board;
        private int ran;

        public ExternalWatchdog(Board board)
        {
            this.board = board;
        }

        /// <summary>A part of the tick ran.</summary>
        public void Ran(int part)
        {
            ran |= part;
        }

        /// <summary>The tick is over: an edge, if every part ran since the last one and edges are not withheld.</summary>
        public void EndTick(bool withheld)
        {
            if (ran == Everything && !withheld)
            {
                board.WatchdogToggle.Toggle();
            }

            ran = 0;
        }
    }
}
