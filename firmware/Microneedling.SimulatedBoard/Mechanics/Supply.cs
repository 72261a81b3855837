// The supply of the motors. Without mains a reservoir feeds them: 10 mF from 24 V give 2.28 J down to 11 V, 0.76 s at the
// 3 W of both motors (domain.md). Empty, both drivers lose their power until the mains are back.

namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>Mains, their good signal, and the reservoir.</summary>
internal sealed class Supply(Action<long> beforeChange) : ITimedPart
{
    // Milliwatts times microseconds are nanojoules.
    internal const long ReservoirNanojoules = 2_275_000_000;
    internal const long MilliwattsPerMotor = 1_500;
    internal const long MilliwattsOfTheBoard = 20;

    private const double FullVolts = 24;
    private const double SaggingVolts = 20; // Below the 21 V at which the supervisor speaks (bring-up.md).
    private const double EmptyVolts = 11;
    private const double ReservoirFarads = 0.010;

    private long storedNanojoules = ReservoirNanojoules;
    private long storedAt;
    private long milliwatts = MilliwattsOfTheBoard;
    private long emptyAt = long.MaxValue;
    private long mainsBackAt = long.MaxValue;

    /// <summary>Told after a change that a motor or the good signal may feel.</summary>
    internal Action<long>? Changed { get; set; }

    /// <summary>Told when the good signal has risen by itself.</summary>
    internal Action<long>? Recovered { get; set; }

    /// <summary>The mains are there.</summary>
    internal bool Mains { get; private set; } = true;

    /// <summary>The mains are there but too low to be called good.</summary>
    internal bool Sags { get; set; }

    /// <summary>What the supply-good wire says.</summary>
    internal bool Good => Mains && !Sags;

    /// <summary>Whether the drivers have power.</summary>
    internal bool FeedsMotors { get; private set; } = true;

    long ITimedPart.NextDue => Math.Min(emptyAt, mainsBackAt);

    void ITimedPart.FireDue(long now)
    {
        if (mainsBackAt <= now)
        {
            RestoreMains(now);
            if (Good)
            {
                Recovered?.Invoke(now);
            }
        }
        else
        {
            beforeChange(now);
            emptyAt = long.MaxValue;
            storedNanojoules = 0;
            FeedsMotors = false;
            Changed?.Invoke(now);
        }
    }

    /// <summary>What a meter shows.</summary>
    internal int Millivolts(long now)
    {
        double volts = Sags ? SaggingVolts : FullVolts;
        if (!Mains)
        {
            double joules = FeedsMotors ? Math.Max(0, storedNanojoules - ((now - storedAt) * milliwatts)) / 1e9 : 0;
            volts = Math.Sqrt((EmptyVolts * EmptyVolts) + (2 * joules / ReservoirFarads));
        }

        return (int)Math.Round(volts * 1_000);
    }

    /// <summary>The mains fail, for a time or for good.</summary>
    internal void CutMains(long now, long? microseconds)
    {
        beforeChange(now);
        mainsBackAt = microseconds is { } time ? now + time : long.MaxValue;
        if (Mains)
        {
            Mains = false;
            storedNanojoules = ReservoirNanojoules;
            storedAt = now;
            emptyAt = EmptyAt();
        }

        Changed?.Invoke(now);
    }

    /// <summary>The mains are back and the reservoir is full.</summary>
    internal void RestoreMains(long now)
    {
        beforeChange(now);
        Mains = true;
        FeedsMotors = true;
        mainsBackAt = long.MaxValue;
        emptyAt = long.MaxValue;
        Changed?.Invoke(now);
    }

    /// <summary>So many motors are driven from now on.</summary>
    internal void SetLoad(int motors, long now)
    {
        long load = MilliwattsOfTheBoard + (motors * MilliwattsPerMotor);
        if (load == milliwatts)
        {
            return;
        }

        if (!Mains && FeedsMotors)
        {
            storedNanojoules -= (now - storedAt) * milliwatts;
            storedAt = now;
        }

        milliwatts = load;
        if (!Mains && FeedsMotors)
        {
            emptyAt = EmptyAt();
        }
    }

    private long EmptyAt() => storedAt + (Math.Max(0, storedNanojoules) / milliwatts);
}
