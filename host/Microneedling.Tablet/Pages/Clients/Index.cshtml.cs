using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;
using ClientRecord = Microneedling.Sessions.Clinic.Client;

namespace Microneedling.Tablet.Pages;

/// <summary>The clients, and the way to a new one.</summary>
[Needs(Rights.KeepClients)]
public sealed class ClientsModel(SessionStore store, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    /// <summary>Most characters of a search.</summary>
    public const int LongestSearch = 120;

    /// <summary>What is listed.</summary>
    public IReadOnlyList<ClientRecord> Clients { get; private set; } = [];

    /// <summary>Lists all.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ListAsync(cancellationToken);

    /// <summary>Lists those that a text is found in. By a form, so that the text is in no address.</summary>
    public Task OnPostSearchAsync(CancellationToken cancellationToken) => ListAsync(cancellationToken);

    /// <summary>Adds a client, and goes there.</summary>
    public async Task<IActionResult> OnPostNewAsync(CancellationToken cancellationToken)
    {
        ClientRecord? added = null;
        if (await TryAsync(async () => added = await store.Clients.AddAsync(Person.Actor, cancellationToken)))
        {
            return Done($"/clients/{added!.Key}", T["clients.added"]);
        }

        await ListAsync(cancellationToken);
        return Page();
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        string text = Form.Text("text", 0, LongestSearch);
        Clients = await store.Clients.ListAsync(Form.IsGood ? text : "", cancellationToken);
    }
}
