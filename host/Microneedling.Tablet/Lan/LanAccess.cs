// The way in from the local network: by HTTPS alone, under the names and addresses that this computer has just now.

using System.Net.NetworkInformation;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Microneedling.Tablet.Lan;

/// <summary>The certificate in use, issued anew when names or addresses change and <see cref="Renewal"/> before its end.</summary>
public sealed class LanAccess : IOptionsChangeTokenSource<HostFilteringOptions>, IDisposable
{
    /// <summary>How long before its end a certificate is replaced.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromDays(30);

    private readonly Func<LanNames> _look;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private volatile Issued _current;
    private CancellationTokenSource _changed = new();

    /// <summary>Looks at the names and issues the first certificate.</summary>
    /// <param name="authority">Who issues; belongs to this from now on.</param>
    /// <param name="look">Finds out the names and addresses.</param>
    /// <param name="time">Clock.</param>
    public LanAccess(SiteAuthority authority, Func<LanNames> look, TimeProvider time)
    {
        (Authority, _look, _time) = (authority, look, time);
        _current = Issue(look());
    }

    /// <summary>Who issues.</summary>
    public SiteAuthority Authority { get; }

    /// <summary>Names and addresses that the certificate in use is for.</summary>
    public LanNames Names => _current.Names;

    /// <summary>The certificate in use. Earlier ones stay good for connections that are being made.</summary>
    public X509Certificate2 Certificate => _current.Certificate;

    /// <inheritdoc/>
    string? IOptionsChangeTokenSource<HostFilteringOptions>.Name => Options.DefaultName;

    /// <summary>Looks again. True: a new certificate is in use.</summary>
    public bool Refresh()
    {
        CancellationTokenSource before;
        lock (_gate)
        {
            var names = _look();
            bool isDue = _time.GetUtcNow().UtcDateTime >= Certificate.NotAfter.ToUniversalTime() - Renewal;
            if (names == Names && !isDue)
            {
                return false;
            }

            _current = Issue(names);
            before = _changed;
            _changed = new CancellationTokenSource();
        }

        before.Cancel();
        before.Dispose();
        return true;
    }

    /// <inheritdoc/>
    public IChangeToken GetChangeToken()
    {
        lock (_gate)
        {
            return new CancellationChangeToken(_changed.Token);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Authority.Dispose();
        _changed.Dispose();
    }

    private Issued Issue(LanNames names) => new(names, Authority.Issue(names, _time.GetUtcNow()));

    private sealed record Issued(LanNames Names, X509Certificate2 Certificate);
}

/// <summary>Looks again when the system says that addresses changed, and every hour; notes it in the audit trail.</summary>
public sealed class LanWatch(LanAccess lan, SessionStore store, TimeProvider time, ILogger<LanWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private static readonly Actor Program = new(null, "Program");

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        NetworkAddressChangedEventHandler onChange = (_, _) => looks.Writer.TryWrite(true);
        NetworkChange.NetworkAddressChanged += onChange;
        using var timer = time.CreateTimer(_ => looks.Writer.TryWrite(true), null, Period, Period);
        try
        {
            await NoteAsync("network.opened", stoppingToken);
            await foreach (bool _ in looks.Reader.ReadAllAsync(stoppingToken))
            {
                if (lan.Refresh())
                {
                    await NoteAsync("network.changed", stoppingToken);
                }
            }
        }
        finally
        {
            NetworkChange.NetworkAddressChanged -= onChange;
        }
    }

    private async Task NoteAsync(string action, CancellationToken cancellationToken)
    {
        try
        {
            await store.Audit.AddAsync(Program, action, "network", string.Join(", ", lan.Names.InUrls), cancellationToken);
        }
        catch (SessionStoreException problem)
        {
            logger.LogWarning("{Problem}", problem.Message);
        }
    }
}
