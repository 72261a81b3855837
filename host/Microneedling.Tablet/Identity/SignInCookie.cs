// The sign-in's cookie: ASP.NET Core's, holding the random number of a sign-in and nothing else. No script can read it, no
// other site's page sends it, and over TLS it never leaves TLS.

using System.Security.Claims;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Device;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Microneedling.Tablet.Identity;

/// <summary>Carries sign-ins from request to request.</summary>
public static class SignInCookie
{
    /// <summary>The cookie's name.</summary>
    public const string Name = "sign-in";

    private const string Scheme = "sign-in";

    /// <summary>Adds the cookie and what decides about it.</summary>
    public static void AddSignIns(this IServiceCollection services)
    {
        services.AddAuthentication(Scheme).AddCookie(Scheme, cookie =>
        {
            cookie.Cookie.Name = Name;
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = 2 * SignIns.Longest; // SignIns decides; this must only not be shorter.
            cookie.SlidingExpiration = false; // What a page fetches by itself must not bring a signed-out cookie back.
        });
        services.AddSingleton<PeopleDirectory>();
        services.AddSingleton(provider => new SignIns(
            provider.GetRequiredService<PeopleDirectory>(), provider.GetRequiredService<TimeProvider>(), () => PageInMotion(provider)));
        services.AddSingleton<SignInLimit>();
        services.AddHostedService<SignInSweep>();
    }

    /// <summary>Signs somebody in whose PIN was right. An earlier sign-in of this browser ends: its number is never used on.</summary>
    public static async Task SignInAsync(this HttpContext context, SignIns signIns, Person person)
    {
        ArgumentNullException.ThrowIfNull(signIns);
        if (context.SignInId() is { } earlier)
        {
            signIns.End(earlier);
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, signIns.Begin(person).Id)], Scheme);
        await context.SignInAsync(Scheme, new ClaimsPrincipal(identity));
    }

    /// <summary>Ends this browser's sign-in. False: there was none.</summary>
    public static async Task<bool> SignOutAsync(this HttpContext context, SignIns signIns)
    {
        ArgumentNullException.ThrowIfNull(signIns);
        bool wasOpen = context.SignInId() is { } id && signIns.End(id);
        await context.SignOutAsync(Scheme);
        return wasOpen;
    }

    /// <summary>The number in the request's cookie, or null.</summary>
    public static string? SignInId(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.User.FindFirstValue(ClaimTypes.NameIdentifier);
    }

    private static string? PageInMotion(IServiceProvider provider) =>
        provider.GetRequiredService<DeviceService>().LatestStatus is { } status && PresenceGuard.NeedsPresence(status.State)
            ? provider.GetRequiredService<PagePresence>().Control.Page
            : null;
}
