using System.Device.Gpio;
using System.Device.Pwm;
using System.IO.Ports;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.Firmware
{
    /// <summary>
    /// The board's electrical side: opens every pin, the one PWM channel, the stroke counter and the serial port, and
    /// gives them names. Decides nothing. Outputs open low, which enables no driver.
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

        /// <summary>Opens everything. Enables nothing.</summary>
        public Board()
        {
            GpioController gpio = new GpioController();
            NeedleEnable = gpio.OpenPin(Esp32S3Pins.NeedleEnable, PinMode.Output);
            DepthEnable = gpio.OpenPin(Esp32S3Pins.DepthEnable, PinMode.Output);
            DepthStep = gpio.OpenPin(Esp32S3Pins.DepthStep, PinMode.Output);
            DepthDirection = gpio.OpenPin(Esp32S3Pins.DepthDirection, PinMode.Output);
            WatchdogToggle = gpio.OpenPin(Esp32S3Pins.WatchdogToggle, PinMode.Output);
            Index = gpio.OpenPin(Esp32S3Pins.Index, PinMode.Input);
            HomeSwitch = gpio.OpenPin(Esp32S3Pins.HomeSwitch, PinMode.InputPullUp);
            LimitSwitch = gpio.OpenPin(Esp32S3Pins.LimitSwitch, PinMode.InputPullUp);
            Trigger = gpio.OpenPin(Esp32S3Pins.Trigger, PinMode.InputPullUp);
            EmergencyStop = gpio.OpenPin(Esp32S3Pins.EmergencyStop, PinMode.InputPullUp);
            CartridgeSeated = gpio.OpenPin(Esp32S3Pins.CartridgeSeated, PinMode.InputPullUp);
            SupplyGood = gpio.OpenPin(Esp32S3Pins.SupplyGood, PinMode.InputPullDown);

            StrokeCounter = new GpioPulseCounter(Esp32S3Pins.Index);
            StrokeCounter.Polarity = GpioPulsePolarity.Rising;
            StrokeCounter.Start();

            Configuration.SetPinFunction(Esp32S3Pins.NeedleStep, DeviceFunction.PWM1);
            NeedlePulses = PwmChannel.CreateFromPin(Esp32S3Pins.NeedleStep, NeedleDrive.CreepHertz, HalfDuty);

            Configuration.SetPinFunction(Esp32S3Pins.SerialTransmit, DeviceFunction.COM2_TX);
            Configuration.SetPinFunction(Esp32S3Pins.SerialReceive, DeviceFunction.COM2_RX);
            Serial = new SerialPort("COM2", BaudRate);
            Serial.ReadBufferSize = SerialBufferBytes;
            Serial.WriteBufferSize = SerialBufferBytes;
            Serial.Open();
        }

        /// <summary>Time since power-up in microseconds; never runs back, allocates nothing.</summary>
        public long NowMicroseconds()
        {
            return (long)HighResTimer.GetCurrent();
        }
    }
}
