using System.Text.Json;

namespace Microneedling.Tablet.Words;

/// <summary>Data for a page's script, inside the page.</summary>
public static class PageData
{
    /// <summary>JSON that cannot end the element it stands in: no markup character is left in it.</summary>
    public static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
}
