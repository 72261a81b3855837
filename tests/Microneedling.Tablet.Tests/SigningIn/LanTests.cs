// The way in from the local network: certificates, names, refusals, and TLS as a tablet does it that trusts only this site.

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Lan;

namespace Microneedling.Tablet.Tests.SigningIn;

public sealed class LanTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly LanNames Names = new(["clinic", "clinic.local"], [IPAddress.Parse("192.0.2.10"), IPAddress.Parse("2001:db8::7")]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("microneedling-lan-");

    private string CaPath => Path.Combine(_folder.FullName, "record-ca.pem");

    private string Database => Path.Combine(_folder.FullName, "record.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_authority_is_made_once_readable_by_this_user_alone_and_lasts_ten_years()
    {
        using var made = SiteAuthority.Open(CaPath, "Microneedling, clinic", Now);
        using var read = SiteAuthority.Open(CaPath, "another name", Now.AddYears(9));
        using var certificate = X509CertificateLoader.LoadCertificate(made.Certificate);

        Assert.Equal(made.Certificate, read.Certificate);
        Assert.Equal("CN=\"Microneedling, clinic\"", certificate.Subject);
        Assert.Equal(Now.AddYears(10), new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
        var basic = certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        Assert.True(basic is { CertificateAuthority: true, HasPathLengthConstraint: true, PathLengthConstraint: 0 });
        Assert.Matches("^([0-9A-F]{2}:){31}[0-9A-F]{2}$", made.Fingerprint);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(CaPath));
        }

        Assert.Equal([CaPath], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void The_servers_certificate_is_for_its_names_and_addresses_for_thirteen_months_at_most()
    {
        using var authority = SiteAuthority.Open(CaPath, "Microneedling", Now);
        using var server = authority.Issue(Names, Now);
        var alternatives = server.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();

        Assert.Equal(["clinic", "clinic.local"], alternatives.EnumerateDnsNames());
        Assert.Equal(Names.Addresses, alternatives.EnumerateIPAddresses());
        Assert.InRange((server.NotAfter - server.NotBefore).TotalDays, 390, 397);
        Assert.False(server.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.True(server.HasPrivateKey);
        Assert.True(IsTrusted(server, authority, Now.AddDays(300)));
        Assert.False(IsTrusted(server, authority, Now.AddDays(400)));

        using var late = authority.Issue(Names, Now.AddYears(10).AddDays(-5));
        Assert.True(late.NotAfter.ToUniversalTime() <= Now.AddYears(10).UtcDateTime);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void A_damaged_key_file_is_refused_in_words_and_left_as_it_is(string content)
    {
        File.WriteAllText(CaPath, content);
        var refused = Assert.Throws<LanException>(() => SiteAuthority.Open(CaPath, "Microneedling", Now));

        Assert.Contains("is damaged, or is something else. Put a backup in its place, or move it away", refused.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(CaPath));
    }

    [Fact]
    public void A_key_that_belongs_to_another_certificate_and_a_server_certificate_in_its_place_are_refused()
    {
        using (SiteAuthority.Open(CaPath, "one", Now))
        {
        }

        string one = File.ReadAllText(CaPath);
        File.Delete(CaPath);
        using (var authority = SiteAuthority.Open(CaPath, "two", Now))
        {
            string two = File.ReadAllText(CaPath);
            File.WriteAllText(CaPath, one[..one.IndexOf("-----BEGIN PRIVATE", StringComparison.Ordinal)] + two[two.IndexOf("-----BEGIN PRIVATE", StringComparison.Ordinal)..]);
            Assert.Throws<LanException>(() => SiteAuthority.Open(CaPath, "Microneedling", Now));

            using var server = authority.Issue(Names, Now);
            File.WriteAllText(CaPath, server.ExportCertificatePem() + "\n" + two[two.IndexOf("-----BEGIN PRIVATE", StringComparison.Ordinal)..]);
            Assert.Throws<LanException>(() => SiteAuthority.Open(CaPath, "Microneedling", Now));
        }
    }

    [Fact]
    public void A_key_file_that_cannot_be_read_or_made_is_told()
    {
        Directory.CreateDirectory(CaPath);
        var refused = Assert.Throws<LanException>(() => SiteAuthority.Open(CaPath, "Microneedling", Now));

        Assert.Contains("cannot be read or made", refused.Message, StringComparison.Ordinal);
        string missing = Path.Combine(_folder.FullName, "no-such-folder", "ca.pem");
        Assert.Contains("cannot be read or made", Assert.Throws<LanException>(() => SiteAuthority.Open(missing, "Microneedling", Now)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_whose_time_is_over_is_told()
    {
        using (SiteAuthority.Open(CaPath, "Microneedling", Now))
        {
        }

        Assert.Contains("has expired", Assert.Throws<LanException>(() => SiteAuthority.Open(CaPath, "Microneedling", Now.AddYears(10))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_certificate_is_issued_when_addresses_change_and_thirty_days_before_the_end()
    {
        var clock = new SetClock { Now = Now };
        var names = Names;
        using var lan = new LanAccess(SiteAuthority.Open(CaPath, "Microneedling", Now), () => names, clock);
        var first = lan.Certificate;
        var token = lan.GetChangeToken();
        Assert.False(lan.Refresh());
        Assert.Same(first, lan.Certificate);

        names = names with { Addresses = [IPAddress.Parse("192.0.2.99")] };
        Assert.True(lan.Refresh());
        Assert.True(token.HasChanged);
        var second = lan.Certificate;
        Assert.Equal(names.Addresses, second.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateIPAddresses());

        clock.Now = new DateTimeOffset(second.NotAfter.ToUniversalTime()) - LanAccess.Renewal - TimeSpan.FromMinutes(1);
        Assert.False(lan.Refresh());
        clock.Now += TimeSpan.FromMinutes(1);
        Assert.True(lan.Refresh());
        Assert.True(lan.Certificate.NotAfter > second.NotAfter);
    }

    [Fact]
    public async Task While_nobody_is_set_up_the_network_is_refused_in_words()
    {
        var refused = await Assert.ThrowsAsync<LanException>(() => TabletApp.CreateAsync(TabletOptions.Parse(["--database", Database, "--lan"]), port: 0));

        Assert.Contains("set up the first supervisor on this computer", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(SiteAuthority.PathFor(Database)));
    }

    [Theory]
    [InlineData("--lan-port", "5444")]
    [InlineData("--lan", "--lan-port", "x")]
    public void Options_of_the_network_that_make_no_sense_are_told(params string[] arguments) =>
        Assert.Contains("--lan", Assert.Throws<TabletOptionException>(() => TabletOptions.Parse(arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_network_is_off_unless_it_is_asked_for()
    {
        Assert.Null(TabletOptions.Parse([]).LanPort);
        Assert.Equal(5443, TabletOptions.Parse(["--lan"]).LanPort);
        Assert.Equal(5444, TabletOptions.Parse(["--lan-port=5444", "--lan", "--port", "5099"]).LanPort);
    }

    [Fact]
    public async Task A_tablet_that_trusts_only_this_site_gets_in_by_TLS_and_must_sign_in()
    {
        await SetUpAsync();
        await using var tablet = await RunningTablet.StartAsync("--database", Database, "--lan", "--lan-port", "0");
        var lan = tablet.Service<LanAccess>();
        string host = lan.Names.Hosts[0];
        var https = tablet.UrlOf("https:");
        using var trusted = X509CertificateLoader.LoadCertificate(lan.Authority.Certificate);
        using var visitor = new Visitor(new Uri($"https://{host}:{https.Port}"), Trusting(trusted, host));

        // What the tablet would download is what it trusts here.
        Assert.Equal(trusted.RawData, await visitor.Http.GetByteArrayAsync("/trust/ca.crt"));
        Assert.Contains(lan.Authority.Fingerprint, await visitor.ReadAsync("/trust"), StringComparison.Ordinal);
        using var closed = await visitor.GetAsync("/settings");
        Assert.StartsWith("/signin", closed.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.True(closed.Headers.Contains("Strict-Transport-Security"));

        await visitor.SignInAsync(Assert.Single(await tablet.Sessions.People.ListAsync()), StaffedTablet.Pin);
        Assert.True(visitor.Cookie("sign-in")!.Secure);
        Assert.True(visitor.Cookie("request-token")!.Secure);
        string network = await visitor.ReadAsync("/settings/network");
        Assert.Contains(lan.Authority.Fingerprint, network, StringComparison.Ordinal);
        Assert.Contains($":{https.Port}/trust", network, StringComparison.Ordinal);
        string qr = await visitor.ReadAsync("/settings/network/qr.svg");
        Assert.StartsWith("<svg", qr, StringComparison.Ordinal);
        Assert.DoesNotContain("style", qr, StringComparison.Ordinal);

        using var local = await tablet.Http.GetAsync("/signin");
        Assert.Equal(HttpStatusCode.OK, local.StatusCode);
        Assert.False(local.Headers.Contains("Strict-Transport-Security"));
        Assert.Contains((await tablet.Sessions.Audit.ListAsync()), entry => entry.Action == "network.opened");
    }

    [Fact]
    public async Task A_tablet_that_does_not_trust_the_site_a_foreign_name_and_plain_HTTP_get_nothing()
    {
        await SetUpAsync();
        await using var tablet = await RunningTablet.StartAsync("--database", Database, "--lan", "--lan-port", "0");
        var https = tablet.UrlOf("https:");
        string host = tablet.Service<LanAccess>().Names.Hosts[0];
        using var other = SiteAuthority.Open(Path.Combine(_folder.FullName, "other-ca.pem"), "Another site", DateTimeOffset.UtcNow);
        using var foreign = X509CertificateLoader.LoadCertificate(other.Certificate);
        using var distrusting = new Visitor(new Uri($"https://{host}:{https.Port}"), Trusting(foreign, host));
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => distrusting.GetAsync("/trust"));
        Assert.IsType<AuthenticationException>(failed.InnerException);

        using var trusted = X509CertificateLoader.LoadCertificate(tablet.Service<LanAccess>().Authority.Certificate);
        var tls = Trusting(trusted, host).SslOptions;
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(https.Port, host, tls), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400", await AskAsync(https.Port, "device.example.org", tls), StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1 200", await AskAsync(https.Port, host, tls: null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_option_there_is_no_certificate_no_QR_code_and_no_other_name()
    {
        await using var tablet = await RunningTablet.StartAsync();
        using var owner = new Visitor(tablet.Address);
        using var certificate = await owner.GetAsync("/trust/ca.crt");
        using var qr = await owner.GetAsync("/settings/network/qr.svg");
        using var byName = new HttpRequestMessage(HttpMethod.Get, "/trust");
        byName.Headers.Host = LanNames.OfThisComputer().Hosts[0];
        using var refused = await owner.Http.SendAsync(byName);

        Assert.Equal(HttpStatusCode.NotFound, certificate.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, qr.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("--lan", await owner.ReadAsync("/settings/network"), StringComparison.Ordinal);
        Assert.Contains("open to this computer only", await owner.ReadAsync("/trust"), StringComparison.Ordinal);
    }

    private async Task SetUpAsync()
    {
        await using var store = await SessionStore.OpenAsync(Database);
        await store.People.AddAsync(SignedInPerson.Owner.Actor, "Sofia", Role.Supervisor, StaffedTablet.Pin);
    }

    /// <summary>What the program answers to somebody who asks for a page by a name; null: without TLS.</summary>
    private static async Task<string> AskAsync(int port, string host, SslClientAuthenticationOptions? tls)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, port);
        Stream stream = connection.GetStream();
        if (tls is not null)
        {
            var secure = new SslStream(stream);
            await secure.AuthenticateAsClientAsync(tls);
            stream = secure;
        }

        await using (stream)
        {
            using var answer = new MemoryStream();
            try
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /trust HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
                await stream.CopyToAsync(answer);
            }
            catch (IOException)
            {
                // Cut off, which is an answer too.
            }

            return Encoding.UTF8.GetString(answer.ToArray());
        }
    }

    /// <summary>Connects to this computer whatever the name, and trusts one authority alone, names checked.</summary>
    private static SocketsHttpHandler Trusting(X509Certificate2 authority, string host)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority);
        return new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy, TargetHost = host },
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
    }

    private static bool IsTrusted(X509Certificate2 server, SiteAuthority authority, DateTimeOffset at)
    {
        using var root = X509CertificateLoader.LoadCertificate(authority.Certificate);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        return chain.Build(server);
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
