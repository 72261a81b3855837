// The depth stage: a self-locking screw that carries the whole stroke. One rising edge, one half step of 3 175 nm. What
// can go wrong with it here: it runs into a mechanical stop, it is stepped faster than it can follow, somebody turns the
// screw, it is jammed. The limit switch gates the extending direction in hardware.

namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>Where the stage is and what its switches say.</summary>
internal sealed class DepthStage(int startMicrometers)
{
    internal const int StepNanometers = 3_175;
    internal const int HomeSwitchNanometers = -1_200_000;
    internal const int LimitSwitchNanometers = 2_600_000;
    internal const int InnerStopNanometers = -1_300_000;
    internal const int OuterStopNanometers = 2_700_000;

    /// <summary>Steps closer together than this are lost: 1 000 half steps a second, half as fast again as the stage is ever asked for (assumed).</summary>
    internal const int ShortestStepMicroseconds = 1_000;

    internal int Nanometers { get; private set; } = startMicrometers * 1_000;

    internal double Micrometers => Nanometers / 1_000.0;

    internal bool Powered { get; set; }

    internal bool Extends { get; set; }

    internal bool Jammed { get; set; }

    internal bool AtHome => Nanometers <= HomeSwitchNanometers;

    internal bool AtLimit => Nanometers >= LimitSwitchNanometers;

    internal long StepsMade { get; private set; }

    internal long StepsLost { get; private set; }

    internal long StepsGated { get; private set; }

    internal long? LastPulseAt { get; private set; }

    internal long? LastStepAt { get; private set; }

    /// <summary>One pulse; true when the stage has moved.</summary>
    /// <param name="now">When.</param>
    /// <param name="extendGated">The limit switch, or its broken wire, keeps the stage from extending.</param>
    internal bool Pulse(long now, bool extendGated)
    {
        long? before = LastPulseAt;
        LastPulseAt = now;
        if (!Powered)
        {
            return false;
        }

        if (Extends && extendGated)
        {
            StepsGated++;
            return false;
        }

        int next = Nanometers + (Extends ? StepNanometers : -StepNanometers);
        if (Jammed || next is < InnerStopNanometers or > OuterStopNanometers || now - before < ShortestStepMicroseconds)
        {
            StepsLost++;
            return false;
        }

        Nanometers = next;
        StepsMade++;
        LastStepAt = now;
        return true;
    }

    /// <summary>Moves the stage from outside, between its stops.</summary>
    internal void Displace(int nanometers) => Nanometers = Math.Clamp(Nanometers + nanometers, InnerStopNanometers, OuterStopNanometers);
}
