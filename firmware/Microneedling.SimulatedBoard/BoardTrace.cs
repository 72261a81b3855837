namespace Microneedling.SimulatedBoard;

/// <summary>
/// A change on a wire. <paramref name="Value"/> is the level, 0 or 1; for <see cref="Signal.NeedleStep"/> under PWM it is
/// the pulse train's hertz, 0 when the pulses are cut.
/// </summary>
public readonly record struct TraceEntry(long TimeMicroseconds, Signal Signal, int Value);

/// <summary>
/// The latest changes on the wires that the firmware drives and on the contacts that people move. The index flag, which
/// is computed and not stepped through, is left out.
/// </summary>
public sealed class BoardTrace
{
    /// <summary>Entries kept.</summary>
    public const int Capacity = 16_384;

    private readonly Queue<TraceEntry> entries = new();
    private readonly object gate;

    internal BoardTrace(object gate) => this.gate = gate;

    /// <summary>Told of every change, in the board's time order, while the board is held: take note and return.</summary>
    public event Action<TraceEntry>? Recorded;

    /// <summary>The latest changes, oldest first.</summary>
    public IReadOnlyList<TraceEntry> Entries
    {
        get
        {
            lock (gate)
            {
                return [.. entries];
            }
        }
    }

    /// <summary>Writes the run to a file, or null.</summary>
    internal TraceRecorder? Recorder { get; set; }

    internal void Record(long now, Signal signal, int value)
    {
        TraceEntry entry = new(now, signal, value);
        if (entries.Count == Capacity)
        {
            entries.Dequeue();
        }

        entries.Enqueue(entry);
        Recorder?.Record(now, signal, value);
        Recorded?.Invoke(entry);
    }
}
