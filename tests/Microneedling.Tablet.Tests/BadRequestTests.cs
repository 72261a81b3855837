// Values and bodies that make no sense, sent to one homed device: each is refused in words and changes nothing.

using System.Net;
using System.Net.Http.Headers;

namespace Microneedling.Tablet.Tests;

/// <summary>A homed device and a page in control, for tests that change nothing.</summary>
public sealed class HomedTablet : IAsyncLifetime
{
    public RunningTablet Tablet { get; private set; } = null!;

    public WatchingPage Page { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Tablet = await RunningTablet.StartAsync();
        Page = await WatchingPage.OpenAsync(Tablet);
        await Page.HomeAsync();
    }

    public async Task DisposeAsync()
    {
        await Page.DisposeAsync();
        await Tablet.DisposeAsync();
    }
}

public sealed class BadRequestTests(HomedTablet homed) : IClassFixture<HomedTablet>
{
    [Theory]
    [InlineData(1_501, 50_000, "No deeper than 1.50 mm here. A supervisor can unlock more.")]
    [InlineData(65_600, 50_000, "No deeper than 1.50 mm here. A supervisor can unlock more.")]
    [InlineData(99, 50_000, "The depth is too shallow. The least is 0.10 mm.")]
    [InlineData(-500, 50_000, "The depth is too shallow. The least is 0.10 mm.")]
    [InlineData(500, 100_001, "The stroke rate is too high. The most is 100.0 /s.")]
    [InlineData(500, 9_999, "The stroke rate is too low. The least is 10.0 /s.")]
    public async Task Values_beyond_the_limits_are_refused_and_the_accepted_ones_stay(int depthMicrometers, int rateMillihertz, string words)
    {
        long token = await homed.Page.ConfigureAsync(500, 50_000);

        using var response = await homed.Page.PostAsync("/api/configure", homed.Page.Values(depthMicrometers, rateMillihertz));

        await Refusal.IsAsync(response, HttpStatusCode.BadRequest, words);
        Assert.Equal(token, homed.Tablet.View.Treatment!.Token);
    }

    public static TheoryData<string> BadBodies => new(
        "", "null", "{", "[]", "{}",
        """{"page":"p"}""",
        """{"page":"p","depthMicrometers":500}""",
        """{"page":"p","zoneId":"cheek-left","areaSquareMillimeters":4500,"burstStrokes":0,"presetKey":null,"presetVersion":null,"depthMicrometers":NaN,"rateMillihertz":50000}""",
        """{"page":"p","zoneId":"cheek-left","areaSquareMillimeters":4500,"burstStrokes":0,"presetKey":null,"presetVersion":null,"depthMicrometers":"500","rateMillihertz":50000}""",
        """{"page":"p","zoneId":"cheek-left","areaSquareMillimeters":4500,"burstStrokes":0,"presetKey":null,"presetVersion":null,"depthMicrometers":0.5,"rateMillihertz":50000}""",
        """{"page":"p","zoneId":"cheek-left","areaSquareMillimeters":4500,"burstStrokes":0,"presetKey":null,"presetVersion":null,"depthMicrometers":1e99,"rateMillihertz":50000}""",
        """{"page":"p","zoneId":"cheek-left","areaSquareMillimeters":4500,"burstStrokes":0,"presetKey":null,"presetVersion":null,"depthMicrometers":null,"rateMillihertz":50000}""",
        """{"page":null,"zoneId":"cheek-left","areaSquareMillimeters":4500,"burstStrokes":0,"presetKey":null,"presetVersion":null,"depthMicrometers":500,"rateMillihertz":50000}""",
        """{"page":"p","zoneId":"cheek-left","areaSquareMillimeters":4500,"burstStrokes":0,"presetKey":null,"presetVersion":null,"depthMicrometers":500,"depthMicrometers":1500,"rateMillihertz":50000}""",
        """{"page":"p","zoneId":"cheek-left","areaSquareMillimeters":4500,"burstStrokes":0,"presetKey":null,"presetVersion":null,"depthMicrometers":500,"rateMillihertz":50000,"supervisorUnlock":true}""");

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_body_that_is_not_exactly_the_one_needed_is_refused_with_what_to_send(string body)
    {

        long token = await homed.Page.ConfigureAsync(500, 50_000);
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await homed.Page.PostAsync("/api/configure", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        string words = await Refusal.WordsAsync(response);
        Assert.Contains("\"depthMicrometers\":800", words, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was changed.", words, StringComparison.Ordinal);
        Assert.Equal(token, homed.Tablet.View.Treatment!.Token);
    }
}
