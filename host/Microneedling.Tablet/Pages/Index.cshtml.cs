using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>The Treat page: what is known of every zone for the person at it, and who could unlock a deeper cap.</summary>
[Needs(Rights.Treat)]
public sealed class IndexModel(ZoneSheets sheets, SessionStore store, Texts texts) : PageModel
{
    /// <summary>Every zone, in the order of <see cref="Zones.All"/>.</summary>
    public IReadOnlyList<ZoneSheet> Sheets { get; private set; } = [];

    /// <summary>Who may unlock, by name.</summary>
    public IReadOnlyList<Person> Supervisors { get; private set; } = [];

    /// <summary>The zones of one drawing.</summary>
    public IEnumerable<ZoneSheet> Of(MapView view) => Sheets.Where(sheet => sheet.View == view.ToString());

    /// <summary>Loads both.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Sheets = await sheets.OfAsync(HttpContext.Person(), texts, cancellationToken);
        Supervisors = [.. (await store.People.ListAsync(cancellationToken)).Where(person => person.IsActive && RoleRights.Of(person.Role).HasFlag(Rights.Supervise))];
    }
}
