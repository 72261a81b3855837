// System.Device.Pwm on the virtual board. What the ESP32 does to the pulses is in Chip/PwmUnit.cs.

using Microneedling.SimulatedBoard;
using Microneedling.SimulatedBoard.Chip;

namespace System.Device.Pwm;

/// <summary>Polarity of the pulses; always active high.</summary>
public enum PwmPulsePolarity
{
    /// <summary>Active high.</summary>
    ActiveHigh = 0,

    /// <summary>Active low.</summary>
    ActiveLow = 1,
}

/// <summary>A hardware pulse train. Surface as in nanoFramework.System.Device.Pwm 1.1.23.</summary>
public sealed class PwmChannel : IDisposable
{
    private readonly PwmOutput output;

    /// <summary>Not offered by the simulated board: use <see cref="CreateFromPin"/>.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public PwmChannel(int chip, int channel, int frequency = 400, double dutyCyclePercentage = 0.5) =>
        throw new NotSupportedException("The simulated board makes PWM channels from pins only: use CreateFromPin.");

    private PwmChannel(PwmOutput output) => this.output = output;

    /// <summary>Integer hertz. While running, a write restarts the period: one early edge.</summary>
    /// <exception cref="ArgumentException">Not above zero.</exception>
    public int Frequency
    {
        get => output.StoredFrequency;
        set
        {
            using BoardCall call = FirmwareRun.Call(ApiCosts.PwmWrite);
            call.Board.Pwm.SetFrequency(output, value);
        }
    }

    /// <summary>0 … 1, kept in ten-thousandths.</summary>
    /// <exception cref="ArgumentException">Outside 0 … 1.</exception>
    public double DutyCycle
    {
        get => output.StoredDuty / 10_000.0;
        set
        {
            using BoardCall call = FirmwareRun.Call(ApiCosts.PwmWrite);
            call.Board.Pwm.SetDuty(output, value);
        }
    }

    /// <summary>Not offered by the simulated board: use <see cref="CreateFromPin"/>.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static PwmChannel Create(int chip, int channel, int frequency = 400, double dutyCyclePercentage = 0.5) =>
        new(chip, channel, frequency, dutyCyclePercentage);

    /// <summary>The channel of a pin, or null when the pin has no PWM function.</summary>
    public static PwmChannel? CreateFromPin(int pin, int frequency = 400, double dutyCyclePercentage = 0.5)
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.PwmOpen);
        PwmOutput? output = call.Board.Pwm.Create(pin, frequency, dutyCyclePercentage);
        return output is null ? null : new PwmChannel(output);
    }

    /// <summary>Begins the pulses.</summary>
    public void Start()
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.PwmWrite);
        call.Board.Pwm.Start(output);
    }

    /// <summary>Cuts the pulses at once.</summary>
    public void Stop()
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.PwmWrite);
        call.Board.Pwm.Stop(output);
    }

    /// <summary>Cuts the pulses and frees the pin.</summary>
    public void Dispose()
    {
        using BoardCall call = FirmwareRun.Call(ApiCosts.PwmWrite);
        call.Board.Pwm.Release(output);
    }
}
