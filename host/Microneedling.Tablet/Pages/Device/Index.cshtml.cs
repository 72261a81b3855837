using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Api;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>The device: who it is, what it says, what it can be asked.</summary>
[Needs(Rights.Treat)]
public sealed class DeviceModel(DeviceService device, ConnectionChoice choice, DeviceFacts facts, TreatmentDesk desk, Texts texts) : PageModel
{
    /// <summary>What is true now.</summary>
    public DeviceSheet Sheet { get; private set; } = null!;

    /// <summary>The device's log, newest first.</summary>
    public IReadOnlyList<LogView> Log => DevicePageEndpoints.LinesOf(desk, texts);

    /// <summary>Whether the person may change the connection, calibrate and test.</summary>
    public bool MayServe => HttpContext.Person().May(Rights.ServeDevice);

    /// <summary>Asks the device.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Sheet = DeviceSheet.Of(device, choice, await facts.AnswersAsync(cancellationToken), MayServe, texts);
}
