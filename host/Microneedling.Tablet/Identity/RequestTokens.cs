using Microneedling.Tablet.Api;
using Microsoft.AspNetCore.Antiforgery;

namespace Microneedling.Tablet.Identity;

/// <summary>
/// Anti-forgery: every form (Razor checks those) and every command below /api carries a token that belongs to the page's
/// cookie and to the sign-in. STOP alone needs none.
/// </summary>
public static class RequestTokens
{
    /// <summary>Header of JSON commands.</summary>
    public const string Header = "X-Request-Token";

    /// <summary>Sets the names and the cookie's protection.</summary>
    public static void AddRequestTokens(this IServiceCollection services) => services.AddAntiforgery(tokens =>
    {
        tokens.HeaderName = Header;
        tokens.Cookie.Name = "request-token";
        tokens.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
    });

    /// <summary>Refuses commands without a valid token. After the gate.</summary>
    public static void UseRequestTokens(this WebApplication app)
    {
        var tokens = app.Services.GetRequiredService<IAntiforgery>();
        app.Use(async (context, next) =>
        {
            var request = context.Request;
            bool isCommand = Gate.IsApi(request) && request.Path != StopEndpoint.Path
                && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
            if (isCommand && !await tokens.IsRequestValidAsync(context))
            {
                await Gate.RefuseAsync(context, StatusCodes.Status400BadRequest, "signin.oldPage", "RequestToken");
                return;
            }

            await next(context);
        });
    }
}
