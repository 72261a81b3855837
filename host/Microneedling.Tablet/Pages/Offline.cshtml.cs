using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>What the installed app shows when the program does not answer. It tries again by itself.</summary>
[AllowAnonymous]
public sealed class OfflineModel : PageModel;
