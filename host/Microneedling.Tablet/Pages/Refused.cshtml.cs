using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>Why a page was not shown, in words. Other pages' empty refusals come here.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
public sealed class RefusedModel(Texts texts) : PageModel
{
    /// <summary>What is the matter.</summary>
    public string Title => texts[$"signin.refused-{Kind}-title"];

    /// <summary>Why, and what to do.</summary>
    public string Words => texts[$"signin.refused-{Kind}"];

    private string Kind => Response.StatusCode switch
    {
        StatusCodes.Status403Forbidden => "notEntitled",
        StatusCodes.Status404NotFound => "notFound",
        _ => "notTaken",
    };

    /// <summary>Asked for by its own address there is nothing to show.</summary>
    public void OnGet()
    {
        if (Response.StatusCode == StatusCodes.Status200OK)
        {
            Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
