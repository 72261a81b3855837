// Forms and commands without the page's token are refused in words, whoever sends them; STOP alone needs none.

using System.Net;
using System.Net.Http.Headers;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Tests.SigningIn;

public sealed class RequestTokenTests(StaffedTablet staffed) : IClassFixture<StaffedTablet>
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("CfDJ8-made-up")]
    public async Task A_command_without_a_valid_token_is_refused_and_changes_nothing(string? token)
    {
        using var visitor = await staffed.ArriveAsync(Role.Supervisor);
        await visitor.ReadAsync("/settings");
        using var response = await PostAsync(visitor, "/api/home", token);

        await Refusal.IsAsync(response, HttpStatusCode.BadRequest, "This page is older than the sign-in. Load it again. Nothing was changed.");
        Assert.NotEqual(DeviceState.Homing, staffed.Tablet.Device.LatestStatus?.State);
    }

    [Fact]
    public async Task The_token_of_one_sign_in_is_no_good_in_another()
    {
        using var visitor = await staffed.ArriveAsync(Role.Practitioner);
        string html = await visitor.ReadAsync("/settings");
        string token = html.Split("name=\"request-token\" content=\"")[1].Split('"')[0];
        await visitor.SignInAsync(staffed.Practitioner, StaffedTablet.Pin);

        using var response = await PostAsync(visitor, "/api/home", token);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_form_without_a_token_is_refused_by_a_page_in_words_with_STOP_on_it()
    {
        using var visitor = await staffed.ArriveAsync(Role.Supervisor);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("name", "Eve"), KeyValuePair.Create("role", "Supervisor"), KeyValuePair.Create("pin", "123456"), KeyValuePair.Create("pinAgain", "123456")]);
        using var response = await visitor.Http.PostAsync("/settings/people", form);
        string page = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("This was not taken", page, StringComparison.Ordinal);
        Assert.Contains("id=\"stop\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain(await staffed.Tablet.Sessions.People.ListAsync(), person => person.Name == "Eve");
    }

    [Fact]
    public async Task Another_site_is_refused_even_with_a_token()
    {
        using var visitor = await staffed.ArriveAsync(Role.Supervisor);
        string html = await visitor.ReadAsync("/settings");
        string token = html.Split("name=\"request-token\" content=\"")[1].Split('"')[0];
        using var response = await PostAsync(visitor, "/api/home", token, ("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task STOP_needs_no_token()
    {
        using var stranger = staffed.Arrive();
        using var response = await PostAsync(stranger, "/api/stop", token: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(Visitor visitor, string path, string? token, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("""{"page":"p"}""", new MediaTypeHeaderValue("application/json")) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Request-Token", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await visitor.Http.SendAsync(request);
    }
}
