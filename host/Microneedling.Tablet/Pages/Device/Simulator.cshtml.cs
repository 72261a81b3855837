using Microneedling.Sessions.Clinic;
using Microneedling.Simulator;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>The bench of the simulated device. Not there when the device is real.</summary>
[Needs(Rights.Treat)]
public sealed class SimulatorModel(DeviceSource source) : PageModel
{
    /// <summary>Groups of hands, in the order of the panel.</summary>
    public IEnumerable<IGrouping<string, SimulatorHand>> Groups { get; } = SimulatorHands.All.GroupBy(hand => hand.Group);

    /// <summary>The device.</summary>
    public SimulatedDevice Simulated { get; private set; } = null!;

    /// <summary>404 when the device is real.</summary>
    public IActionResult OnGet()
    {
        if (source.Simulated is not { } device)
        {
            return NotFound();
        }

        Simulated = device;
        return Page();
    }
}
