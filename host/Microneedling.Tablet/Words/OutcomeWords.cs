using Microneedling.Sessions;

namespace Microneedling.Tablet.Words;

/// <summary>The outcome of sessions in words.</summary>
public static class OutcomeWords
{
    /// <summary>How a session ended.</summary>
    public static string Of(SessionOutcome outcome) => outcome switch
    {
        SessionOutcome.Running => "Still running",
        SessionOutcome.Completed => "Completed",
        SessionOutcome.Stopped => "Stopped",
        SessionOutcome.AbortedByFault => "Aborted by a fault",
        SessionOutcome.LinkLost => "Link to the device lost",
        SessionOutcome.Interrupted => "Interrupted: this program ended",
        _ => $"Outcome {(int)outcome}",
    };
}
