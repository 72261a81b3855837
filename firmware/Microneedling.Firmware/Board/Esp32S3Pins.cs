namespace Microneedling.Firmware
{
    /// <summary>
    /// Pin map of the reference board, an ESP32-S3 DevKitC without PSRAM. Free of strapping (0, 3, 45, 46), USB (19, 20),
    /// flash (26 … 37), debugger (39 … 42) and console (43, 44) pins. The same table is in hardware-docs/pinout.md.
    /// </summary>
    public static class Esp32S3Pins
    {
        /// <summary>Output, PWM1: step pulses of the needle drive.</summary>
        public const int NeedleStep = 4;

        /// <summary>Output: needle driver enabled while high. Pulled down.</summary>
        public const int NeedleEnable = 5;

        /// <summary>Output: one depth-stage step per rising edge.</summary>
        public const int DepthStep = 6;

        /// <summary>Output: depth stage extends while high, retracts while low.</summary>
        public const int DepthDirection = 7;

        /// <summary>Output: depth-stage driver enabled while high. Pulled down.</summary>
        public const int DepthEnable = 15;

        /// <summary>Input: index flag, high within an eighth of a stroke of top dead centre. Also counted by hardware.</summary>
        public const int Index = 16;

        /// <summary>COM2 transmit.</summary>
        public const int SerialTransmit = 17;

        /// <summary>COM2 receive.</summary>
        public const int SerialReceive = 18;

        /// <summary>Input, pulled up: low while the home switch is closed.</summary>
        public const int HomeSwitch = 8;

        /// <summary>Input, pulled up: high when the limit switch has opened or its wire is broken.</summary>
        public const int LimitSwitch = 9;

        /// <summary>Input, pulled up: low while the trigger is pressed.</summary>
        public const int Trigger = 10;

        /// <summary>Input, pulled up: high when the emergency stop is pressed or its loop is broken.</summary>
        public const int EmergencyStop = 11;

        /// <summary>Input, pulled up: low while a cartridge is seated.</summary>
        public const int CartridgeSeated = 12;

        /// <summary>Input, pulled down: high while the supply is good.</summary>
        public const int SupplyGood = 13;

        /// <summary>Output: must change at least every 200 ms, else the external watchdog drops both enables.</summary>
        public const int WatchdogToggle = 2;
    }
}
