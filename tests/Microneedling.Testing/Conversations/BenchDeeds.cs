using Microneedling.SimulatedBoard;

namespace Microneedling.Testing.Conversations;

/// <summary>What a person does to a device, by the words in a recording.</summary>
public static class BenchDeeds
{
    private static readonly Dictionary<string, Action<VirtualBoard>> Deeds = new(StringComparer.Ordinal)
    {
        ["SeatCartridge"] = static board => board.Bench.SeatCartridge(),
        ["RemoveCartridge"] = static board => board.Bench.RemoveCartridge(),
        ["PressTrigger"] = static board => board.Bench.PressTrigger(),
        ["ReleaseTrigger"] = static board => board.Bench.ReleaseTrigger(),
        ["UnplugLine"] = static board => board.Serial.Cut = true,
        ["PlugLine"] = static board => board.Serial.Cut = false,
    };

    /// <summary>Does it.</summary>
    /// <exception cref="KeyNotFoundException">Nobody does that.</exception>
    public static void Do(VirtualBoard board, string deed) => Deeds[deed](board);
}
