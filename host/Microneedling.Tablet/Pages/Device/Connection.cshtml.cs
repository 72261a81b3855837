using Microneedling.Client.Discovery;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>Which device the program is connected to, who else is there, and the change to another.</summary>
[Needs(Rights.ServeDevice)]
public sealed class ConnectionModel(ConnectionDesk connections, ConnectionChoice choice, DeviceService device, Texts texts) : PageModel
{
    /// <summary>The address now.</summary>
    public string Current => choice.IsSimulated ? texts["device.simulatedAddress"] : choice.Address;

    /// <summary>Whether the device is simulated in this program.</summary>
    public bool IsSimulated => choice.IsSimulated;

    /// <summary>What is true of the link, in words.</summary>
    public string LinkWords => texts.Of(device.Link);

    /// <summary>What a search found; null: nothing was searched for.</summary>
    public SearchResult? Found { get; private set; }

    /// <summary>What was typed.</summary>
    [BindProperty]
    public string? Address { get; set; }

    /// <summary>Whether to ask at every serial port.</summary>
    [BindProperty]
    public bool AllPorts { get; set; }

    /// <summary>Why not, in words, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Shows the connection.</summary>
    public void OnGet()
    {
    }

    /// <summary>Asks at the serial ports.</summary>
    public async Task OnPostSearchAsync(CancellationToken cancellationToken) => Found = await connections.SearchAsync(AllPorts, cancellationToken);

    /// <summary>Connects to an address.</summary>
    public async Task<IActionResult> OnPostUseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await connections.UseAsync(HttpContext.Person(), Address, cancellationToken);
            return Redirect("/device/connection");
        }
        catch (DeskRefusedException refusal)
        {
            Problem = texts[$"refusals.{refusal.Code}", [.. refusal.Values]];
            return Page();
        }
    }
}
