using Microneedling.Tablet.Words;
using Microsoft.Net.Http.Headers;

namespace Microneedling.Tablet.Api;

/// <summary>
/// Keeps other web sites away from the device. A page of another site may neither read the live stream nor post: its
/// browser says where a request comes from (Sec-Fetch-Site, Origin), and only JSON is taken, which it cannot send unasked.
/// STOP alone is taken from anybody in any form: it is always safe, and nothing must stand in its way.
/// </summary>
public static class SameOrigin
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Sets the headers of every answer and refuses foreign requests to the API.</summary>
    public static void UseSameOrigin(this WebApplication app) => app.Use(async (context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache, no-store"; // Nothing of a client stays in the browser. Styles and scripts may: TabletApp.

        var request = context.Request;
        if (!request.Path.StartsWithSegments("/api") || request.Path == StopEndpoint.Path)
        {
            await next(context);
        }
        else if (IsForeign(request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, Texts.Of(context.Request)["refusals.foreignSite"]);
        }
        else if (!HttpMethods.IsGet(request.Method) && !request.HasJsonContentType())
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, Texts.Of(context.Request)["refusals.sendJson"]);
        }
        else
        {
            await next(context);
        }
    });

    private static bool IsForeign(HttpRequest request)
    {
        string? site = request.Headers["Sec-Fetch-Site"];
        string? origin = request.Headers[HeaderNames.Origin];
        return (site is not null && site is not ("same-origin" or "none"))
            || (origin is not null && origin != $"{request.Scheme}://{request.Host}");
    }

    private static Task RefuseAsync(HttpContext context, int status, string words) =>
        TypedResults.Problem(title: words, statusCode: status).ExecuteAsync(context);
}
