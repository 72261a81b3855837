// What the bench wants to happen at board times of its own, without the driver slicing its run: looks at a spacing, and
// acts at one exact time. When they come is decided here; on which thread is BoardClock's.

namespace Microneedling.SimulatedBoard;

/// <summary>Looks and acts that are due at known times. Everything is called with the board held.</summary>
internal sealed class Appointments
{
    private readonly PriorityQueue<Action, (long Due, long Order)> acts = new();
    private Watch[] watches = [];
    private long order;

    /// <summary>When the next act is due; <see cref="long.MaxValue"/> when there is none.</summary>
    internal long NextAct { get; private set; } = long.MaxValue;

    /// <summary>When the next look is due; <see cref="long.MaxValue"/> when nobody watches.</summary>
    internal long NextLook { get; private set; } = long.MaxValue;

    internal void Add(Action act, long due)
    {
        acts.Enqueue(act, (due, order++));
        NextAct = Math.Min(NextAct, due);
    }

    /// <summary>The earliest act, if it is due now; acts of the same time come in the order in which they were added.</summary>
    internal Action? TakeAct(long now)
    {
        if (NextAct > now)
        {
            return null;
        }

        Action act = acts.Dequeue();
        NextAct = acts.TryPeek(out _, out (long Due, long Order) next) ? next.Due : long.MaxValue;
        return act;
    }

    internal Watch Add(Action look, long every, long now)
    {
        Watch watch = new(look, every, now + every);
        watches = [.. watches, watch];
        NextLook = Math.Min(NextLook, watch.Due);
        return watch;
    }

    internal void Remove(Watch watch) => watches = Array.FindAll(watches, one => one != watch);

    /// <summary>Does every look that is due now. One that throws keeps its later ones.</summary>
    internal void Look(long now)
    {
        Watch[] present = watches;
        try
        {
            foreach (Watch watch in present)
            {
                if (watch.Due <= now && Array.IndexOf(watches, watch) >= 0)
                {
                    watch.Due = now + watch.Every;
                    watch.Look();
                }
            }
        }
        finally
        {
            FindNextLook();
        }
    }

    /// <summary>Leaves out every look that was due before a time; those after it keep their spacing.</summary>
    internal void LeaveOutBefore(long time)
    {
        if (NextLook >= time)
        {
            return;
        }

        foreach (Watch watch in watches)
        {
            watch.Due += Math.Max(0, (time - watch.Due + watch.Every - 1) / watch.Every * watch.Every);
        }

        FindNextLook();
    }

    private void FindNextLook()
    {
        NextLook = long.MaxValue;
        foreach (Watch watch in watches)
        {
            NextLook = Math.Min(NextLook, watch.Due);
        }
    }

    /// <summary>One who looks at a spacing.</summary>
    internal sealed class Watch(Action look, long every, long due)
    {
        internal Action Look { get; } = look;

        internal long Every { get; } = every;

        internal long Due { get; set; } = due;
    }
}
