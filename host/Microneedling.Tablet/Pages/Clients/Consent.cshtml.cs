using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>Notes that a client has consented, and in which words.</summary>
[Needs(Rights.KeepClients)]
public sealed class ConsentModel(SessionStore store, Texts texts, TimeProvider time) : ClientPage(store, texts, time)
{
    /// <summary>Most characters of the wording.</summary>
    public const int LongestWording = 4000;

    /// <summary>Shows the usual wording.</summary>
    public async Task<IActionResult> OnGetAsync(string key, CancellationToken cancellationToken)
    {
        Form.Begin("wording", T["clients.consent-default"]);
        return await FindAsync(key, cancellationToken) ? Page() : NotFound();
    }

    /// <summary>Notes the consent.</summary>
    public async Task<IActionResult> OnPostAsync(string key, CancellationToken cancellationToken)
    {
        if (!await FindAsync(key, cancellationToken))
        {
            return NotFound();
        }

        string wording = Form.Text("wording", 1, LongestWording);
        return await TryAsync(() => Store.Clients.ConsentAsync(Person.Actor, key, wording, cancellationToken))
            ? Done(IsPreparing ? $"/prepare/{key}" : $"/clients/{key}", T["clients.consent-kept"])
            : Page();
    }
}
