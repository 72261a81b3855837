using System.Device.Gpio;
using System.Device.Pwm;
using nanoFramework.Hardware.Esp32;

namespace Microneedling.SimulatedBoard.Tests;

/// <summary>Device calls that the small firmwares of these tests share. Only within a firmware.</summary>
internal static class Needles
{
    /// <summary>Satisfies the watchdog, enables the needle motor and gives it pulses; returns the channel.</summary>
    internal static PwmChannel StartAtOnce(int hertz)
    {
        GpioController controller = new();
        controller.OpenPin(2, PinMode.Output).Toggle();
        controller.OpenPin(5, PinMode.Output).Write(PinValue.High);
        return StartPulses(hertz);
    }

    /// <summary>Gives pulses on the needle step pin.</summary>
    internal static PwmChannel StartPulses(int hertz)
    {
        Configuration.SetPinFunction(4, DeviceFunction.PWM1);
        PwmChannel? channel = PwmChannel.CreateFromPin(4, hertz);
        Assert.NotNull(channel);
        channel.Start();
        return channel;
    }

    /// <summary>Keeps the watchdog satisfied for a time, once in 10 ms.</summary>
    internal static void FeedFor(GpioPin watchdog, int milliseconds)
    {
        for (int i = 0; i < milliseconds; i += 10)
        {
            watchdog.Toggle();
            FirmwareRuntime.Sleep(1);
        }
    }
}
