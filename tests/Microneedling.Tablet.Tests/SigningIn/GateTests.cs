// Every page and endpoint that the program has, asked for by nobody and by each role. A new one that is not protected, and is
// not in the list here, fails.

using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Microneedling.Tablet.Tests.SigningIn;

public sealed partial class GateTests(StaffedTablet staffed) : IClassFixture<StaffedTablet>
{
    private static readonly string[] OpenToAll =
    [
        "/api/stop", "/signin", "/trust", "/trust/ca.crt", "/offline", "/refused", "/sw.js", "/manifest.webmanifest",
    ];

    [Fact]
    public async Task Without_a_sign_in_every_page_and_endpoint_is_closed_but_those_of_the_list()
    {
        using var stranger = staffed.Arrive();
        var all = Endpoints().ToArray();
        foreach (var (method, path, _) in all.Where(endpoint => !OpenToAll.Contains(endpoint.Path)))
        {
            using var request = new HttpRequestMessage(method, path);
            if (method != HttpMethod.Get)
            {
                request.Content = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
            }

            using var response = await stranger.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            string asked = $"{method} {path}";
            if (path.StartsWith("/api/", StringComparison.Ordinal))
            {
                Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{asked} answered {response.StatusCode}.");
                Assert.StartsWith("Nobody is signed in", await Refusal.WordsAsync(response), StringComparison.Ordinal);
            }
            else
            {
                Assert.True(response.StatusCode == HttpStatusCode.Redirect, $"{asked} answered {response.StatusCode}.");
                Assert.StartsWith("/signin?return=", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
            }
        }

        foreach (var (method, path, _) in all.Where(endpoint => OpenToAll.Contains(endpoint.Path)))
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await stranger.Http.SendAsync(request);
            Assert.NotEqual(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.False(response.Headers.Location?.OriginalString.StartsWith("/signin?", StringComparison.Ordinal) == true, $"{method} {path} leads to the sign-in.");
        }

        Assert.Equal(OpenToAll.Order(StringComparer.Ordinal), OpenToAll.Where(path => all.Any(endpoint => endpoint.Path == path)).Order(StringComparer.Ordinal));
        Assert.True(all.Length > OpenToAll.Length + 20, $"Only {all.Length} endpoints were found.");
    }

    [Theory]
    [InlineData("/signin")]
    [InlineData("/trust")]
    [InlineData("/offline")]
    [InlineData("/sw.js")]
    [InlineData("/manifest.webmanifest")]
    [InlineData("/site.css")]
    [InlineData("/pages.js")]
    [InlineData("/icon-192.png")]
    public async Task What_signing_in_and_the_installed_app_need_is_open_and_holds_nothing_of_people_clients_or_device(string path)
    {
        using var stranger = staffed.Arrive();
        string body = await stranger.ReadAsync(path);

        Assert.DoesNotContain($"Device {staffed.Tablet.Device.Identity?.SerialNumber}", body, StringComparison.Ordinal);
        Assert.Equal(path == "/signin", body.Contains("Sofia", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Role.Practitioner)]
    [InlineData(Role.Supervisor)]
    [InlineData(Role.Engineer)]
    public async Task Every_page_and_endpoint_is_closed_to_a_role_without_its_rights_and_says_so(Role role)
    {
        using var visitor = await staffed.ArriveAsync(role);
        var person = SignedInPerson.Of(staffed.Of(role));
        int refused = 0;
        foreach (var (method, path, needs) in Endpoints().Where(endpoint => endpoint.Needs.Any(needs => !needs.AreMetBy(person, isAtThisComputer: true))))
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await visitor.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            bool isApi = path.StartsWith("/api/", StringComparison.Ordinal);

            // The API refuses what is no JSON before it asks who sends it.
            Assert.True(response.StatusCode == (isApi && method != HttpMethod.Get ? HttpStatusCode.UnsupportedMediaType : HttpStatusCode.Forbidden), $"{method} {path}, which needs {needs[0].Rights}, answered {response.StatusCode}.");
            if (!isApi)
            {
                string page = await response.Content.ReadAsStringAsync();
                Assert.Contains("Your role does not allow this", page, StringComparison.Ordinal);
                Assert.Contains("id=\"stop\"", page, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.True(refused > 0);
    }

    [Theory]
    [InlineData(Role.Practitioner, "/settings/people", false)]
    [InlineData(Role.Engineer, "/settings/people", false)]
    [InlineData(Role.Supervisor, "/settings/people", true)]
    [InlineData(Role.Practitioner, "/settings/audit", false)]
    [InlineData(Role.Engineer, "/settings/audit", false)]
    [InlineData(Role.Supervisor, "/settings/audit", true)]
    [InlineData(Role.Practitioner, "/settings/database", false)]
    [InlineData(Role.Engineer, "/settings/database", true)]
    [InlineData(Role.Supervisor, "/settings/database", true)]
    [InlineData(Role.Practitioner, "/settings/network", true)]
    [InlineData(Role.Practitioner, "/settings", true)]
    [InlineData(Role.Engineer, "/settings", true)]
    public async Task Settings_pages_open_to_those_who_may_and_the_list_of_settings_shows_no_others(Role role, string path, bool mayOpen)
    {
        using var visitor = await staffed.ArriveAsync(role);
        using var response = await visitor.GetAsync(path);
        string settings = await visitor.ReadAsync("/settings");

        Assert.Equal(mayOpen ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(mayOpen, settings.Contains($"href=\"{path}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_may_what_is_one_table()
    {
        Assert.Equal(Rights.Treat | Rights.KeepClients, RoleRights.Of(Role.Practitioner));
        Assert.Equal(RoleRights.All & ~Rights.ServeDevice, RoleRights.Of(Role.Supervisor));
        Assert.Equal(Rights.Treat | Rights.ServeDevice, RoleRights.Of(Role.Engineer));
        var practitioner = new SignedInPerson(new Actor(1, "P"), Role.Practitioner);
        Assert.False(new NeedsAttribute(Rights.Treat | Rights.Supervise).AreMetBy(practitioner, true));
        Assert.True(new NeedsAttribute(Rights.Supervise) { Or = Rights.KeepClients }.AreMetBy(practitioner, false));
        Assert.False(new NeedsAttribute(Rights.Supervise).AreMetBy(practitioner, true));
        Assert.True(new NeedsAttribute(Rights.Supervise) { OrAtThisComputer = true }.AreMetBy(practitioner, true));
        Assert.False(new NeedsAttribute(Rights.Supervise) { OrAtThisComputer = true }.AreMetBy(practitioner, false));
    }

    private IEnumerable<(HttpMethod Method, string Path, IReadOnlyList<NeedsAttribute> Needs)> Endpoints() =>
        from endpoint in staffed.Tablet.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<ISuppressMatchingMetadata>() is null
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [HttpMethods.Get, HttpMethods.Post]
        let path = "/" + Parameter().Replace(endpoint.RoutePattern.RawText!.TrimStart('/'), "1")
        select (HttpMethod.Parse(method), path == "/api/live" ? path + "?page=x" : path, endpoint.Metadata.GetOrderedMetadata<NeedsAttribute>());

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
