using System.Globalization;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Lan;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>How a tablet of the local network gets in: addresses, QR code, and the fingerprint to compare.</summary>
[Needs(Rights.ServeDevice, Or = Rights.ManageSite, OrAtThisComputer = true)]
public sealed class NetworkModel(LanPort port, LanAccess? lan = null) : PageModel
{
    /// <summary>The way in from the local network, or null: loopback only.</summary>
    public LanAccess? Lan => lan;

    /// <summary>Where a tablet begins.</summary>
    public string? TrustAddress => LanSetup.TrustAddress(HttpContext);

    /// <summary>The same, by every name and address.</summary>
    public IEnumerable<string> Addresses => (lan?.Names.InUrls ?? []).Select(name => $"https://{name}:{port.Number}/trust");

    /// <summary>Last day of the certificate in use.</summary>
    public string CertificateEnds => lan?.Certificate.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
