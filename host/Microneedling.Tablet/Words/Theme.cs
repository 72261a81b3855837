namespace Microneedling.Tablet.Words;

/// <summary>Dark or light: as the tablet prefers, unless chosen.</summary>
public static class Theme
{
    /// <summary>Name of the cookie that holds the choice.</summary>
    public const string Cookie = "theme";

    /// <summary><c>light</c>, <c>dark</c>, or <c>auto</c>.</summary>
    public static string Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Cookies[Cookie] is "light" or "dark" ? request.Cookies[Cookie]! : "auto";
    }
}
