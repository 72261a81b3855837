using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>Begins a course: what for, how many sessions, how far apart.</summary>
[Needs(Rights.KeepClients)]
public sealed class CourseModel(SessionStore store, Texts texts, TimeProvider time) : ClientPage(store, texts, time)
{
    /// <summary>Most characters of the indication.</summary>
    public const int LongestIndication = 120;

    private const int MostSessions = 50;
    private const int LongestIntervalDays = 365;

    /// <summary>Shows the empty form.</summary>
    public async Task<IActionResult> OnGetAsync(string key, CancellationToken cancellationToken) =>
        await FindAsync(key, cancellationToken) ? Page() : NotFound();

    /// <summary>Begins the course.</summary>
    public async Task<IActionResult> OnPostAsync(string key, CancellationToken cancellationToken)
    {
        if (!await FindAsync(key, cancellationToken))
        {
            return NotFound();
        }

        string indication = Form.Text("indication", 1, LongestIndication);
        int? sessions = Form.Whole("plannedSessions", 1, MostSessions);
        int? days = Form.Whole("intervalDays", 1, LongestIntervalDays);
        return await TryAsync(() => Store.Clients.BeginCourseAsync(Person.Actor, key, indication, sessions!.Value, days!.Value, cancellationToken))
            ? Done(IsPreparing ? $"/prepare/{key}" : $"/clients/{key}", T["clients.course-kept"])
            : Page();
    }
}
