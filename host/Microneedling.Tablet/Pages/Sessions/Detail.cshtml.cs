using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Report;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>One session with everything recorded of it.</summary>
[Needs(Rights.KeepClients)]
public sealed class SessionModel(SessionStore store, Texts texts, TimeProvider time) : PageModel
{
    /// <summary>The session.</summary>
    public SessionSheet Sheet { get; private set; } = null!;

    /// <summary>Loads the session; 404 when there is none of this number.</summary>
    public async Task<IActionResult> OnGetAsync(long id, CancellationToken cancellationToken)
    {
        if (await SessionSheet.LoadAsync(store, id, texts, time, cancellationToken) is not { } sheet)
        {
            return NotFound(texts["sessions.notThere", id]);
        }

        Sheet = sheet;
        return Page();
    }
}
