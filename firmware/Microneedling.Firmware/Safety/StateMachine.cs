using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>What can happen to the device, as far as its state is concerned.</summary>
    public enum StateInput : byte
    {
        /// <summary>The board is open.</summary>
        Started = 0,

        /// <summary>The inputs are plausible.</summary>
        SelfTestPassed = 1,

        /// <summary>Home was asked for and may be done.</summary>
        Home = 2,

        /// <summary>Homed and parked.</summary>
        HomingDone = 3,

        /// <summary>Arm was asked for and may be done.</summary>
        Arm = 4,

        /// <summary>The trigger was pressed afresh.</summary>
        TriggerPressed = 5,

        /// <summary>Strokes have ended at top dead centre.</summary>
        StrokesEnded = 6,

        /// <summary>STOP, disarm, or a limit that ends the treatment.</summary>
        Stop = 7,

        /// <summary>Parked and proven.</summary>
        ParkingDone = 8,

        /// <summary>A fault was met.</summary>
        Fault = 9,

        /// <summary>The emergency stop was pressed.</summary>
        EmergencyStop = 10,

        /// <summary>The fault was acknowledged and the position is still proven.</summary>
        AcknowledgedHomed = 11,

        /// <summary>The fault was acknowledged and the position is not known.</summary>
        AcknowledgedUnhomed = 12,

        /// <summary>The self test is to be done again.</summary>
        TestAgain = 13,

        /// <summary>Service was asked for and may be done.</summary>
        EnterService = 14,

        /// <summary>Service ends, and the position is known.</summary>
        LeaveServiceHomed = 15,

        /// <summary>Service ends, and the position is not known.</summary>
        LeaveServiceUnhomed = 16,
    }

    /// <summary>The one transition table. Pure: state and input in, state out; what is not listed is refused.</summary>
    public static class StateMachine
    {
        /// <summary>Not a state: the input is refused.</summary>
        public const byte Refused = 0xFF;

        private const int InputCount = 17;
        private const int StateCount = 11;

        // From, input, to.
        private static readonly byte[] Rows = new byte[]
        {
            (byte)DeviceState.Booting, (byte)StateInput.Started, (byte)DeviceState.SelfTest,
            (byte)DeviceState.SelfTest, (byte)StateInput.SelfTestPassed, (byte)DeviceState.Unhomed,

            (byte)DeviceState.Unhomed, (byte)StateInput.Home, (byte)DeviceState.Homing,
            (byte)DeviceState.Parked, (byte)StateInput.Home, (byte)DeviceState.Homing,
            (byte)DeviceState.Homing, (byte)StateInput.HomingDone, (byte)DeviceState.Parked,

            (byte)DeviceState.Parked, (byte)StateInput.Arm, (byte)DeviceState.Armed,
            (byte)DeviceState.Armed, (byte)StateInput.TriggerPressed, (byte)DeviceState.Running,
            (byte)DeviceState.Running, (byte)StateInput.StrokesEnded, (byte)DeviceState.Armed,

            (byte)DeviceState.Homing, (byte)StateInput.Stop, (byte)DeviceState.Unhomed,
            (byte)DeviceState.Armed, (byte)StateInput.Stop, (byte)DeviceState.Retracting,
            (byte)DeviceState.Running, (byte)StateInput.Stop, (byte)DeviceState.Retracting,
            (byte)DeviceState.Retracting, (byte)StateInput.ParkingDone, (byte)DeviceState.Parked,

            (byte)DeviceState.Parked, (byte)StateInput.EnterService, (byte)DeviceState.Service,
            (byte)DeviceState.Unhomed, (byte)StateInput.EnterService, (byte)DeviceState.Service,
            (byte)DeviceState.Service, (byte)StateInput.LeaveServiceHomed, (byte)DeviceState.Retracting,
            (byte)DeviceState.Service, (byte)StateInput.LeaveServiceUnhomed, (byte)DeviceState.Unhomed,

            (byte)DeviceState.Unhomed, (byte)StateInput.TestAgain, (byte)DeviceState.SelfTest,
            (byte)DeviceState.Faulted, (byte)StateInput.TestAgain, (byte)DeviceState.SelfTest,
            (byte)DeviceState.EmergencyStopped, (byte)StateInput.TestAgain, (byte)DeviceState.SelfTest,

            (byte)DeviceState.Booting, (byte)StateInput.Fault, (byte)DeviceState.Faulted,
            (byte)DeviceState.SelfTest, (byte)StateInput.Fault, (byte)DeviceState.Faulted,
            (byte)DeviceState.Unhomed, (byte)StateInput.Fault, (byte)DeviceState.Faulted,
            (byte)DeviceState.Homing, (byte)StateInput.Fault, (byte)DeviceState.Faulted,
            (byte)DeviceState.Parked, (byte)StateInput.Fault, (byte)DeviceState.Faulted,
            (byte)DeviceState.Armed, (byte)StateInput.Fault, (byte)DeviceState.Faulted,
            (byte)DeviceState.Running, (byte)StateInput.Fault, (byte)DeviceState.Faulted,
            (byte)DeviceState.Retracting, (byte)StateInput.Fault, (byte)DeviceState.Faulted,
            (byte)DeviceState.Service, (byte)StateInput.Fault, (byte)DeviceState.Faulted,

            (byte)DeviceState.Booting, (byte)StateInput.EmergencyStop, (byte)DeviceState.EmergencyStopped,
            (byte)DeviceState.SelfTest, (byte)StateInput.EmergencyStop, (byte)DeviceState.EmergencyStopped,
            (byte)DeviceState.Unhomed, (byte)StateInput.EmergencyStop, (byte)DeviceState.EmergencyStopped,
            (byte)DeviceState.Homing, (byte)StateInput.EmergencyStop, (byte)DeviceState.EmergencyStopped,
            (byte)DeviceState.Parked, (byte)StateInput.EmergencyStop, (byte)DeviceState.EmergencyStopped,
            (byte)DeviceState.Armed, (byte)StateInput.EmergencyStop, (byte)DeviceState.EmergencyStopped,
            (byte)DeviceState.Running, (byte)StateInput.EmergencyStop, (byte)DeviceState.EmergencyStopped,
            (byte)DeviceState.Retracting, (byte)StateInput.EmergencyStop, (byte)DeviceState.EmergencyStopped,
            (byte)DeviceState.Service, (byte)StateInput.EmergencyStop, (byte)DeviceState.EmergencyStopped,
            (byte)DeviceState.Faulted, (byte)StateInput.EmergencyStop, (byte)DeviceState.EmergencyStopped,

            (byte)DeviceState.Faulted, (byte)StateInput.AcknowledgedHomed, (byte)DeviceState.Parked,
            (byte)DeviceState.Faulted, (byte)StateInput.AcknowledgedUnhomed, (byte)DeviceState.Unhomed,
            (byte)DeviceState.EmergencyStopped, (byte)StateInput.AcknowledgedUnhomed, (byte)DeviceState.Unhomed,
        };

        private static readonly byte[] Table = Spread();

        /// <summary>The state that follows, or <see cref="Refused"/>.</summary>
        public static byte Next(DeviceState state, StateInput input)
        {
            return Table[((int)state * InputCount) + (int)input];
        }

        private static byte[] Spread()
        {
            byte[] table = new byte[StateCount * InputCount];
            for (int i = 0; i < table.Length; i++)
            {
                table[i] = Refused;
            }

            for (int row = 0; row < Rows.Length; row += 3)
            {
                table[(Rows[row] * InputCount) + Rows[row + 1]] = Rows[row + 2];
            }

            return table;
        }
    }
}
