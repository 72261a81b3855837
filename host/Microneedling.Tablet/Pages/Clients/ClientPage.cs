using Microneedling.Sessions;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Words;
using ClientRecord = Microneedling.Sessions.Clinic.Client;

namespace Microneedling.Tablet.Pages;

/// <summary>A page about one client. Its address holds the client's key, its title nothing of the client.</summary>
public abstract class ClientPage(SessionStore store, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    /// <summary>The client.</summary>
    public ClientRecord Client { get; private set; } = null!;

    /// <summary>The record.</summary>
    protected SessionStore Store => store;

    /// <summary>Whether the way came from preparing a session, and leads back there.</summary>
    public bool IsPreparing => Request.Query["from"] == "prepare";

    /// <summary>Loads the client.</summary>
    /// <returns>False: there is none of that key.</returns>
    protected async Task<bool> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (await store.Clients.FindAsync(key, cancellationToken) is not { } client)
        {
            return false;
        }

        Client = client;
        return true;
    }
}
