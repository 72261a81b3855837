// How far a course is, and which follow-ups a session asks for.

using Microneedling.Client;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Pages;

namespace Microneedling.Tablet.Tests;

public sealed class CourseAndFollowUpTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_course_counts_what_was_carried_through_and_tells_the_rest_beside()
    {
        var course = CourseOf(4, false, SessionOutcome.Completed, SessionOutcome.Stopped, SessionOutcome.AbortedByFault, SessionOutcome.Completed, SessionOutcome.Running);

        Assert.Equal(new CourseProgress(2, 2, Start.AddDays(4 + 30)), CourseProgress.Of(course));
    }

    [Fact]
    public void Nothing_is_due_in_a_course_that_has_not_begun_is_done_or_is_closed()
    {
        Assert.Equal(new CourseProgress(0, 0, null), CourseProgress.Of(CourseOf(4, false)));
        Assert.Equal(new CourseProgress(2, 0, null), CourseProgress.Of(CourseOf(2, false, SessionOutcome.Completed, SessionOutcome.Completed)));
        Assert.Equal(new CourseProgress(1, 0, null), CourseProgress.Of(CourseOf(2, true, SessionOutcome.Completed)));
    }

    [Theory]
    [InlineData(23.9, FollowUpState.Later, FollowUpState.Later, FollowUpState.Later)]
    [InlineData(24, FollowUpState.Due, FollowUpState.Later, FollowUpState.Later)]
    [InlineData(48, FollowUpState.Due, FollowUpState.Due, FollowUpState.Later)]
    [InlineData(168, FollowUpState.Due, FollowUpState.Due, FollowUpState.Due)]
    public void Follow_ups_are_due_after_a_day_two_days_and_a_week(double hours, FollowUpState day, FollowUpState twoDays, FollowUpState week) =>
        Assert.Equal([day, twoDays, week], FollowUpPlan.Of(Start, [], Start.AddHours(hours)).Select(planned => planned.State));

    [Theory]
    [InlineData(0, 24)]
    [InlineData(35, 24)]
    [InlineData(37, 48)]
    [InlineData(107, 48)]
    [InlineData(109, 168)]
    [InlineData(8760, 168)]
    public void A_follow_up_counts_for_the_time_that_it_is_nearest_to(int hoursAfter, int counted)
    {
        var noted = new FollowUp(1, 1, hoursAfter, FollowUpGrade.None, FollowUpGrade.None, 0, "", Start, new Actor(null, "Owner"));

        var plan = FollowUpPlan.Of(Start, [noted], Start.AddDays(400));

        Assert.Equal([counted], plan.Where(planned => planned.State == FollowUpState.Noted).Select(planned => planned.HoursAfter));
    }

    private static Course CourseOf(int planned, bool isClosed, params SessionOutcome[] outcomes) => new(
        1, "aaaaaaaaaaaaaaaa", "Acne scars", planned, 30, Start, isClosed,
        [
            .. outcomes.Select((outcome, day) => new SessionSummary(
                day + 1, Start.AddDays(day), Start.AddDays(day).AddHours(1), 1, "1.0.0", outcome, 100, Depth.FromMicrometers(500), StrokeRate.FromMillihertz(60_000), true)),
        ]);
}
