// Other web sites in the same browser must not drive the device; STOP alone is everybody's.

using System.Net;
using System.Net.Http.Headers;
using Microneedling.Protocol;

namespace Microneedling.Tablet.Tests;

public sealed class ForeignSiteTests(HomedTablet homed) : IClassFixture<HomedTablet>
{
    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://example.org")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    public async Task A_request_of_another_site_is_refused_and_the_device_stays_parked(string header, string value)
    {
        using var post = Json(HttpMethod.Post, "/api/home", $$"""{"page":"{{homed.Page.Id}}"}""");
        post.Headers.Add(header, value);
        using var posted = await homed.Tablet.Http.SendAsync(post);
        using var live = new HttpRequestMessage(HttpMethod.Get, "/api/live?page=foreign");
        live.Headers.Add(header, value);
        using var read = await homed.Tablet.Http.SendAsync(live, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.Forbidden, posted.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, read.StatusCode);
        Assert.Equal(DeviceState.Parked, homed.Tablet.Device.LatestStatus!.State);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task What_a_foreign_form_could_send_is_not_taken(string contentType)
    {
        using var content = new StringContent($$"""{"page":"{{homed.Page.Id}}"}""", new MediaTypeHeaderValue(contentType));
        using var response = await homed.Tablet.Http.PostAsync("/api/home", content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal(DeviceState.Parked, homed.Tablet.Device.LatestStatus!.State);
    }

    [Fact]
    public async Task Only_loopback_names_are_answered()
    {
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/");
        rebound.Headers.Host = "device.example.org";
        using var response = await homed.Tablet.Http.SendAsync(rebound);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sessions")]
    [InlineData("/site.css")]
    [InlineData("/treat.js")]
    public async Task Every_answer_allows_nothing_but_its_own_content(string path)
    {
        using var response = await homed.Tablet.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Stop_is_taken_from_anybody_in_any_form_as_often_as_wanted()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.RunAsync(tablet);

        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/api/stop") { Content = new FormUrlEncodedContent([]) };
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var first = await tablet.Http.SendAsync(foreign);
        using var again = await tablet.Http.SendAsync(Json(HttpMethod.Post, "/api/stop", "this is not JSON"));
        await page.SeesAsync(DeviceState.Parked);
        using var parked = await tablet.Http.SendAsync(Json(HttpMethod.Post, "/api/stop", "{}"));

        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        Assert.Equal("/", first.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(HttpStatusCode.OK, parked.StatusCode);
        Assert.False(tablet.Bench.NeedlesOut);
    }

    private static HttpRequestMessage Json(HttpMethod method, string path, string body)
    {
        var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return request;
    }
}
