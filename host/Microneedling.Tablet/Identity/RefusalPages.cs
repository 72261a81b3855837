using Microsoft.AspNetCore.Diagnostics;

namespace Microneedling.Tablet.Identity;

/// <summary>Answers of a page that are refusals (not entitled, not there, form too old) become a page in words, with STOP on it.</summary>
public static class RefusalPages
{
    /// <summary>The page in words.</summary>
    public const string Path = "/refused";

    /// <summary>Shows it in place of empty refusals, except below /api. Before routing.</summary>
    public static void UseWordsForRefusals(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute(Path);
        app.Use((context, next) =>
        {
            if (Gate.IsApi(context.Request) && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
            {
                pages.Enabled = false;
            }

            return next(context);
        });
    }
}
