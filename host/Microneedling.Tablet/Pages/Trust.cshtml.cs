using Microneedling.Tablet.Lan;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>How a tablet comes to trust this computer's certificate. Before that nobody can be signed in.</summary>
[AllowAnonymous]
public sealed class TrustModel(LanAccess? lan = null) : PageModel
{
    /// <summary>Systems with words for how it is done there, and in how many steps.</summary>
    public static readonly IReadOnlyList<(string System, int Steps)> Systems = [("ipad", 3), ("android", 3), ("windows", 3)];

    /// <summary>The way in from the local network, or null: loopback only.</summary>
    public LanAccess? Lan => lan;
}
