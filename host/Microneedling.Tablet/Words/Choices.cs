namespace Microneedling.Tablet.Words;

/// <summary>What is chosen for this tablet, whoever uses it: language and theme, in cookies that say nothing else.</summary>
public static class Choices
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    /// <summary>Keeps a choice; an empty one is forgotten.</summary>
    /// <param name="response">Goes to the tablet.</param>
    /// <param name="cookie">Which choice.</param>
    /// <param name="value">What was chosen.</param>
    /// <param name="allowed">What can be.</param>
    public static void Keep(HttpResponse response, string cookie, string? value, IEnumerable<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(response);
        var options = new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = Kept,
            SameSite = SameSiteMode.Strict,
            Secure = response.HttpContext.Request.IsHttps,
        };
        if (value is not null && allowed.Contains(value))
        {
            response.Cookies.Append(cookie, value, options);
        }
        else
        {
            response.Cookies.Delete(cookie, options);
        }
    }
}
