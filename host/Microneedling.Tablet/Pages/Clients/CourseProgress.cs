// How far a course is. A session counts as done when it was carried through; others are said beside, so that nobody takes
// a broken-off session for a treatment, or overlooks it.

using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Pages;

/// <summary>How far a course is.</summary>
/// <param name="Done">Sessions carried through.</param>
/// <param name="Others">Sessions that ended otherwise; one that goes on is not counted.</param>
/// <param name="NextDue">From when the next may be: the last session plus the interval; null: closed, all done, or none yet.</param>
public sealed record CourseProgress(int Done, int Others, DateTimeOffset? NextDue)
{
    /// <summary>Of a course.</summary>
    public static CourseProgress Of(Course course)
    {
        ArgumentNullException.ThrowIfNull(course);
        int done = course.Sessions.Count(session => session.Outcome == SessionOutcome.Completed);
        int others = course.Sessions.Count(session => session.Outcome.IsFinal() && session.Outcome != SessionOutcome.Completed);
        bool goesOn = !course.IsClosed && done < course.PlannedSessions && course.Sessions.Count > 0;
        return new CourseProgress(done, others, goesOn ? course.Sessions.Max(session => session.StartedAt).AddDays(course.IntervalDays) : null);
    }
}
