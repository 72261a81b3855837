using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Lan;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>What can be set, as far as the person may; and this tablet's language and theme, for everybody.</summary>
public sealed class SettingsModel : PageModel
{
    /// <summary>The themes to choose from.</summary>
    public static readonly IReadOnlyList<string> Themes = ["auto", "light", "dark"];

    private static readonly (string Name, string Href, NeedsAttribute Needs)[] All =
    [
        ("people", "/settings/people", new(Rights.ManageSite)),
        ("checklist", "/settings/checklist", new(Rights.ManageSite)),
        ("presets", "/settings/presets", new(Rights.ManageSite)),
        ("caps", "/settings/caps", new(Rights.ManageSite)),
        ("audit", "/settings/audit", new(Rights.ManageSite)),
        ("privacy", "/settings/privacy", new(Rights.ManageSite)),
        ("database", "/settings/database", DatabaseModel.Needs),
        ("clinic", "/settings/clinic", DatabaseModel.Needs),
        ("network", "/settings/network", LanSetup.NetworkNeeds),
    ];

    /// <summary>Pages that the person may open.</summary>
    public IEnumerable<(string Name, string Href)> Links =>
        All.Where(page => page.Needs.AreMetBy(HttpContext.Person(), HttpContext.IsAtThisComputer())).Select(page => (page.Name, page.Href));

    /// <summary>Whether whoever is here still counts as the owner.</summary>
    public bool NobodyIsSetUp => HttpContext.Person().Role is null;

    /// <summary>Chooses this tablet's language.</summary>
    public IActionResult OnPostLanguage(string? language)
    {
        Choices.Keep(Response, Texts.Cookie, language, Texts.Languages);
        return RedirectToPage();
    }

    /// <summary>Chooses this tablet's theme; the tablet's own preference is no choice.</summary>
    public IActionResult OnPostTheme(string? theme)
    {
        Choices.Keep(Response, Theme.Cookie, theme, ["light", "dark"]);
        return RedirectToPage();
    }
}
