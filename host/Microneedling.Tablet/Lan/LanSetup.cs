using System.Net;
using System.Security.Authentication;
using Microneedling.Sessions;
using Microneedling.Tablet.Identity;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using QRCoder;

namespace Microneedling.Tablet.Lan;

/// <summary>The port that tablets of the local network use, once the program listens.</summary>
public sealed class LanPort(IServer server)
{
    /// <summary>Its number; 0: none.</summary>
    public int Number => (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        .Where(address => address.StartsWith("https:", StringComparison.Ordinal))
        .Select(address => BindingAddress.Parse(address).Port)
        .FirstOrDefault();
}

/// <summary>Puts the local network into the app when it is asked for.</summary>
public static class LanSetup
{
    /// <summary>The authority's certificate.</summary>
    public const string CertificatePath = "/trust/ca.crt";

    private static readonly string[] LoopbackNames = ["127.0.0.1", "localhost"];

    /// <summary>What serves the local network, or null when it is not asked for.</summary>
    /// <exception cref="LanException">Nobody is set up who could sign in, or the key file will not do.</exception>
    public static async Task<LanAccess?> OpenAsync(TabletOptions options, SessionStore store, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        if (options.LanPort is null)
        {
            return null;
        }

        if ((await store.People.ListAsync()).Count == 0)
        {
            throw new LanException("Nobody is set up yet, so everybody on the network could treat. Start without --lan, set up the first supervisor on this computer (Settings, People), then start with --lan.");
        }

        var names = LanNames.OfThisComputer();
        var authority = SiteAuthority.Open(SiteAuthority.PathFor(options.DatabasePath), $"Microneedling, {names.Hosts[0]}", time.GetUtcNow());
        return new LanAccess(authority, LanNames.OfThisComputer, time);
    }

    /// <summary>Listens on every address, by TLS alone.</summary>
    public static void ListenToLan(this KestrelServerOptions kestrel, TabletOptions options, LanAccess? lan)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (lan is not null)
        {
            kestrel.ListenAnyIP(options.LanPort!.Value, listen => listen.UseHttps(https =>
            {
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                https.ServerCertificateSelector = (_, _) => lan.Certificate;
            }));
        }
    }

    /// <summary>Answers to loopback's names, and to those of the local network while it is served; to no others.</summary>
    public static void AddHostNames(this IServiceCollection services, LanAccess? lan)
    {
        services.AddHostFiltering(filter => filter.AllowedHosts = [.. LoopbackNames, .. lan?.Names.InUrls ?? []]);
        services.AddSingleton<LanPort>();
        if (lan is not null)
        {
            services.AddSingleton(_ => lan);
            services.AddSingleton<IOptionsChangeTokenSource<HostFilteringOptions>>(lan);
            services.AddHostedService<LanWatch>();
        }
    }

    /// <summary>Maps what is not a page: the certificate and the QR code.</summary>
    public static void MapLan(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(CertificatePath, IResult (HttpContext context) => context.RequestServices.GetService<LanAccess>() is { } lan
            ? TypedResults.File(lan.Authority.Certificate, "application/x-x509-ca-cert", "microneedling-ca.crt")
            : TypedResults.NotFound()).AllowAnonymous();

        routes.MapGet("/settings/network/qr.svg", IResult (HttpContext context) => TrustAddress(context) is { } address
            ? TypedResults.Content(Qr(address), "image/svg+xml")
            : TypedResults.NotFound()).WithMetadata(NetworkNeeds);
    }

    /// <summary>Who may see how to get in: those who serve the device or manage the site, and whoever is signed in at this computer.</summary>
    public static readonly NeedsAttribute NetworkNeeds = new(Sessions.Clinic.Rights.ServeDevice) { Or = Sessions.Clinic.Rights.ManageSite, OrAtThisComputer = true };

    /// <summary>Where a tablet begins, by the address that works best; null: not on the local network.</summary>
    public static string? TrustAddress(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var services = context.RequestServices;
        return services.GetService<LanAccess>() is { } lan ? $"https://{lan.Names.InUrls.First()}:{services.GetRequiredService<LanPort>().Number}/trust" : null;
    }

    private static string Qr(string address)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(address, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return code.GetGraphic(pixelsPerModule: 8);
    }
}
