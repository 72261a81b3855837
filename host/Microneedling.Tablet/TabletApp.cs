// Puts the app together: one device, one session record, one web server on 127.0.0.1.

using System.Net;
using Microneedling.Sessions;
using Microneedling.Tablet.Api;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.FileProviders;

namespace Microneedling.Tablet;

/// <summary>Builds the practitioner's web app.</summary>
public static class TabletApp
{
    /// <summary>
    /// Threads that the pool gives at once. It grows by one in half a second beyond them: STOP and the dead-man, which run
    /// there, are not to wait for that. The heartbeat does not: it has a thread of its own.
    /// </summary>
    private const int ReadyThreads = 32;

    private static readonly string[] LoopbackNames = ["127.0.0.1", "localhost"];

    /// <summary>Opens the session record and builds the app, ready to be started.</summary>
    /// <param name="options">What the command line decided.</param>
    /// <param name="port">The port on 127.0.0.1; 0 lets the system choose.</param>
    /// <param name="surroundings">The clock and the simulated device; null: the real ones.</param>
    /// <exception cref="SessionStoreException">The session record cannot be used.</exception>
    public static async Task<WebApplication> CreateAsync(TabletOptions options, int port, Surroundings? surroundings = null)
    {
        surroundings ??= Surroundings.Real;
        ThreadPool.SetMinThreads(ReadyThreads, ReadyThreads);
        Directory.CreateDirectory(Path.GetDirectoryName(options.DatabasePath)!);
        var store = await SessionStore.OpenAsync(options.DatabasePath, surroundings.Time);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(TabletApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);

        var services = builder.Services;
        services.AddRoutingCore();
        services.AddRazorPages();
        services.AddDataProtection().UseEphemeralDataProtectionProvider(); // Nothing here outlives the process.
        services.AddHostFiltering(filter => filter.AllowedHosts = LoopbackNames);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        services.AddHttpContextAccessor();
        services.AddScoped(provider => Texts.Of(provider.GetRequiredService<IHttpContextAccessor>().HttpContext!.Request));
        services.AddSingleton(surroundings);
        services.AddSingleton(surroundings.Time);
        services.AddSingleton(options);
        services.AddSingleton(_ => store);
        services.AddSingleton<DeviceSource>();
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<PagePresence>();
        services.AddSingleton<SessionKeeper>();
        services.AddSingleton<TreatmentDesk>();
        services.AddSingleton<IDeviceListener>(provider => provider.GetRequiredService<TreatmentDesk>());
        services.AddSingleton<AlarmBoard>();
        services.AddSingleton<LiveViews>();
        services.AddSingleton<ZoneSheets>();
        services.AddSingleton<DeviceService>();
        services.AddHostedService(provider => provider.GetRequiredService<DeviceService>());
        services.AddHostedService<PresenceGuard>();

        var app = builder.Build();
        app.UseHostFiltering();
        app.UseSameOrigin();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot")) });
        app.UseRouting();
        app.MapStop();
        app.MapLive();
        app.MapTreatment();
        app.MapSessions();
        app.MapSimulator();
        app.MapRazorPages();
        return app;
    }
}
