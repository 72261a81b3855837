namespace Microneedling.Firmware
{
    /// <summary>
    /// What a board's wires are connected to and what it lacks. One file a board fills it in; everything else asks here.
    /// A pin of -1 is not wired, and what hangs on it does not exist on that board.
    /// </summary>
    public sealed class BoardProfile
    {
        /// <summary>Not wired.</summary>
        public const int NotWired = -1;

        /// <summary>Output, PWM1: step pulses of the needle drive.</summary>
        public int NeedleStep = NotWired;

        /// <summary>Output: needle driver enabled while high. Pulled down.</summary>
        public int NeedleEnable = NotWired;

        /// <summary>Output: one depth-stage step per rising edge.</summary>
        public int DepthStep = NotWired;

        /// <summary>Output: depth stage extends while high, retracts while low.</summary>
        public int DepthDirection = NotWired;

        /// <summary>Output: depth-stage driver enabled while high. Pulled down.</summary>
        public int DepthEnable = NotWired;

        /// <summary>Output: must change at least every 200 ms, else the external watchdog drops both enables.</summary>
        public int WatchdogToggle = NotWired;

        /// <summary>Output, may be missing: red alarm LED, lit while high.</summary>
        public int AlarmLed = NotWired;

        /// <summary>Output, may be missing: active buzzer, sounding while high.</summary>
        public int AlarmBuzzer = NotWired;

        /// <summary>COM2 transmit.</summary>
        public int SerialTransmit = NotWired;

        /// <summary>COM2 receive.</summary>
        public int SerialReceive = NotWired;

        /// <summary>Input: index flag, high within an eighth of a stroke of top dead centre. Also counted by hardware.</summary>
        public int Index = NotWired;

        /// <summary>Input, pulled up: low while the home switch is closed.</summary>
        public int HomeSwitch = NotWired;

        /// <summary>Input, pulled up: high when the limit switch has opened or its wire is broken.</summary>
        public int LimitSwitch = NotWired;

        /// <summary>Input, pulled up: low while the trigger is pressed.</summary>
        public int Trigger = NotWired;

        /// <summary>Input, pulled up: high when the emergency stop is pressed or its loop is broken.</summary>
        public int EmergencyStop = NotWired;

        /// <summary>Input, pulled up: low while a cartridge is seated.</summary>
        public int CartridgeSeated = NotWired;

        /// <summary>Input, pulled down: high while the supply is good.</summary>
        public int SupplyGood = NotWired;

        /// <summary>Input, may be missing, pulled up: low while the needle driver is well.</summary>
        public int NeedleDiagnosis = NotWired;

        /// <summary>Input, may be missing, pulled up: low while the depth stage's driver is well.</summary>
        public int DepthDiagnosis = NotWired;

        /// <summary>Input, may be missing: high while the external watchdog holds the enables.</summary>
        public int WatchdogGood = NotWired;

        /// <summary>Whether the pulls of SupplyGood and NeedleDiagnosis are resistors on the board, because these pins have none.</summary>
        public bool HasExternalPulls;

        /// <summary>The profile for the runtime's own name of its target, or null: an unknown board moves nothing.</summary>
        public static BoardProfile ForTarget(string targetName)
        {
            if (targetName.StartsWith("ESP32_S3"))
            {
                return Esp32S3.Profile();
            }

            return targetName.StartsWith("ESP32_REV3") ? Esp32Rev3.Profile() : null;
        }
    }
}
