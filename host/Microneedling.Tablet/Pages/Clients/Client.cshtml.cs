using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>One client: what is known, what is in force, courses, sessions, follow-ups.</summary>
[Needs(Rights.KeepClients)]
public sealed class ClientModel(SessionStore store, Texts texts, TimeProvider time) : ClientPage(store, texts, time)
{
    /// <summary>A session with its follow-ups.</summary>
    public sealed record SessionLine(SessionSummary Session, IReadOnlyList<PlannedFollowUp> FollowUps);

    /// <summary>The latest check, or null.</summary>
    public SuitabilityCheck? Check { get; private set; }

    /// <summary>The latest consent, or null.</summary>
    public Consent? Consent { get; private set; }

    /// <summary>The courses.</summary>
    public IReadOnlyList<Course> Courses { get; private set; } = [];

    /// <summary>The sessions, newest first.</summary>
    public IReadOnlyList<SessionLine> SessionLines { get; private set; } = [];

    /// <summary>How many sessions there are in all.</summary>
    public long SessionsInAll { get; private set; }

    /// <summary>Loads everything; 404 when there is no such client.</summary>
    public async Task<IActionResult> OnGetAsync(string key, CancellationToken cancellationToken)
    {
        if (!await FindAsync(key, cancellationToken))
        {
            return NotFound();
        }

        Check = await Store.Clients.ChecksAsync(key, cancellationToken) is [var check, ..] ? check : null;
        Consent = await Store.Clients.ConsentsAsync(key, cancellationToken) is [var consent, ..] ? consent : null;
        Courses = await Store.Clients.CoursesAsync(key, cancellationToken);
        var page = await Store.ListAsync(new SessionFilter(ClientKey: key), 0, cancellationToken);
        SessionsInAll = page.Total;
        var lines = new List<SessionLine>();
        foreach (var session in page.Sessions)
        {
            var plan = session.EndedAt is { } ended ? FollowUpPlan.Of(ended, await Store.Clients.FollowUpsAsync(session.Id, cancellationToken), Now) : [];
            lines.Add(new SessionLine(session, plan));
        }

        SessionLines = lines;
        return Page();
    }

    /// <summary>Notes that the consent was withdrawn.</summary>
    public Task<IActionResult> OnPostWithdrawAsync(string key, long id, CancellationToken cancellationToken) => ChangeAsync(key, T["clients.consent-withdrawn-now"], async () =>
    {
        if ((await Store.Clients.ConsentsAsync(key, cancellationToken)).Any(consent => consent.Id == id && consent.WithdrawnAt is null))
        {
            await Store.Clients.WithdrawConsentAsync(Person.Actor, id, cancellationToken);
        }
    }, cancellationToken);

    /// <summary>Closes a course.</summary>
    public Task<IActionResult> OnPostCloseAsync(string key, long id, CancellationToken cancellationToken) => ChangeAsync(key, T["clients.course-closed-now"], async () =>
    {
        if ((await Store.Clients.CoursesAsync(key, cancellationToken)).Any(course => course.Id == id && !course.IsClosed))
        {
            await Store.Clients.CloseCourseAsync(Person.Actor, id, cancellationToken);
        }
    }, cancellationToken);

    private async Task<IActionResult> ChangeAsync(string key, string notice, Func<Task> change, CancellationToken cancellationToken) =>
        await TryAsync(change) ? Done($"/clients/{key}", notice) : await OnGetAsync(key, cancellationToken);
}
