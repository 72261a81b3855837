// Puts the app together: one device, one session record, one web server on 127.0.0.1, and by HTTPS on the local network
// when that is asked for.

using System.Net;
using Microneedling.Sessions;
using Microneedling.Sessions.Backups;
using Microneedling.Tablet.Api;
using Microneedling.Tablet.Clinic;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Keeping;
using Microneedling.Tablet.Lan;
using Microneedling.Tablet.Report;
using Microneedling.Tablet.Shell;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.FileProviders;

namespace Microneedling.Tablet;

/// <summary>Builds the practitioner's web app.</summary>
public static class TabletApp
{
    /// <summary>Opens the session record and builds the app, ready to be started.</summary>
    /// <param name="options">What the command line decided.</param>
    /// <param name="port">The port on 127.0.0.1; 0 lets the system choose.</param>
    /// <param name="surroundings">The clock and the simulated device; null: the real ones.</param>
    /// <exception cref="SessionStoreException">The session record cannot be used.</exception>
    /// <exception cref="LanException">The local network was asked for and cannot be served.</exception>
    public static async Task<WebApplication> CreateAsync(TabletOptions options, int port, Surroundings? surroundings = null)
    {
        surroundings ??= Surroundings.Real;
        Directory.CreateDirectory(Path.GetDirectoryName(options.DatabasePath)!);
        if (options.Server is null)
        {
            using RecordBackups backups = new(options.DatabasePath, options.BackupFolder);
            backups.RefuseToReplace();
        }

        var store = await SessionStore.OpenAsync(options.Record, surroundings.Time);
        try
        {
            var lan = await LanSetup.OpenAsync(options, store, TimeProvider.System);
            return Build(options, port, surroundings, store, lan);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private static WebApplication Build(TabletOptions options, int port, Surroundings surroundings, SessionStore store, LanAccess? lan)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(TabletApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.ListenToLan(options, lan);
        });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);

        var services = builder.Services;
        services.AddRoutingCore();
        services.AddRazorPages();
        services.AddDataProtection().UseEphemeralDataProtectionProvider(); // Nothing here outlives the process.
        services.AddHostNames(lan);
        services.AddSignIns();
        services.AddRequestTokens();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        services.AddHttpContextAccessor();
        services.AddScoped(provider => Texts.Of(provider.GetRequiredService<IHttpContextAccessor>().HttpContext!.Request));
        services.AddSingleton(surroundings);
        services.AddSingleton(surroundings.Time);
        services.AddSingleton(options);
        services.AddSingleton(_ => store);
        services.AddSingleton<ConnectionChoice>();
        services.AddSingleton<DeviceSource>();
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<PagePresence>();
        services.AddSingleton<SessionKeeper>();
        services.AddSingleton<AftermathDesk>();
        services.AddSingleton<TreatmentDesk>();
        services.AddSingleton<IDeviceListener>(provider => provider.GetRequiredService<TreatmentDesk>());
        services.AddSingleton<AlarmBoard>();
        services.AddSingleton<LiveViews>();
        services.AddSingleton<ZoneSheets>();
        services.AddSingleton<Timelines>();
        services.AddSingleton<DeviceService>();
        services.AddSingleton<DeviceFacts>();
        services.AddSingleton<ConnectionDesk>();
        services.AddSingleton<CalibrationDesk>();
        services.AddHostedService(provider => provider.GetRequiredService<DeviceService>());
        services.AddHostedService<PresenceGuard>();
        services.AddSingleton<ClinicForwarding>();
        services.AddHostedService(provider => provider.GetRequiredService<ClinicForwarding>());
        if (options.Server is null)
        {
            services.AddSingleton(_ => new RecordBackups(options.DatabasePath, options.BackupFolder, surroundings.Time));
            services.AddSingleton<BackupKeeper>();
            services.AddHostedService(provider => provider.GetRequiredService<BackupKeeper>());
        }

        var app = builder.Build();
        app.UseHostFiltering();
        app.UseHsts();
        app.UseSameOrigin();
        app.UseWordsForRefusals();
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot")),
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
        app.UseRouting();
        app.UseAuthentication();
        app.UseGate();
        app.UseRequestTokens();
        app.MapStop();
        app.MapLive();
        app.MapTreatment();
        app.MapSessions();
        app.MapDevicePage();
        app.MapCalibration();
        app.MapSimulator();
        app.MapWho();
        app.MapShell();
        app.MapLan();
        app.MapRazorPages();
        return app;
    }
}
