using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>Erases a client, after naming what goes, what stays, and what is out of reach.</summary>
[Needs(Rights.Supervise)]
public sealed class EraseModel(SessionStore store, Texts texts, TimeProvider time) : ClientPage(store, texts, time)
{
    /// <summary>Checks of the client.</summary>
    public int Checks { get; private set; }

    /// <summary>Consents of the client.</summary>
    public int Consents { get; private set; }

    /// <summary>Courses of the client.</summary>
    public int Courses { get; private set; }

    /// <summary>Sessions of the client.</summary>
    public long Sessions { get; private set; }

    /// <summary>What the client is called afterwards.</summary>
    public string LabelAfterwards { get; private set; } = "";

    /// <summary>Names what goes; 404 when there is no such client, or no more.</summary>
    public async Task<IActionResult> OnGetAsync(string key, CancellationToken cancellationToken)
    {
        if (!await FindAsync(key, cancellationToken) || Client.ErasedAt is not null)
        {
            return NotFound();
        }

        Checks = (await Store.Clients.ChecksAsync(key, cancellationToken)).Count;
        Consents = (await Store.Clients.ConsentsAsync(key, cancellationToken)).Count;
        Courses = (await Store.Clients.CoursesAsync(key, cancellationToken)).Count;
        Sessions = (await Store.ListAsync(new SessionFilter(ClientKey: key), 0, cancellationToken)).Total;
        LabelAfterwards = await Store.Clients.LabelOnceErasedAsync(key, cancellationToken);
        return Page();
    }

    /// <summary>Erases.</summary>
    public async Task<IActionResult> OnPostAsync(string key, CancellationToken cancellationToken)
    {
        var reason = Form.Choice<ErasureReason>("reason");
        if (Form["understood"] != "yes")
        {
            Form.Refuse("understood", T["privacy.understood-missing"]);
        }

        bool isOverwritten = false;
        return await TryAsync(async () => isOverwritten = await Store.Clients.EraseAsync(Person.Actor, key, reason!.Value, cancellationToken))
            ? Done($"/clients/{key}", T[isOverwritten ? "privacy.done" : "privacy.done-later"])
            : await OnGetAsync(key, cancellationToken);
    }
}
