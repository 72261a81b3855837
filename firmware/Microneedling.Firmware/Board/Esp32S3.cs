namespace Microneedling.Firmware
{
    /// <summary>
    /// The reference board, an ESP32-S3 DevKitC without PSRAM. Free of strapping (0, 3, 45, 46), USB (19, 20), flash
    /// (26 … 37), debugger (39 … 42) and console (43, 44) pins. The same table is in hardware-docs/pinout.md.
    /// </summary>
    public static class Esp32S3
    {
        /// <summary>Its wires.</summary>
        public static BoardProfile Profile()
        {
            BoardProfile board = new BoardProfile();
            board.AlarmLed = 1;
            board.WatchdogToggle = 2;
            board.NeedleStep = 4;
            board.NeedleEnable = 5;
            board.DepthStep = 6;
            board.DepthDirection = 7;
            board.HomeSwitch = 8;
            board.LimitSwitch = 9;
            board.Trigger = 10;
            board.EmergencyStop = 11;
            board.CartridgeSeated = 12;
            board.SupplyGood = 13;
            board.NeedleDiagnosis = 14;
            board.DepthEnable = 15;
            board.Index = 16;
            board.SerialTransmit = 17;
            board.SerialReceive = 18;
            board.DepthDiagnosis = 21;
            board.WatchdogGood = 38;
            board.AlarmBuzzer = 47;
            return board;
        }
    }
}
