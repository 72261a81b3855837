using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>One version of the checklist, to be read.</summary>
[Needs(Rights.ManageSite)]
public sealed class ChecklistVersionModel(SessionStore store, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    /// <summary>The version.</summary>
    public Checklist Checklist { get; private set; } = null!;

    /// <summary>Loads it; 404 when there is none of that number.</summary>
    public async Task<IActionResult> OnGetAsync(int version, CancellationToken cancellationToken)
    {
        if (await store.Site.ChecklistAsync(version, cancellationToken) is not { } checklist)
        {
            return NotFound();
        }

        Checklist = checklist;
        return Page();
    }
}
