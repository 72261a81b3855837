// A refusal as the pages get it: problem details whose title is what the person reads.

using System.Net;
using System.Text.Json;

namespace Microneedling.Tablet.Tests;

public static class Refusal
{
    public static async Task IsAsync(HttpResponseMessage response, HttpStatusCode status, string words)
    {
        Assert.Equal(words, await WordsAsync(response));
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    public static async Task<string> WordsAsync(HttpResponseMessage response)
    {
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return problem.RootElement.GetProperty("title").GetString()!;
    }
}
