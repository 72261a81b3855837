using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// One reading of all inputs a tick, as the bits of <see cref="Inputs"/>, so that everything in a tick decides on the
    /// same picture. A broken wire reads as the safe side: limit open, emergency stop pressed, no cartridge, no supply, driver
    /// at fault.
    /// </summary>
    public sealed class BoardInputs
    {
        private readonly Board board;

        /// <summary>The latest reading.</summary>
        public ushort Bits;

        public BoardInputs(Board board)
        {
            this.board = board;
        }

        /// <summary>Reads every input once.</summary>
        public void Read()
        {
            int bits = 0;
            if (!(bool)board.Trigger.Read())
            {
                bits |= Inputs.TriggerPressed;
            }

            if (!(bool)board.HomeSwitch.Read())
            {
                bits |= Inputs.HomeSwitchClosed;
            }

            if ((bool)board.LimitSwitch.Read())
            {
                bits |= Inputs.LimitSwitchOpen;
            }

            if ((bool)board.Index.Read())
            {
                bits |= Inputs.IndexFlag;
            }

            if ((bool)board.EmergencyStop.Read())
            {
                bits |= Inputs.EmergencyStop;
            }

            if (!(bool)board.CartridgeSeated.Read())
            {
                bits |= Inputs.CartridgeSeated;
            }

            if ((bool)board.SupplyGood.Read())
            {
                bits |= Inputs.SupplyGood;
            }

            if (board.NeedleDiagnosis != null && (bool)board.NeedleDiagnosis.Read())
            {
                bits |= Inputs.NeedleDriverFault;
            }

            if (board.DepthDiagnosis != null && (bool)board.DepthDiagnosis.Read())
            {
                bits |= Inputs.DepthDriverFault;
            }

            Bits = (ushort)bits;
        }

        /// <summary>Whether an input bit is set in the latest reading.</summary>
        public bool Has(ushort input)
        {
            return (Bits & input) != 0;
        }
    }
}
