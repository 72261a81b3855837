// What is shown of sessions: list with filters and pages, detail, print and exports, read back from the answers.

using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Tests;

public sealed partial class SessionPagesTests(RecordedTablet recorded) : IClassFixture<RecordedTablet>
{
    private HttpClient Http => recorded.Tablet.Http;

    [Fact]
    public async Task Each_outcome_has_its_own_words_and_its_own_shape()
    {
        string html = await Http.GetStringAsync("/sessions?lot=OUTCOMES");
        Match[] outcomes = [.. OutcomePattern().Matches(html).Cast<Match>()];

        Assert.Equal(
            ["Interrupted", "LinkLost", "AbortedByFault", "Stopped", "Completed"],
            outcomes.Select(match => match.Groups["outcome"].Value));
        Assert.Equal(5, outcomes.Select(match => match.Groups["shape"].Value).Distinct().Count());
        Assert.Equal(5, outcomes.Select(match => match.Groups["words"].Value.Trim()).Distinct().Count());
    }

    [Fact]
    public async Task The_list_narrows_by_client_outcome_lot_device_and_day_and_together()
    {
        string key = recorded.Client.Key;
        long[] ofClient = await IdsAsync($"/sessions?client={key}");
        long[] faults = await IdsAsync("/sessions?outcome=AbortedByFault");
        long[] lot = await IdsAsync("/sessions?lot=OUTCOMES");
        long[] device = await IdsAsync("/sessions?device=2001");
        long[] day = await IdsAsync("/sessions?from=2026-11-05&to=2026-11-05");
        long[] both = await IdsAsync($"/sessions?client={key}&outcome=Stopped");
        long[] nothing = await IdsAsync("/sessions?lot=NO-SUCH-LOT");

        Assert.Equal([recorded.WithClientStopped, recorded.WithClient], ofClient);
        Assert.Equal([recorded.Outcomes[2]], faults);
        Assert.Equal(recorded.Outcomes.Reverse(), lot);
        Assert.Equal([recorded.OtherDevice], device);
        Assert.Equal([recorded.OtherDevice], day);
        Assert.Equal([recorded.WithClientStopped], both);
        Assert.Empty(nothing);
    }

    [Fact]
    public async Task Fifty_sessions_are_on_a_page_and_the_next_page_keeps_the_filter()
    {
        string first = await Http.GetStringAsync("/sessions?lot=MANY");
        long[] firstIds = IdsIn(first);
        string next = WebUtility.HtmlDecode(NextPattern().Match(first).Groups["href"].Value);
        long[] secondIds = await IdsAsync(next);

        Assert.Equal(50, firstIds.Length);
        Assert.Equal(recorded.Many.Count - 50, secondIds.Length);
        Assert.Equal(recorded.Many.Reverse(), firstIds.Concat(secondIds));
        Assert.Contains("lot=MANY", next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_cannot_be_read_narrows_nothing_and_the_page_says_so()
    {
        string html = await Http.GetStringAsync("/sessions?device=abc&outcome=Perhaps&at=-4&lot=OUTCOMES");

        Assert.Contains("could not be read", html, StringComparison.Ordinal);
        Assert.Equal(recorded.Outcomes.Reverse(), IdsIn(html));
    }

    [Fact]
    public async Task A_page_behind_the_last_shows_the_last() =>
        Assert.Equal(recorded.Many.Count - 50, (await IdsAsync("/sessions?lot=MANY&at=99")).Length);

    [Fact]
    public async Task The_detail_says_everything_of_the_passes_set_and_active_apart()
    {
        string text = TextOf(await Http.GetStringAsync($"/sessions/{recorded.WithClient}"));

        Assert.Contains("Completed", text, StringComparison.Ordinal);
        Assert.Contains("Ana Practitioner", text, StringComparison.Ordinal);
        Assert.Contains("12 needles, lot LOT-7, use by 2099-12-31", text, StringComparison.Ordinal);
        Assert.Contains("1.00 mm 0.997 mm", text, StringComparison.Ordinal);
        Assert.Contains("1.60 mm 1.597 mm", text, StringComparison.Ordinal);
        Assert.Contains("Stamp, 5 strokes", text, StringComparison.Ordinal);
        Assert.Contains("Unlocked by Sol Supervisor: Scar tissue, agreed with the client", text, StringComparison.Ordinal);

        // 2 400 strokes × 12 needles over 45 cm²; 1 200 × 12 over 60 cm².
        Assert.Contains("28800 640.0", text, StringComparison.Ordinal);
        Assert.Contains("14400 240.0", text, StringComparison.Ordinal);
        Assert.Contains(recorded.Client.Label, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_events_are_said_and_named()
    {
        string text = TextOf(await Http.GetStringAsync($"/sessions/{recorded.WithGap}"));

        Assert.Contains("this list is not the whole story", text, StringComparison.Ordinal);
        Assert.Matches(@"Events \d+ to \d+ are missing", text);
        Assert.Contains("not complete", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_without_a_client_is_marked_as_practice()
    {
        Assert.Contains("Practice, no client", TextOf(await Http.GetStringAsync($"/sessions/{recorded.Outcomes[0]}")), StringComparison.Ordinal);
        Assert.DoesNotContain("Practice, no client", TextOf(await Http.GetStringAsync($"/sessions/{recorded.WithClient}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_timeline_has_columns_of_one_length_and_its_passes_where_they_were()
    {
        using var timeline = JsonDocument.Parse(await Http.GetStringAsync($"/api/sessions/{recorded.WithClient}/timeline"));
        var seconds = timeline.RootElement.GetProperty("seconds").EnumerateArray().Select(one => one.GetDouble()).ToArray();
        var passes = timeline.RootElement.GetProperty("passes").EnumerateArray().ToArray();

        Assert.Equal(120, seconds[^1], 0.001);
        Assert.Equal(seconds.Order(), seconds);
        foreach (string column in new[] { "stagePositionMicrometers", "activeDepthMicrometers", "drivenRateMillihertz", "measuredRateMillihertz" })
        {
            Assert.Equal(seconds.Length, timeline.RootElement.GetProperty(column).GetArrayLength());
        }

        Assert.Equal([2, 62], passes.Select(pass => pass.GetProperty("fromSeconds").GetDouble()));
        Assert.Equal([46, 101], passes.Select(pass => pass.GetProperty("toSeconds").GetDouble()));
        Assert.Equal(JsonValueKind.Null, timeline.RootElement.GetProperty("activeDepthMicrometers")[0].ValueKind);
    }

    [Fact]
    public async Task The_print_view_is_whole_without_script()
    {
        string html = await Http.GetStringAsync($"/sessions/{recorded.WithClient}/print");
        string text = TextOf(html);
        string css = await Http.GetStringAsync($"/sessions/{recorded.WithClient}/print-head.css");

        Assert.Contains("prototype platform", text, StringComparison.Ordinal);
        Assert.Contains("Completed", text, StringComparison.Ordinal);
        Assert.Contains("lot LOT-7", text, StringComparison.Ordinal);
        Assert.Equal(2, CountOf("<svg class=\"plot-svg\"", html));
        Assert.Equal(4, CountOf("class=\"plot-mark\"", html));
        Assert.Contains("plot-datum", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
        Assert.Contains($"Session {recorded.WithClient}", css, StringComparison.Ordinal);
        Assert.Contains("counter(pages)", css, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_whole_session_is_exported_in_integers_with_their_units_and_read_back()
    {
        using var response = await Http.GetAsync($"/sessions/{recorded.WithClient}/export.json");
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var detail = (await recorded.Tablet.Sessions.FindAsync(recorded.WithClient))!;
        var root = json.RootElement;

        Assert.Equal($"session-{recorded.WithClient}.json", response.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal(("microneedling-session", 2), (root.GetProperty("format").GetString(), root.GetProperty("formatVersion").GetInt32()));
        Assert.Equal((1, "LOT-7", 12), (root.GetProperty("session").GetProperty("outcome").GetInt32(), root.GetProperty("session").GetProperty("cartridgeLot").GetString(), root.GetProperty("session").GetProperty("cartridgeNeedles").GetInt32()));
        Assert.Equal((await recorded.Tablet.Sessions.ProofOfAsync(recorded.WithClient))!.ContentHash, root.GetProperty("contentHash").GetString());
        Assert.Equal(detail.Telemetry.Count, root.GetProperty("telemetry").GetArrayLength());
        Assert.Equal(detail.Events.Count, root.GetProperty("events").GetArrayLength());
        Assert.Equal([800, 1000, 1600], root.GetProperty("parameters").EnumerateArray().Select(one => one.GetProperty("askedDepthMicrometers").GetInt32()));
        Assert.Equal([797, 997, 1597], root.GetProperty("parameters").EnumerateArray().Select(one => one.GetProperty("activeDepthMicrometers").GetInt32()));
        Assert.Equal([2400, 1200], root.GetProperty("passes").EnumerateArray().Select(one => one.GetProperty("strokes").GetInt64()));
        Assert.Equal("Sol Supervisor", root.GetProperty("passes")[1].GetProperty("unlockedByName").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("passes")[1].GetProperty("unlockReason").ValueKind);
        using var withTexts = JsonDocument.Parse(await Http.GetStringAsync($"/sessions/{recorded.WithClient}/export.json?texts=yes"));
        Assert.Equal(detail.Passes[1].UnlockReason, withTexts.RootElement.GetProperty("passes")[1].GetProperty("unlockReason").GetString());
    }

    [Fact]
    public async Task Every_table_is_exported_as_csv_and_read_back()
    {
        using var response = await Http.GetAsync($"/sessions/{recorded.WithGap}/tables.zip");
        using var zip = new ZipArchive(await response.Content.ReadAsStreamAsync());
        string[][] events = await TableAsync(zip, "events");
        string[][] telemetry = await TableAsync(zip, "telemetry");
        var detail = (await recorded.Tablet.Sessions.FindAsync(recorded.WithGap))!;

        Assert.Equal($"session-{recorded.WithGap}-tables.zip", response.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal(["session.csv", "passes.csv", "parameters.csv", "events.csv", "followUps.csv", "corrections.csv", "telemetry.csv"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal(detail.Events.Count + 1, events.Length);
        Assert.Contains(events, row => row[Array.IndexOf(events[0], "kind")] == "missing" && row[2].Length > 0 && row[3].Length > 0);
        Assert.Equal(detail.Telemetry.Count + 1, telemetry.Length);
        int stage = Array.IndexOf(telemetry[0], "stagePositionMicrometers");
        Assert.Equal(detail.Telemetry.Select(point => point.StagePosition.Micrometers), telemetry.Skip(1).Select(row => int.Parse(row[stage], CultureInfo.InvariantCulture)));
        Assert.All(telemetry, row => Assert.Equal(telemetry[0].Length, row.Length));
    }

    [Fact]
    public async Task Tables_have_free_text_only_when_it_is_asked_for()
    {
        string reason = (await recorded.Tablet.Sessions.FindAsync(recorded.WithClient))!.Passes[1].UnlockReason!;
        using var without = new ZipArchive(await Http.GetStreamAsync($"/sessions/{recorded.WithClient}/tables.zip"));
        using var with = new ZipArchive(await Http.GetStreamAsync($"/sessions/{recorded.WithClient}/tables.zip?texts=yes"));

        Assert.DoesNotContain((await TableAsync(without, "passes")).SelectMany(row => row), cell => cell == reason);
        Assert.Contains((await TableAsync(with, "passes")).SelectMany(row => row), cell => cell == reason);
        Assert.Equal("Completed", (await TableAsync(with, "session"))[1][^1]);
    }

    private static async Task<string[][]> TableAsync(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(await zip.GetEntry(name + ".csv")!.OpenAsync());
        return Csv.Read(await reader.ReadToEndAsync());
    }

    [Theory]
    [InlineData("/sessions/4711")]
    [InlineData("/sessions/4711/print")]
    [InlineData("/sessions/4711/export.json")]
    [InlineData("/sessions/4711/tables.zip")]
    [InlineData("/api/sessions/4711/timeline")]
    [InlineData("/sessions/abc")]
    public async Task What_does_not_exist_is_not_found(string path)
    {
        using var response = await Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("/sessions", "Sesiones")]
    [InlineData("/sessions/1", "Completada")]
    [InlineData("/sessions/1/print", "Plataforma prototipo")]
    public async Task The_pages_speak_Spanish(string path, string words)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path == "/sessions/1/print" ? "/sessions/1/print-head.css" : path);
        request.Headers.Add("Accept-Language", "es");
        using var response = await Http.SendAsync(request);

        Assert.Contains(words, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_a_client_is_in_an_address_or_a_title_of_these_pages()
    {
        foreach (string path in new[] { "/sessions", $"/sessions/{recorded.WithClient}", $"/sessions/{recorded.WithClient}/print" })
        {
            string html = await Http.GetStringAsync(path);
            Assert.DoesNotContain(recorded.Client.Label, TitlePattern().Match(html).Value, StringComparison.Ordinal);
            Assert.All(HrefPattern().Matches(html), href => Assert.DoesNotContain(recorded.Client.Label, Uri.UnescapeDataString(href.Value), StringComparison.Ordinal));
        }
    }

    private static int CountOf(string part, string whole) => whole.Split(part).Length - 1;

    private static string TextOf(string html) =>
        BlankPattern().Replace(WebUtility.HtmlDecode(TagPattern().Replace(html[html.IndexOf("<main", StringComparison.Ordinal)..], " ")), " ");

    private static long[] IdsIn(string html) => [.. IdPattern().Matches(html).Select(match => long.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture))];

    private async Task<long[]> IdsAsync(string path) => IdsIn(await Http.GetStringAsync(path));

    [GeneratedRegex("class=\"row-link\" href=\"/sessions/(?<id>\\d+)\"")]
    private static partial Regex IdPattern();

    [GeneratedRegex("rel=\"next\" href=\"(?<href>[^\"]+)\"")]
    private static partial Regex NextPattern();

    [GeneratedRegex("""data-outcome="(?<outcome>\w+)">\s*(?<shape><svg.*?</svg>)(?<words>[^<]+)<""", RegexOptions.Singleline)]
    private static partial Regex OutcomePattern();

    [GeneratedRegex("<title>.*?</title>")]
    private static partial Regex TitlePattern();

    [GeneratedRegex("(href|src|action)=\"[^\"]*\"")]
    private static partial Regex HrefPattern();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex TagPattern();

    [GeneratedRegex(@"\s+")]
    private static partial Regex BlankPattern();
}

/// <summary>A tablet whose record holds sessions of every kind.</summary>
public sealed class RecordedTablet : IAsyncLifetime
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    public RunningTablet Tablet { get; private set; } = null!;

    public Sessions.Clinic.Client Client { get; private set; } = null!;

    public long WithClient { get; private set; }

    public long WithClientStopped { get; private set; }

    public long WithGap { get; private set; }

    public long OtherDevice { get; private set; }

    /// <summary>One of each outcome, in the order in which they began.</summary>
    public IReadOnlyList<long> Outcomes { get; private set; } = [];

    /// <summary>More than a page of them.</summary>
    public IReadOnlyList<long> Many { get; private set; } = [];

    public async Task InitializeAsync()
    {
        Tablet = await RunningTablet.StartAsync();
        await using var made = await MadeSessions.OpenAsync(Tablet.DatabasePath);
        var client = await made.AddClientAsync(Begin);
        Client = client.Client;
        WithClient = await made.AddAsync(Begin, SessionOutcome.Completed, MadeSessions.With(client, "LOT-7"));
        WithClientStopped = await made.AddAsync(Begin.AddHours(1), SessionOutcome.Stopped, MadeSessions.With(client, "LOT-8"), lastEnding: PassEnding.Stopped);
        WithGap = await made.AddAsync(Begin.AddHours(2), SessionOutcome.Stopped, MadeSessions.Practice("GAP"), withGap: true);
        OtherDevice = await made.AddAsync(new DateTimeOffset(2026, 11, 5, 12, 0, 0, TimeSpan.Zero), SessionOutcome.Completed, MadeSessions.Practice("LOT-9"), serialNumber: 2001);

        var outcomes = new List<long>();
        foreach (var outcome in new[] { SessionOutcome.Completed, SessionOutcome.Stopped, SessionOutcome.AbortedByFault, SessionOutcome.LinkLost, SessionOutcome.Interrupted })
        {
            outcomes.Add(await made.AddAsync(Begin.AddDays(10 + outcomes.Count), outcome, MadeSessions.Practice("OUTCOMES")));
        }

        var many = new List<long>();
        for (int number = 0; number < 53; number++)
        {
            many.Add(await made.AddAsync(Begin.AddDays(20).AddHours(number), SessionOutcome.Completed, MadeSessions.Practice("MANY")));
        }

        (Outcomes, Many) = (outcomes, many);
    }

    public async Task DisposeAsync() => await Tablet.DisposeAsync();
}
