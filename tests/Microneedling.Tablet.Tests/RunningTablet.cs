// The whole program, as Program.cs starts it: real web server on a free loopback port, simulated device in real time,
// a session record in a folder of its own.

using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microneedling.Tablet.Tests;

/// <summary>The tablet program under test.</summary>
public sealed class RunningTablet : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("microneedling-tablet-");
    private WebApplication? _app;

    private RunningTablet() => DatabasePath = Path.Combine(_folder.FullName, "microneedling.db");

    public string DatabasePath { get; }

    public Uri Address { get; private set; } = null!;

    /// <summary>A client without cookies, redirects or manners.</summary>
    public HttpClient Http { get; private set; } = null!;

    public DeviceService Device => Service<DeviceService>();

    public TreatmentDesk Desk => Service<TreatmentDesk>();

    /// <summary>What an English page is told now.</summary>
    public LiveView View => Service<LiveViews>().Now(Texts.Of("en"));

    public SessionStore Sessions => Service<SessionStore>();

    /// <summary>Where the program logs to.</summary>
    public ILoggerFactory Logs => Service<ILoggerFactory>();

    public SimulatedDevice Simulated => Service<DeviceSource>().Simulated!;

    public VirtualBoard Board => Simulated.Board;

    public ConnectionDesk Connections => Service<ConnectionDesk>();

    /// <summary>Switches the simulated device on again.</summary>
    public void PowerOn() => Simulated.PowerOn();

    /// <summary>The truth about the needles.</summary>
    public Bench Bench => Board.Bench;

    /// <summary>Starts the program.</summary>
    /// <param name="arguments">Of the command line; the record's place is given always.</param>
    public static Task<RunningTablet> StartAsync(params string[] arguments) => StartAsync(Surroundings.Real, arguments);

    /// <summary>Starts the program with another clock, or another simulated device.</summary>
    public static async Task<RunningTablet> StartAsync(Surroundings surroundings, params string[] arguments)
    {
        var tablet = new RunningTablet();
        tablet._app = await TabletApp.CreateAsync(TabletOptions.Parse(["--database", tablet.DatabasePath, .. arguments]), port: 0, surroundings);
        await tablet._app.StartAsync();
        tablet.Address = tablet.UrlOf("http:");
        tablet.Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = tablet.Address };
        return tablet;
    }

    /// <summary>Begins a session on a test block.</summary>
    public async Task<OpenSession> BeginPracticeAsync()
    {
        if (Device.LatestStatus is null)
        {
            await using var page = await WatchingPage.OpenAsync(this);
            await page.SeesAsync(view => view.Status is not null);
        }

        return await Desk.BeginAsync(Device, SignedInPerson.Owner, new SessionStart(SignedInPerson.Owner.Actor, null, null, null, TestCartridge), CancellationToken.None);
    }

    /// <summary>A supervisor unlocks the left cheek.</summary>
    public static Task<HttpResponseMessage> UnlockAsync(WatchingPage page, Person supervisor, string pin, string reason) =>
        page.PostAsync("/api/unlock", new { page = page.Id, zoneId = "cheek-left", supervisorId = supervisor.Id, pin, reason });

    /// <summary>A cartridge for tests.</summary>
    public static Cartridge TestCartridge { get; } = new("T-12", 12, "LOT-1", new DateOnly(2099, 12, 31));

    /// <summary>Ends the program in order, as Ctrl+C does; the record stays.</summary>
    public async Task EndAsync()
    {
        if (_app is { } app)
        {
            await app.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Where the program listens by a scheme.</summary>
    public Uri UrlOf(string scheme) => new(_app!.Urls.Single(url => url.StartsWith(scheme, StringComparison.Ordinal)));

    public T Service<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();
}
