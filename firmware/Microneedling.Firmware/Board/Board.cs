using System.Device.Gpio;
using System.Device.Pwm;
using System.IO.Ports;
using Microneedling.Protocol;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.Firmware
{
    /// <summary>
    /// The board's electrical side: opens every pin that its profile names, the one PWM channel, the stroke counter and
    /// the serial port, and gives them names. Decides nothing. Outputs open low, which enables no driver.
    /// </summary>
    public sealed class Board
    {
        /// <summary>Output level high; kept, because making one allocates.</summary>
        public static readonly PinValue High = PinValue.High;

        /// <summary>Output level low.</summary>
        public static readonly PinValue Low = PinValue.Low;

        private const int BaudRate = 115200;
        private const int SerialBufferBytes = 1024;
        private const double HalfDuty = 0.5;

        public readonly PwmChannel NeedlePulses;
        public readonly GpioPin NeedleEnable;
        public readonly GpioPin DepthStep;
        public readonly GpioPin DepthDirection;
        public readonly GpioPin DepthEnable;
        public readonly GpioPin Index;
        public readonly GpioPin HomeSwitch;
        public readonly GpioPin LimitSwitch;
        public readonly GpioPin Trigger;
        public readonly GpioPin EmergencyStop;
        public readonly GpioPin CartridgeSeated;
        public readonly GpioPin SupplyGood;
        public readonly GpioPin WatchdogToggle;
        public readonly GpioPulseCounter StrokeCounter;
        public readonly SerialPort Serial;

        /// <summary>Or null: not on this board.</summary>
        public readonly GpioPin NeedleDiagnosis;

        /// <summary>Or null: not on this board.</summary>
        public readonly GpioPin DepthDiagnosis;

        /// <summary>Or null: not on this board.</summary>
        public readonly GpioPin WatchdogGood;

        /// <summary>Or null: not on this board.</summary>
        public readonly GpioPin AlarmLed;

        /// <summary>Or null: not on this board.</summary>
        public readonly GpioPin AlarmBuzzer;

        private readonly GpioController gpio = new GpioController();

        /// <summary>Opens everything. Enables nothing.</summary>
        public Board(BoardProfile profile)
        {
            NeedleEnable = Open(profile.NeedleEnable, PinMode.Output);
            DepthEnable = Open(profile.DepthEnable, PinMode.Output);
            DepthStep = Open(profile.DepthStep, PinMode.Output);
            DepthDirection = Open(profile.DepthDirection, PinMode.Output);
            WatchdogToggle = Open(profile.WatchdogToggle, PinMode.Output);
            AlarmLed = Open(profile.AlarmLed, PinMode.Output);
            AlarmBuzzer = Open(profile.AlarmBuzzer, PinMode.Output);
            Index = Open(profile.Index, PinMode.Input);
            HomeSwitch = Open(profile.HomeSwitch, PinMode.InputPullUp);
            LimitSwitch = Open(profile.LimitSwitch, PinMode.InputPullUp);
            Trigger = Open(profile.Trigger, PinMode.InputPullUp);
            EmergencyStop = Open(profile.EmergencyStop, PinMode.InputPullUp);
            CartridgeSeated = Open(profile.CartridgeSeated, PinMode.InputPullUp);
            SupplyGood = Open(profile.SupplyGood, profile.HasExternalPulls ? PinMode.Input : PinMode.InputPullDown);
            NeedleDiagnosis = Open(profile.NeedleDiagnosis, profile.HasExternalPulls ? PinMode.Input : PinMode.InputPullUp);
            DepthDiagnosis = Open(profile.DepthDiagnosis, PinMode.InputPullUp);
            WatchdogGood = Open(profile.WatchdogGood, PinMode.Input);

            StrokeCounter = new GpioPulseCounter(profile.Index);
            StrokeCounter.Polarity = GpioPulsePolarity.Rising;
            StrokeCounter.Start();

            Configuration.SetPinFunction(profile.NeedleStep, DeviceFunction.PWM1);
            NeedlePulses = PwmChannel.CreateFromPin(profile.NeedleStep, NeedleDrive.CreepHertz, HalfDuty);

            Configuration.SetPinFunction(profile.SerialTransmit, DeviceFunction.COM2_TX);
            Configuration.SetPinFunction(profile.SerialReceive, DeviceFunction.COM2_RX);
            Serial = new SerialPort("COM2", BaudRate);
            Serial.ReadBufferSize = SerialBufferBytes;
            Serial.WriteBufferSize = SerialBufferBytes;
            Serial.Open();
        }

        /// <summary>Bits of <see cref="Protocol.Capabilities"/> that hang on the wiring.</summary>
        public uint Capabilities
        {
            get
            {
                uint bits = Protocol.Capabilities.Burst | Protocol.Capabilities.Sessions | Protocol.Capabilities.Service;
                bits |= WatchdogGood != null ? Protocol.Capabilities.WatchdogReadBack : 0;
                bits |= NeedleDiagnosis != null ? Protocol.Capabilities.NeedleDriverDiagnosis : 0;
                bits |= DepthDiagnosis != null ? Protocol.Capabilities.DepthDriverDiagnosis : 0;
                bits |= AlarmLed != null ? Protocol.Capabilities.AlarmLed : 0;
                bits |= AlarmBuzzer != null ? Protocol.Capabilities.AlarmBuzzer : 0;
                return bits;
            }
        }

        /// <summary>Time since power-up in microseconds; never runs back, allocates nothing.</summary>
        public long NowMicroseconds()
        {
            return (long)HighResTimer.GetCurrent();
        }

        private GpioPin Open(int pin, PinMode mode)
        {
            return pin == BoardProfile.NotWired ? null : gpio.OpenPin(pin, mode);
        }
    }
}
