// Beginning a session on the page: what is missing is said, what was typed stays, and what was begun is in the record.
// And what is noted after it.

using System.Globalization;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Tests;

public sealed class PreparePageTests
{
    private static readonly Actor Owner = new(null, "Owner");

    private static readonly (string Name, string Value)[] Cartridge = [("type", "Example 12"), ("needles", "12"), ("lot", "L-1"), ("expires", "2099-12-31")];

    [Fact]
    public async Task A_session_begins_with_client_check_course_and_cartridge_and_no_second_one()
    {
        await using var tablet = await ConnectedAsync();
        var client = await SharedTablet.AddReadyClientAsync(tablet.Sessions);
        var course = await tablet.Sessions.Clients.BeginCourseAsync(Owner, client.Key, "Acne scars", 4, 30);
        using var browser = new FormBrowser(tablet);
        var form = await browser.OpenAsync($"/prepare/{client.Key}");

        var begun = await browser.SubmitAsync(form, null, [.. Cartridge, ("course", course.Id.ToString(CultureInfo.InvariantCulture))]);
        var second = await browser.SubmitAsync(form, null, Cartridge);

        Assert.Equal("/", begun.Address);
        var session = Assert.Single(await tablet.Sessions.ListAsync());
        Assert.Equal(client.Key, session.ClientKey);
        Assert.Equal(course.Id, session.CourseId);
        Assert.Equal((await tablet.Sessions.Clients.ChecksAsync(client.Key))[0].Id, session.SuitabilityCheckId);
        Assert.Equal(new Cartridge("Example 12", 12, "L-1", new DateOnly(2099, 12, 31)), session.Cartridge);
        Assert.Contains("A session is open already. Finish it before you begin another.", second.Errors);
        foreach (string address in (string[])["/prepare", $"/prepare/{client.Key}", "/prepare/test-block"])
        {
            var shown = await browser.OpenAsync(address);
            Assert.Contains("A session is open already.", shown.Words, StringComparison.Ordinal);
            Assert.DoesNotContain("name=\"lot\"", shown.Html, StringComparison.Ordinal);
            Assert.Contains("href=\"/\"", shown.Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_missing_is_said_with_the_way_to_it_and_nothing_begins()
    {
        await using var tablet = await ConnectedAsync();
        var client = await tablet.Sessions.Clients.AddAsync(Owner);
        using var browser = new FormBrowser(tablet);

        var form = await browser.OpenAsync($"/prepare/{client.Key}");
        var refused = await browser.SubmitAsync(form, null, Cartridge);

        Assert.Contains("Suitability was not checked yet.", form.Words, StringComparison.Ordinal);
        Assert.Contains("No consent in force.", form.Words, StringComparison.Ordinal);
        Assert.Contains($"/clients/{client.Key}/check?from=prepare", form.Html, StringComparison.Ordinal);
        Assert.Contains($"/clients/{client.Key}/consent?from=prepare", form.Html, StringComparison.Ordinal);
        Assert.Equal(
            ["Suitability was not checked yet. Go through the checklist first.", "No consent in force. Note it first."],
            refused.Errors);
        Assert.All(Cartridge, entry => Assert.Equal(entry.Value, refused.ValueOf(entry.Name)));
        Assert.Empty(await tablet.Sessions.ListAsync());

        var back = await browser.SubmitAsync($"/clients/{client.Key}/consent?from=prepare", null);
        Assert.Equal($"/prepare/{client.Key}", back.Address);
        Assert.Contains("The consent was noted.", back.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_found_the_client_not_suitable_begins_nothing_until_it_is_overridden()
    {
        await using var tablet = await ConnectedAsync();
        var client = await SharedTablet.AddReadyClientAsync(tablet.Sessions);
        var checklist = await tablet.Sessions.Site.ChecklistAsync();
        var blocking = checklist.Items.First(item => item.Weight == ChecklistWeight.Blocks);
        var check = await tablet.Sessions.Clients.CheckAsync(Owner, client.Key, checklist.Version, [blocking.Id], "");
        using var browser = new FormBrowser(tablet);

        var refused = await browser.SubmitAsync($"/prepare/{client.Key}", null, Cartridge);
        Assert.Equal(["Not suitable by the check. A supervisor may override it with a reason."], refused.Errors);
        Assert.Contains($"/clients/{client.Key}/check/{check.Id}?from=prepare", refused.Html, StringComparison.Ordinal);

        await tablet.Sessions.Clients.OverrideAsync(Owner, check.Id, "Looked at by a doctor.");
        Assert.Equal("/", (await browser.SubmitAsync($"/prepare/{client.Key}", null, Cartridge)).Address);
    }

    [Theory]
    [InlineData("type", "", "Fill this in.")]
    [InlineData("type", "61", "At most 60 characters; there are 61.")]
    [InlineData("needles", "0", "Enter a whole number from 1 to 100.")]
    [InlineData("needles", "101", "Enter a whole number from 1 to 100.")]
    [InlineData("needles", "12,5", "Enter a whole number from 1 to 100.")]
    [InlineData("lot", "", "Fill this in.")]
    [InlineData("lot", "61", "At most 60 characters; there are 61.")]
    [InlineData("expires", "", "Enter a day: year-month-day.")]
    [InlineData("expires", "2026-02-30", "Enter a day: year-month-day.")]
    [InlineData("expires", "yesterday", "This cartridge expired on {0}. Use another one.")]
    public async Task A_cartridge_that_will_not_do_is_refused_at_its_field_with_everything_typed_kept(string field, string typed, string error)
    {
        await using var tablet = await ConnectedAsync();
        string text = typed switch
        {
            "61" => new string('a', 61),
            "yesterday" => DateTime.Now.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            _ => typed,
        };
        using var browser = new FormBrowser(tablet);

        var shown = await browser.SubmitAsync("/prepare/test-block", null, [.. Cartridge.Where(entry => entry.Name != field), (field, text)]);

        Assert.Equal(string.Format(CultureInfo.InvariantCulture, error, text), shown.ErrorOf(field));
        Assert.Equal(text, shown.ValueOf(field));
        Assert.All(Cartridge.Where(entry => entry.Name != field), entry => Assert.Equal(entry.Value, shown.ValueOf(entry.Name)));
        Assert.Empty(await tablet.Sessions.ListAsync());
    }

    [Fact]
    public async Task On_a_test_block_a_cartridge_on_its_last_day_begins_a_session_without_a_client()
    {
        await using var tablet = await ConnectedAsync();
        using var browser = new FormBrowser(tablet);
        string today = DateTime.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        var begun = await browser.SubmitAsync("/prepare/test-block", null, ("type", new string('t', 60)), ("needles", "100"), ("lot", new string('l', 60)), ("expires", today));

        Assert.Equal("/", begun.Address);
        var session = Assert.Single(await tablet.Sessions.ListAsync());
        Assert.Null(session.ClientKey);
        Assert.Null(session.SuitabilityCheckId);
        Assert.Equal(100, session.Cartridge!.Needles);
    }

    [Fact]
    public async Task The_cartridge_in_the_handpiece_is_told_and_looked_at_again_without_losing_what_was_typed()
    {
        await using var tablet = await ConnectedAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        using var browser = new FormBrowser(tablet);
        var unknown = await browser.OpenAsync("/prepare/test-block");
        tablet.Bench.RemoveCartridge();
        await page.SeesAsync(view => view.Status is { CartridgeSeated: false });

        var missing = await browser.SubmitAsync(unknown, "Look", ("lot", "L-7"));

        Assert.Contains("Whether it is new is not known", unknown.Words, StringComparison.Ordinal);
        Assert.Contains("No cartridge is seated. Seat a new one.", missing.Words, StringComparison.Ordinal);
        Assert.Equal("L-7", missing.ValueOf("lot"));
        Assert.Empty(missing.Errors);
        Assert.Empty(await tablet.Sessions.ListAsync());
        Assert.Equal("/", (await browser.SubmitAsync(missing, null, Cartridge)).Address);
    }

    [Fact]
    public async Task After_a_session_that_stroked_the_page_asks_for_a_new_cartridge()
    {
        await using var tablet = await ConnectedAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.RunAsync(tablet);
        tablet.Bench.ReleaseTrigger();
        await page.SucceedsAsync("/api/disarm", new { page = page.Id });
        await page.SeesAsync(DeviceState.Parked);
        await page.SucceedsAsync("/api/session/finish", new { page = page.Id, carriedThrough = true });
        using var browser = new FormBrowser(tablet);

        var shown = await browser.OpenAsync("/prepare/test-block");

        Assert.Contains("This cartridge was used before. Remove the used cartridge and seat a new one.", shown.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_device_nothing_begins_and_the_page_says_why()
    {
        await using var tablet = await ConnectedAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        tablet.Board.PowerOff();
        await page.SeesAsync(view => !view.Link.Connected);
        using var browser = new FormBrowser(tablet);

        var form = await browser.OpenAsync("/prepare/test-block");
        var refused = await browser.SubmitAsync(form, null, Cartridge);

        Assert.Contains("The device is not connected, so the cartridge is not known.", form.Words, StringComparison.Ordinal);
        Assert.Single(refused.Errors);
        Assert.Equal("L-1", refused.ValueOf("lot"));
        Assert.Empty(await tablet.Sessions.ListAsync());
    }

    [Theory]
    [InlineData("hoursAfter", "0", null)]
    [InlineData("hoursAfter", "8760", null)]
    [InlineData("hoursAfter", "8761", "Enter a whole number from 0 to 8760.")]
    [InlineData("hoursAfter", "-1", "Enter a whole number from 0 to 8760.")]
    [InlineData("pain", "0", null)]
    [InlineData("pain", "10", null)]
    [InlineData("pain", "11", "Enter a whole number from 0 to 10.")]
    [InlineData("pain", "", "Choose one.")]
    [InlineData("redness", "", "Choose one.")]
    [InlineData("swelling", "Huge", "Choose one.")]
    public async Task A_follow_up_is_only_added_and_has_its_edges(string field, string typed, string? error)
    {
        await using var tablet = await ConnectedAsync();
        var client = await SharedTablet.AddReadyClientAsync(tablet.Sessions);
        using var browser = new FormBrowser(tablet);
        await browser.SubmitAsync($"/prepare/{client.Key}", null, Cartridge);
        long id = Assert.Single(await tablet.Sessions.ListAsync()).Id;
        (string Name, string Value)[] good = [("hoursAfter", "24"), ("redness", "Mild"), ("swelling", "None"), ("pain", "2"), ("notes", "<b>Calm</b>")];
        string address = $"/sessions/{id}/follow-up";
        var form = await browser.OpenAsync(address);
        Assert.DoesNotContain("checked=", form.Html, StringComparison.Ordinal);

        var shown = await browser.SubmitAsync(form, null, [.. good.Where(entry => entry.Name != field), (field, typed)]);
        await browser.SubmitAsync(address, null, good);

        Assert.Equal(error, shown.ErrorOf(field));
        var noted = await tablet.Sessions.Clients.FollowUpsAsync(id);
        Assert.Equal(error is null ? 2 : 1, noted.Count);
        string html = (await browser.OpenAsync(address)).Html;
        Assert.Contains("&lt;b&gt;Calm&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Calm", html, StringComparison.Ordinal);
        if (error is not null)
        {
            Assert.Equal("<b>Calm</b>", shown.ValueOf("notes"));
        }
    }

    private static async Task<RunningTablet> ConnectedAsync()
    {
        var tablet = await RunningTablet.StartAsync();
        await using var page = await WatchingPage.OpenAsync(tablet);
        await page.SeesAsync(view => view.Status is { CartridgeSeated: true });
        return tablet;
    }
}
