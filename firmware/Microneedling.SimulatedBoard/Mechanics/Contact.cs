namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>
/// A mechanical contact. After a change it bounces: it shows the new state first, then the old and the new one in turns,
/// and rests at the new one.
/// </summary>
internal sealed class Contact(bool closed, Imperfections imperfections, ChanceStream stream, int longestBounceMicroseconds)
{
    private const int MostReturns = 4;

    private long changes;
    private long changedAt;
    private long bounce;
    private int parts = 1;

    /// <summary>Where it rests, or will rest.</summary>
    internal bool Closed { get; private set; } = closed;

    internal void Set(bool shouldBeClosed, long now)
    {
        if (shouldBeClosed == Closed)
        {
            return;
        }

        Closed = shouldBeClosed;
        changes++;
        changedAt = now;
        bounce = imperfections.BounceMicroseconds(stream, changes, longestBounceMicroseconds);
        parts = 1 + (2 * (int)(1 + (bounce % MostReturns)));
    }

    /// <summary>What the wire shows.</summary>
    internal bool Shows(long now)
    {
        long since = now - changedAt;
        return since >= bounce || since * parts / bounce % 2 == 0 ? Closed : !Closed;
    }
}
