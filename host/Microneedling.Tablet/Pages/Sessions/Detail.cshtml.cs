using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Report;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>One session with everything recorded of it.</summary>
[Needs(Rights.KeepClients)]
public sealed class SessionModel(SessionStore store, Timelines timelines, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    /// <summary>The session.</summary>
    public SessionSheet Sheet { get; private set; } = null!;

    /// <summary>Loads the session; 404 when there is none of this number.</summary>
    public async Task<IActionResult> OnGetAsync(long id, CancellationToken cancellationToken)
    {
        _ = timelines.OfAsync(id); // The page's script is about to ask for it.
        if (await SessionSheet.LoadAsync(store, id, T, Clock, cancellationToken) is not { } sheet)
        {
            return NotFound(T["sessions.notThere", id]);
        }

        Sheet = sheet;
        return Page();
    }

    /// <summary>Closes a session that waits for its device.</summary>
    public async Task<IActionResult> OnPostCloseAsync(long id, CancellationToken cancellationToken) =>
        await TryAsync(() => store.Aftermath.CloseWithoutDeviceAsync(Person.Actor, id, cancellationToken))
            ? Done($"/sessions/{id}", T["sessions.awaitsClosed"])
            : await OnGetAsync(id, cancellationToken);
}
