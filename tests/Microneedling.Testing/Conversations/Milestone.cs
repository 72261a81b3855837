// What a host waits for before it goes on, in words that a recording holds and a replay understands:
//
//   Parked, still            the state, and nothing moves or parks any longer
//   Armed, still, 780 um     as well, and the stage at least so far out
//   Running, 20 strokes      the state, and so many strokes with the tips out of the nosecone since the last truth

using System.Globalization;
using Microneedling.Protocol;

namespace Microneedling.Testing.Conversations;

/// <summary>Something that a host waits for.</summary>
/// <param name="State">The state that the device tells.</param>
/// <param name="Still">Whether nothing may move or park any longer.</param>
/// <param name="StageMicrometers">Where the stage counts itself, at least; null: anywhere.</param>
/// <param name="Strokes">Strokes out of the nosecone since the last truth, at least.</param>
public sealed record Milestone(DeviceState State, bool Still, int? StageMicrometers, int Strokes)
{
    private const byte Moving = StatusFlags.StageMoving | StatusFlags.NeedlesMoving | StatusFlags.Parking;

    /// <summary>Reads the words.</summary>
    /// <exception cref="FormatException">They are others.</exception>
    public static Milestone Parse(string words)
    {
        ArgumentNullException.ThrowIfNull(words);
        string[] parts = words.Split(", ");
        if (!Enum.TryParse(parts[0], out DeviceState state))
        {
            throw new FormatException($"'{parts[0]}' is no state.");
        }

        Milestone milestone = new(state, Still: false, StageMicrometers: null, Strokes: 0);
        foreach (string part in parts[1..])
        {
            milestone = part.Split(' ') switch
            {
                ["still"] => milestone with { Still = true },
                [string number, "um"] => milestone with { StageMicrometers = int.Parse(number, CultureInfo.InvariantCulture) },
                [string number, "strokes"] => milestone with { Strokes = int.Parse(number, CultureInfo.InvariantCulture) },
                _ => throw new FormatException($"'{part}' is nothing to wait for."),
            };
        }

        return milestone;
    }

    /// <summary>Whether it is reached.</summary>
    /// <param name="state">The state that a status tells.</param>
    /// <param name="flags">The flags of that status.</param>
    /// <param name="stageMicrometers">The stage's position in that status.</param>
    /// <param name="strokes">Strokes out of the nosecone since the last truth.</param>
    public bool IsReached(int state, int flags, int stageMicrometers, int strokes) =>
        state == (int)State && !(Still && (flags & Moving) != 0) && stageMicrometers >= (StageMicrometers ?? int.MinValue) && strokes >= Strokes;
}
