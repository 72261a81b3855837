using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;
using ClientRecord = Microneedling.Sessions.Clinic.Client;

namespace Microneedling.Tablet.Pages;

/// <summary>The first step of a session: whom, or a test block.</summary>
[Needs(Rights.Treat)]
public sealed class PrepareModel(SessionStore store, TreatmentDesk desk, DeviceService device, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    /// <summary>Who can be chosen.</summary>
    public IReadOnlyList<ClientRecord> Clients { get; private set; } = [];

    /// <summary>The session that is open already, or null.</summary>
    public OpenSession? OpenSession => desk.Open;

    /// <summary>Whether the person may see clients.</summary>
    public bool MaySeeClients => Person.May(Rights.KeepClients);

    /// <summary>Whether the person may treat a test block.</summary>
    public bool MayPractise => PrepareSessionModel.MayPractise(Person, device);

    /// <summary>Shows all clients.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ListAsync(cancellationToken);

    /// <summary>Shows those that a text is found in.</summary>
    public Task OnPostSearchAsync(CancellationToken cancellationToken) => ListAsync(cancellationToken);

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        if (MaySeeClients)
        {
            string text = Form.Text("text", 0, ClientsModel.LongestSearch);
            Clients = await store.Clients.ListAsync(Form.IsGood ? text : "", cancellationToken);
        }
    }
}
