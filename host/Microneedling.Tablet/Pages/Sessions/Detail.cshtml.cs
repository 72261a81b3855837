using System.Globalization;
using Microneedling.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>One session with everything recorded of it.</summary>
public sealed class SessionModel(SessionStore store, TimeProvider time) : PageModel
{
    /// <summary>The session.</summary>
    public SessionDetail Session { get; private set; } = null!;

    /// <summary>A time of day where this tablet is.</summary>
    public string LocalTime(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Loads the session; 404 when there is none of this number.</summary>
    public async Task<IActionResult> OnGetAsync(long id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } session)
        {
            return NotFound($"There is no session {id}.");
        }

        Session = session;
        return Page();
    }
}
