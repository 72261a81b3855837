namespace Microneedling.Firmware
{
    /// <summary>
    /// The second board, a classic ESP32 DevKitC (WROOM module, revision 3). Free of strapping (0, 2, 5, 12, 15), flash
    /// (6 … 11), debugger (12 … 15) and console (1, 3) pins. What is left is too little for everything: the external
    /// watchdog cannot be read back, the depth stage's driver has no DIAG wire, and there is no LED. 34 … 39 are inputs
    /// without pull resistors: the board has its own. The same table is in hardware-docs/pinout.md.
    /// </summary>
    public static class Esp32Rev3
    {
        /// <summary>Its wires.</summary>
        public static BoardProfile Profile()
        {
            BoardProfile board = new BoardProfile();
            board.NeedleStep = 4;
            board.NeedleEnable = 16;
            board.DepthStep = 17;
            board.DepthDirection = 18;
            board.DepthEnable = 19;
            board.WatchdogToggle = 21;
            board.AlarmBuzzer = 22;
            board.SerialTransmit = 23;
            board.HomeSwitch = 25;
            board.LimitSwitch = 26;
            board.Trigger = 27;
            board.EmergencyStop = 32;
            board.CartridgeSeated = 33;
            board.SupplyGood = 34;
            board.Index = 35;
            board.SerialReceive = 36;
            board.NeedleDiagnosis = 39;
            board.HasExternalPulls = true;
            return board;
        }
    }
}
