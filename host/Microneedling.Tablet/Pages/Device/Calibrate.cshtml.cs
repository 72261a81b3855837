using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Api;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>The calibration of the zero, step by step.</summary>
[Needs(Rights.ServeDevice)]
public sealed class CalibrateModel(CalibrationDesk desk, DeviceService device, Texts texts) : PageModel
{
    /// <summary>Where it stands.</summary>
    public CalibrationView Now => CalibrationView.Of(desk, device, texts);

    /// <summary>Whether the device is simulated: then the page shows what a gauge would say.</summary>
    public bool IsSimulated => device.IsSimulated;
}
