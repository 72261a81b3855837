// Signing in and out by HTTP, as a browser without script does it.

using System.Net;
using System.Text.RegularExpressions;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;

namespace Microneedling.Tablet.Tests.SigningIn;

public sealed partial class SignInTests(StaffedTablet staffed) : IClassFixture<StaffedTablet>
{
    [Fact]
    public async Task Until_somebody_is_set_up_whoever_is_there_is_the_owner_and_the_first_supervisor_ends_that()
    {
        await using var tablet = await RunningTablet.StartAsync();
        using var visitor = new Visitor(tablet.Address);
        using var signIn = await visitor.GetAsync("/signin");
        Assert.Equal("/", signIn.Headers.Location?.OriginalString);

        using var practitioner = await visitor.SubmitAsync(
            "/settings/people", "/settings/people", ("name", "Pablo"), ("role", "Practitioner"), ("pin", "135790"), ("pinAgain", "135790"));
        Assert.Contains("The first person must be a supervisor.", await practitioner.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(await tablet.Sessions.People.ListAsync());

        using var first = await visitor.SubmitAsync(
            "/settings/people", "/settings/people", ("name", "Sofia"), ("role", "Supervisor"), ("pin", "135790"), ("pinAgain", "135790"));
        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);

        using var now = await visitor.GetAsync("/settings/people");
        Assert.Equal("/signin?return=%2Fsettings%2Fpeople", now.Headers.Location?.OriginalString);
        var sofia = Assert.Single(await tablet.Sessions.People.ListAsync());
        await visitor.SignInAsync(sofia, "135790");
        Assert.Contains("Sofia", await visitor.ReadAsync("/settings/people"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cookie_is_hidden_from_scripts_and_other_sites_and_says_nothing()
    {
        using var visitor = staffed.Arrive();
        using var response = await visitor.TypePinAsync(staffed.Practitioner, StaffedTablet.Pin, "/settings");
        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("sign-in=", StringComparison.Ordinal));

        Assert.Equal("/settings", response.Headers.Location?.OriginalString);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase);
        string page = await visitor.ReadAsync("/settings");
        Assert.Contains("Pablo", page, StringComparison.Ordinal);
        Assert.Contains("Practitioner", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/clients/abc?x=1", "/clients/abc?x=1")]
    [InlineData("https://example.org/", "/")]
    [InlineData("//example.org/", "/")]
    [InlineData("/\\example.org", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("", "/")]
    public async Task After_the_sign_in_one_is_where_one_was_but_never_on_another_site(string asked, string where)
    {
        using var visitor = staffed.Arrive();
        using var response = await visitor.TypePinAsync(staffed.Supervisor, StaffedTablet.Pin, asked);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(where, response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Every_key_of_the_keypad_works_without_script()
    {
        using var visitor = staffed.Arrive();
        var person = staffed.Practitioner;
        string pin = "";
        foreach (string key in new[] { "2", "4", "7", "back", "6" })
        {
            using var page = await visitor.SubmitAsync($"/signin?person={person.Id}", "/signin?handler=Key", ("person", $"{person.Id}"), ("pin", pin), ("key", key));
            string html = await page.Content.ReadAsStringAsync();
            pin = PinField().Match(html).Groups["pin"].Value;
            Assert.True(page.Headers.CacheControl?.NoStore);
        }

        Assert.Equal("246", pin);
    }

    [Fact]
    public async Task Signing_out_ends_the_sign_in_for_whoever_kept_its_cookie()
    {
        using var visitor = await staffed.ArriveAsync(Role.Practitioner);
        string kept = visitor.SignInCookie;
        using var response = await visitor.SubmitAsync("/settings", "/signin?handler=Out");
        Assert.Equal("/signin", response.Headers.Location?.OriginalString);

        using var thief = new HttpRequestMessage(HttpMethod.Get, "/settings");
        thief.Headers.Add("Cookie", kept);
        using var refused = await staffed.Tablet.Http.SendAsync(thief);
        Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
    }

    [Fact]
    public async Task A_cookie_from_before_the_sign_in_is_never_used_on()
    {
        using var visitor = await staffed.ArriveAsync(Role.Practitioner);
        string before = visitor.SignInCookie;
        await visitor.SignInAsync(staffed.Supervisor, StaffedTablet.Pin);

        Assert.NotEqual(before, visitor.SignInCookie);
        using var old = new HttpRequestMessage(HttpMethod.Get, "/settings");
        old.Headers.Add("Cookie", before);
        using var refused = await staffed.Tablet.Http.SendAsync(old);
        Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
        Assert.Contains("Sofia", await visitor.ReadAsync("/settings"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_role_counts_from_the_next_request_on_and_who_may_no_longer_sign_in_is_out()
    {
        var person = await staffed.AddAsync("Petra", Role.Practitioner);
        using var visitor = staffed.Arrive();
        await visitor.SignInAsync(person, StaffedTablet.Pin);
        using var supervisor = await staffed.ArriveAsync(Role.Supervisor);
        using (var before = await visitor.GetAsync("/settings/people"))
        {
            Assert.Equal(HttpStatusCode.Forbidden, before.StatusCode);
        }

        string path = $"/settings/people/{person.Id}";
        using var promoted = await supervisor.SubmitAsync(path, path, ("name", "Petra"), ("role", "Supervisor"), ("isActive", "true"));
        Assert.Equal(HttpStatusCode.Redirect, promoted.StatusCode);
        await visitor.ReadAsync("/settings/people");

        using var ended = await supervisor.SubmitAsync(path, path, ("name", "Petra"), ("role", "Supervisor"));
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
        using var after = await visitor.GetAsync("/settings/people");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
        Assert.DoesNotContain("Petra", await visitor.ReadAsync("/signin"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_PIN_signs_out_whoever_is_in_by_the_old_one_and_takes_the_lock_away()
    {
        var person = await staffed.AddAsync("Paula", Role.Engineer);
        using var visitor = staffed.Arrive();
        await visitor.SignInAsync(person, StaffedTablet.Pin);
        using var supervisor = await staffed.ArriveAsync(Role.Supervisor);
        string path = $"/settings/people/{person.Id}";

        using var different = await supervisor.SubmitAsync(path, path + "?handler=Pin", ("pin", "112233"), ("pinAgain", "112234"));
        Assert.Contains("The two PINs differ.", await different.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await visitor.ReadAsync("/settings");
        using var set = await supervisor.SubmitAsync(path, path + "?handler=Pin", ("pin", "112233"), ("pinAgain", "112233"));
        Assert.Equal(HttpStatusCode.Redirect, set.StatusCode);

        using var after = await visitor.GetAsync("/settings");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
        await visitor.SignInAsync(person, "112233");
    }

    [Fact]
    public async Task Wrong_PINs_lock_with_words_that_say_until_when_also_after_a_restart()
    {
        await using var tablet = await RunningTablet.StartAsync();
        var person = await StaffedTablet.AddAsync(tablet, "Sofia", Role.Supervisor);
        using (var visitor = new Visitor(tablet.Address))
        {
            for (int attempt = 1; attempt <= 4; attempt++)
            {
                using var wrong = await visitor.TypePinAsync(person, "000000");
                Assert.Contains("This PIN is not right.", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }

            using var fifth = await visitor.TypePinAsync(person, "000000");
            Assert.Matches("No PIN is taken before [0-2][0-9]:[0-5][0-9]", await fifth.Content.ReadAsStringAsync());
        }

        await tablet.EndAsync();
        await using var again = await RunningTablet.StartAsync("--database", tablet.DatabasePath);
        using var patient = new Visitor(again.Address);
        using var right = await patient.TypePinAsync(person, StaffedTablet.Pin);
        Assert.Contains("No PIN is taken before", await right.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(patient.SignInCookie);
    }

    [Fact]
    public async Task One_address_may_not_go_through_the_names_and_STOP_is_never_limited()
    {
        await using var tablet = await StaffedTablet.ReadyAsync();
        var limit = tablet.Service<SignInLimit>();
        var people = new List<Person> { await StaffedTablet.AddAsync(tablet, "Sofia", Role.Supervisor) };
        for (int taken = 0; taken < SignInLimit.Attempts; taken++)
        {
            Assert.True(limit.Allows(IPAddress.Loopback));
        }

        using var visitor = new Visitor(tablet.Address);
        using var refused = await visitor.TypePinAsync(people[0], StaffedTablet.Pin);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("Too many attempts from this tablet.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(limit.Allows(IPAddress.Parse("192.0.2.7")));
        for (int stop = 0; stop < SignInLimit.Attempts * 2; stop++)
        {
            using var stopped = await visitor.Http.PostAsync("/api/stop", null);
            Assert.Equal(HttpStatusCode.Redirect, stopped.StatusCode);
        }
    }

    [Fact]
    public async Task Sign_ins_sign_outs_and_wrong_PINs_are_in_the_audit_trail_by_name()
    {
        var person = await staffed.AddAsync("Anna", Role.Practitioner);
        using var visitor = staffed.Arrive();
        using (await visitor.TypePinAsync(person, "999999"))
        {
        }

        await visitor.SignInAsync(person, StaffedTablet.Pin);
        using (await visitor.SubmitAsync("/settings", "/signin?handler=Out"))
        {
        }

        string subject = $"person:{person.Id}";
        var entries = (await staffed.Tablet.Sessions.Audit.ListAsync()).Where(entry => entry.Subject == subject).Select(entry => entry.Action).Reverse();
        Assert.Equal(["person.added", "person.pinWrong", "person.pinRight", "signIn.begun", "signIn.signedOut"], entries);
        using var supervisor = await staffed.ArriveAsync(Role.Supervisor);
        string page = WebUtility.HtmlDecode(await supervisor.ReadAsync("/settings/audit"));
        Assert.Contains("Signed out", page, StringComparison.Ordinal);
        Assert.Contains("Wrong PIN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("signIn.begun", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task STOP_needs_no_sign_in_and_a_live_stream_ends_with_the_sign_in_so_that_the_device_stops()
    {
        await using var tablet = await RunningTablet.StartAsync();
        var person = await StaffedTablet.AddAsync(tablet, "Sofia", Role.Supervisor);
        using var visitor = new Visitor(tablet.Address);
        await visitor.SignInAsync(person, StaffedTablet.Pin);
        await using var page = await WatchingPage.OpenAsync(tablet, visitor.SignInCookie);
        await page.HomeAsync();

        tablet.Service<SignIns>().EndAllOf(person.Id, exceptId: null);
        await page.Ended;
        using var refused = await page.PostAsync("/api/home", new { page = page.Id });
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var stopped = await page.PostAsync("/api/stop", new { });
        Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);
        Assert.Equal(DeviceState.Parked, tablet.Device.LatestStatus!.State);
    }

    [GeneratedRegex("""<input id="pin"[^>]* value="(?<pin>[0-9]*)""")]
    private static partial Regex PinField();
}
