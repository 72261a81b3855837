// What the pages of clients, preparing and the site's rules do for people of each role: the override by a supervisor's PIN,
// and who gets in where.

using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Tests.SigningIn;

namespace Microneedling.Tablet.Tests;

public sealed class SupervisedTests(StaffedTablet staffed) : IClassFixture<StaffedTablet>
{
    private const string Reason = "Cleared by a doctor today.";

    [Fact]
    public async Task A_practitioner_needs_a_supervisors_PIN_to_override()
    {
        using var browser = await SignedInAsync(staffed.Practitioner);
        var result = await UnsuitableAsync(browser);

        var nobody = await browser.SubmitAsync(result, null, ("reason", Reason), ("pin", StaffedTablet.Pin));
        var wrong = await browser.SubmitAsync(result, null, ("reason", Reason), ("supervisor", IdOf(staffed.Supervisor)), ("pin", "111111"));
        var shown = await browser.SubmitAsync(wrong, null, ("pin", StaffedTablet.Pin));

        Assert.Equal("Choose one.", nobody.ErrorOf("supervisor"));
        Assert.Equal("The PIN is not right. Type it again.", wrong.ErrorOf("pin"));
        Assert.Equal(Reason, wrong.ValueOf("reason"));
        Assert.Equal(IdOf(staffed.Supervisor), wrong.ValueOf("supervisor"));
        Assert.DoesNotContain("111111", wrong.Html, StringComparison.Ordinal);
        Assert.Contains($"by {staffed.Supervisor.Name}", shown.Words, StringComparison.Ordinal);
        Assert.Contains("overridden by a supervisor", shown.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_but_a_supervisor_can_be_chosen_to_override()
    {
        using var browser = await SignedInAsync(staffed.Practitioner);
        var result = await UnsuitableAsync(browser);

        var shown = await browser.SubmitAsync(result, null, ("reason", Reason), ("supervisor", IdOf(staffed.Practitioner)), ("pin", StaffedTablet.Pin));

        Assert.DoesNotContain($"value=\"{IdOf(staffed.Practitioner)}\"", result.Html, StringComparison.Ordinal);
        Assert.Equal("Choose one.", shown.ErrorOf("supervisor"));
        Assert.Contains("Not suitable", shown.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reason_that_will_not_do_costs_no_attempt_and_a_locked_PIN_is_said_with_its_time()
    {
        var supervisor = await staffed.AddAsync("Lucía", Role.Supervisor);
        using var browser = await SignedInAsync(staffed.Practitioner);
        var result = await UnsuitableAsync(browser);

        await browser.SubmitAsync(result, null, ("reason", "short"), ("supervisor", IdOf(supervisor)), ("pin", "111111"));
        Assert.Equal(0, (await staffed.Tablet.Sessions.People.FindAsync(supervisor.Id))!.WrongPins);
        ShownPage shown = result;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            shown = await browser.SubmitAsync(result, null, ("reason", Reason), ("supervisor", IdOf(supervisor)), ("pin", "111111"));
        }

        var right = await browser.SubmitAsync(result, null, ("reason", Reason), ("supervisor", IdOf(supervisor)), ("pin", StaffedTablet.Pin));
        Assert.StartsWith("Too many wrong PINs: none is taken from this person before ", shown.ErrorOf("pin"), StringComparison.Ordinal);
        Assert.StartsWith("Too many wrong PINs", right.ErrorOf("pin"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_supervisor_overrides_without_a_PIN()
    {
        using var browser = await SignedInAsync(staffed.Supervisor);
        var result = await UnsuitableAsync(browser);
        Assert.DoesNotContain("name=\"pin\"", result.Html, StringComparison.Ordinal);

        var shown = await browser.SubmitAsync(result, null, ("reason", Reason));

        Assert.Contains($"by {staffed.Supervisor.Name}", shown.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Role.Practitioner, "/clients", true)]
    [InlineData(Role.Supervisor, "/clients", true)]
    [InlineData(Role.Engineer, "/clients", false)]
    [InlineData(Role.Engineer, "/prepare", true)]
    [InlineData(Role.Engineer, "/prepare/test-block", true)]
    [InlineData(Role.Practitioner, "/settings/checklist", false)]
    [InlineData(Role.Practitioner, "/settings/presets", false)]
    [InlineData(Role.Practitioner, "/settings/presets/new", false)]
    [InlineData(Role.Practitioner, "/settings/caps", false)]
    [InlineData(Role.Engineer, "/settings/caps", false)]
    [InlineData(Role.Supervisor, "/settings/checklist", true)]
    [InlineData(Role.Supervisor, "/settings/presets", true)]
    [InlineData(Role.Supervisor, "/settings/caps", true)]
    public async Task Each_role_gets_where_it_may(Role role, string address, bool may)
    {
        using var browser = await SignedInAsync(staffed.Of(role));

        Assert.Equal(may ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await browser.OpenAsync(address)).Status);
    }

    [Fact]
    public async Task An_engineer_sees_no_client_when_preparing()
    {
        var client = await SharedTablet.AddReadyClientAsync(staffed.Tablet.Sessions);
        using var browser = await SignedInAsync(staffed.Engineer);

        var choosing = await browser.OpenAsync("/prepare");
        var one = await browser.OpenAsync($"/prepare/{client.Key}");

        Assert.DoesNotContain(client.Label, choosing.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("New client", choosing.Words, StringComparison.Ordinal);
        Assert.Contains("Your role treats test blocks only.", choosing.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, one.Status);
        Assert.DoesNotContain(client.Label, one.Words, StringComparison.Ordinal);
    }

    private static string IdOf(Person person) => person.Id.ToString(CultureInfo.InvariantCulture);

    private async Task<FormBrowser> SignedInAsync(Person person)
    {
        var browser = new FormBrowser(staffed.Tablet);
        var page = await browser.OpenAsync($"/signin?person={person.Id}");
        string token = Regex.Match(page.Html, "name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)").Groups[1].Value;
        await browser.PostAsync("/signin", [("__RequestVerificationToken", token), ("person", IdOf(person)), ("return", "/"), ("pin", StaffedTablet.Pin)]);
        return browser;
    }

    /// <summary>A new client whose check says not suitable, as the page shows it.</summary>
    private async Task<ShownPage> UnsuitableAsync(FormBrowser browser)
    {
        var client = await staffed.Tablet.Sessions.Clients.AddAsync(new Actor(staffed.Supervisor.Id, staffed.Supervisor.Name));
        var items = (await staffed.Tablet.Sessions.Site.ChecklistAsync()).Items;
        return await browser.SubmitAsync($"/clients/{client.Key}/check", null, [.. items.Select(item => ($"answer-{item.Id}", "yes"))]);
    }
}
