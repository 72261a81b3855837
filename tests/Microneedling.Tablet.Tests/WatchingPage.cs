// What a page is to the program: a live stream, reports of presence, and requests. Every wait is for a snapshot.

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microneedling.Protocol;
using Microneedling.Tablet.Device;

namespace Microneedling.Tablet.Tests;

/// <summary>A page without a browser. It reports its presence with every snapshot while <see cref="IsPresent"/>.</summary>
public sealed class WatchingPage : IAsyncDisposable
{
    /// <summary>Longer than the device wants a cartridge to be out before it takes the next one for another.</summary>
    private const int ExchangeMilliseconds = 600;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Json = JsonSerializerOptions.Web;

    private readonly HttpClient _http;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly List<(Func<LiveView, bool> Condition, TaskCompletionSource<LiveView> Met)> _waits = [];
    private Task _following = Task.CompletedTask;
    private string _cookies = "";
    private string _requestToken = "";

    private WatchingPage(HttpClient http) => _http = http;

    public string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>The latest snapshot.</summary>
    public LiveView? Latest { get; private set; }

    /// <summary>Whether the page still reports; a page that hangs does not.</summary>
    public bool IsPresent { get; set; } = true;

    /// <summary>Loads a page and opens its live stream.</summary>
    /// <param name="tablet">The program.</param>
    /// <param name="signIn">The cookie of somebody's sign-in; empty: the owner.</param>
    public static async Task<WatchingPage> OpenAsync(RunningTablet tablet, string signIn = "")
    {
        var page = new WatchingPage(tablet.Http) { _cookies = signIn };
        await page.LoadAsync();
        using var request = page.Request(HttpMethod.Get, $"/api/live?page={page.Id}");
        var response = await tablet.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        page._following = page.FollowAsync(response);
        await page.SeesAsync(view => view is { Link.Connected: true, Status.State: not (nameof(DeviceState.Booting) or nameof(DeviceState.SelfTest)) });
        return page;
    }

    /// <summary>Waits for a snapshot that fulfils the condition.</summary>
    public async Task<LiveView> SeesAsync(Func<LiveView, bool> condition)
    {
        var met = new TaskCompletionSource<LiveView>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (Latest is { } latest && condition(latest))
            {
                return latest;
            }

            _waits.Add((condition, met));
        }

        try
        {
            return await met.Task.WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Not seen within {Deadline.TotalSeconds} s. Seen last: {JsonSerializer.Serialize(Latest, Json)}");
        }
    }

    public Task<LiveView> SeesAsync(DeviceState state) => SeesAsync(view => view.Status?.State == state.ToString());

    public Task<HttpResponseMessage> PostAsync(string path, object body) => PostAsync(path, JsonContent.Create(body, options: Json));

    /// <summary>Posts any content, with the page's token.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, HttpContent content)
    {
        using var request = Request(HttpMethod.Post, path);
        request.Content = content;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return await _http.SendAsync(request);
    }

    public async Task HomeAsync()
    {
        await SucceedsAsync("/api/home", new { page = Id });
        await SeesAsync(DeviceState.Parked);
    }

    /// <summary>A request for values in a zone, set by hand.</summary>
    public object Values(int depthMicrometers, int rateMillihertz, string zoneId = "cheek-left", int burstStrokes = 0) => new
    {
        page = Id,
        zoneId,
        areaSquareMillimeters = 4500,
        depthMicrometers,
        rateMillihertz,
        burstStrokes,
        presetKey = (string?)null,
        presetVersion = (int?)null,
    };

    /// <summary>Confirms values; returns their token.</summary>
    public async Task<long> ConfigureAsync(int depthMicrometers, int rateMillihertz, string zoneId = "cheek-left")
    {
        var response = await SucceedsAsync("/api/configure", Values(depthMicrometers, rateMillihertz, zoneId));
        return (await response.Content.ReadFromJsonAsync<TreatmentView>(Json))!.Token;
    }

    /// <summary>Begins a session unless one is open, homes unless parked, confirms and arms; returns once the stage is at its depth.</summary>
    public async Task ArmAsync(RunningTablet tablet, int depthMicrometers = 500, int rateMillihertz = 50_000, string zoneId = "cheek-left")
    {
        if (tablet.Desk.Open is null)
        {
            await tablet.BeginPracticeAsync();
        }

        if (Latest?.Status?.State != nameof(DeviceState.Parked))
        {
            await HomeAsync();
        }

        long token = await ConfigureAsync(depthMicrometers, rateMillihertz, zoneId);
        await SucceedsAsync("/api/arm", new { page = Id, token });
        await SeesAsync(view => view.Status is { ReadyAtDepth: true });
    }

    /// <summary>Arms, presses the trigger, and returns once needles have stroked.</summary>
    public async Task RunAsync(RunningTablet tablet)
    {
        await ArmAsync(tablet);
        tablet.Bench.PressTrigger();
        await SeesAsync(view => view is { Status.State: nameof(DeviceState.Running), Session.Strokes: >= 5 });
    }

    /// <summary>Finishes the session, carried through, and seats a new cartridge.</summary>
    public async Task FinishAndExchangeCartridgeAsync(RunningTablet tablet)
    {
        await SucceedsAsync("/api/session/finish", new { page = Id, carriedThrough = true });
        tablet.Bench.RemoveCartridge();
        var removed = await SeesAsync(view => view is { Session: null, Status.CartridgeSeated: false });
        await SeesAsync(view => view.Status!.DeviceTimeMilliseconds >= removed.Status!.DeviceTimeMilliseconds + ExchangeMilliseconds);
        tablet.Bench.SeatCartridge();
        await SeesAsync(view => view.Status is { CartridgeSeated: true });
    }

    public async Task<HttpResponseMessage> SucceedsAsync(string path, object body)
    {
        var response = await PostAsync(path, body);
        return response.IsSuccessStatusCode
            ? response
            : throw new HttpRequestException($"{path} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Completes when the live stream has ended.</summary>
    public Task Ended => _following;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _following;
        _closing.Dispose();
    }

    /// <summary>The page itself: it brings the token that every command carries, and the cookie that it belongs to.</summary>
    private async Task LoadAsync()
    {
        using var request = Request(HttpMethod.Get, "/settings");
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        string html = await response.Content.ReadAsStringAsync();
        _requestToken = html.Split("name=\"request-token\" content=\"")[1].Split('"')[0];
        var set = response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.Select(cookie => cookie.Split(';')[0]) : [];
        _cookies = string.Join("; ", new[] { _cookies }.Concat(set).Where(cookie => cookie.Length > 0));
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        if (_cookies.Length > 0)
        {
            request.Headers.Add("Cookie", _cookies);
        }

        request.Headers.Add("X-Request-Token", _requestToken);
        return request;
    }

    private async Task FollowAsync(HttpResponseMessage response)
    {
        try
        {
            using (response)
            {
                var stream = await response.Content.ReadAsStreamAsync(_closing.Token);
                var snapshots = SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize<LiveView>(data, Json)!);
                await foreach (var snapshot in snapshots.EnumerateAsync(_closing.Token))
                {
                    Take(snapshot.Data);
                    if (IsPresent && snapshot.Data.Control.Page == Id)
                    {
                        (await PostAsync("/api/presence", new { page = Id })).Dispose();
                    }
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or HttpRequestException)
        {
            // The page was closed, or the program ended.
        }
    }

    private void Take(LiveView view)
    {
        lock (_gate)
        {
            Latest = view;
            foreach (var wait in _waits.Where(wait => wait.Condition(view)).ToArray())
            {
                _waits.Remove(wait);
                wait.Met.TrySetResult(view);
            }
        }
    }
}
