using Microneedling.Sessions;

namespace Microneedling.Tablet.Words;

/// <summary>The outcome of sessions in words.</summary>
public static class OutcomeWords
{
    /// <summary>How a session ended.</summary>
    public static string Of(this Texts texts, SessionOutcome outcome) => texts[$"outcomes.{outcome}"];
}
