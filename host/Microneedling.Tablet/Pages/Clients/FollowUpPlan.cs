// When follow-ups are due after a session: after 24 hours, 48 hours and 7 days. A follow-up counts for the time that it is
// nearest to.

using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Pages;

/// <summary>How it stands with one follow-up.</summary>
public enum FollowUpState
{
    /// <summary>Written down.</summary>
    Noted = 1,

    /// <summary>It is time, and nothing is written down.</summary>
    Due = 2,

    /// <summary>It is not time yet.</summary>
    Later = 3,
}

/// <summary>One follow-up of a session.</summary>
/// <param name="HoursAfter">How long after: 24, 48 or 168.</param>
/// <param name="At">When it is due.</param>
/// <param name="State">How it stands.</param>
public sealed record PlannedFollowUp(int HoursAfter, DateTimeOffset At, FollowUpState State);

/// <summary>The follow-ups that a session asks for.</summary>
public static class FollowUpPlan
{
    /// <summary>Hours after a session.</summary>
    public static readonly IReadOnlyList<int> Hours = [24, 48, 168];

    /// <summary>The plan of a session.</summary>
    /// <param name="ended">When it ended.</param>
    /// <param name="noted">What was written down.</param>
    /// <param name="now">The present moment.</param>
    public static IReadOnlyList<PlannedFollowUp> Of(DateTimeOffset ended, IReadOnlyList<FollowUp> noted, DateTimeOffset now)
    {
        var covered = noted.Select(followUp => Hours.MinBy(hours => Math.Abs(hours - followUp.HoursAfter))).ToHashSet();
        return
        [
            .. Hours.Select(hours => new PlannedFollowUp(
                hours,
                ended.AddHours(hours),
                covered.Contains(hours) ? FollowUpState.Noted : now >= ended.AddHours(hours) ? FollowUpState.Due : FollowUpState.Later)),
        ];
    }
}
