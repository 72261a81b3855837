// The site's own certificate authority: made at the first start with --lan, kept in one file beside the record that only
// this user may read, and never overwritten. Tablets trust it once; the certificates it issues live in memory alone.

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Microneedling.Tablet.Lan;

/// <summary>Issues the certificate by which tablets know this computer.</summary>
public sealed class SiteAuthority : IDisposable
{
    /// <summary>How long the authority lasts; tablets have to trust a new one then.</summary>
    public const int Years = 10;

    /// <summary>Most days of a server's certificate: what browsers take.</summary>
    public const int ServerDays = 397;

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Clocks of tablets go slow.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromDays(1);

    private readonly X509Certificate2 _certificate;

    private SiteAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>Where the key of a record's site is.</summary>
    public static string PathFor(string databasePath) => Path.ChangeExtension(databasePath, null) + "-ca.pem";

    /// <summary>The certificate that tablets are to trust, DER.</summary>
    public byte[] Certificate => _certificate.RawData;

    /// <summary>SHA-256 of it, as tablets show it: pairs of hexadecimal digits.</summary>
    public string Fingerprint => string.Join(':', Convert.ToHexString(_certificate.GetCertHash(HashAlgorithmName.SHA256)).Chunk(2).Select(pair => new string(pair)));

    /// <summary>Reads the authority's file, or makes it when there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What the authority is called in a tablet's list.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="LanException">The file is there and will not do, or cannot be made. It is left as it is.</exception>
    public static SiteAuthority Open(string path, string name, DateTimeOffset now)
    {
        try
        {
            if (!File.Exists(path))
            {
                Create(path, name, now);
            }

            var certificate = Read(path);
            if (certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime)
            {
                certificate.Dispose();
                throw new LanException($"The site's certificate in {path} has expired. Move the file away: a new one is made then, which every tablet has to trust anew.");
            }

            return new SiteAuthority(certificate);
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            throw new LanException(
                $"The key file {path} is damaged, or is something else. Put a backup in its place, or move it away: a new one is made "
                + "then, which every tablet has to trust anew. Nothing was changed.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new LanException($"The key file {path} cannot be read or made. Give this user access to it and to its folder. Nothing was changed.");
        }
    }

    /// <summary>A certificate of this computer, with its key.</summary>
    public X509Certificate2 Issue(LanNames names, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(names);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names.Hosts[^1]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string host in names.Hosts)
        {
            alternatives.AddDnsName(host);
        }

        foreach (var address in names.Addresses)
        {
            alternatives.AddIpAddress(address);
        }

        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        var end = now - Leeway + TimeSpan.FromDays(ServerDays);
        var latest = new DateTimeOffset(_certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        var earliest = new DateTimeOffset(_certificate.NotBefore.ToUniversalTime(), TimeSpan.Zero);
        using var issued = request.Create(_certificate, now - Leeway < earliest ? earliest : now - Leeway, end < latest ? end : latest, NewSerialNumber());
        using var withKey = issued.CopyWithPrivateKey(key);

        // A key that only lives in memory is not taken by every system's TLS; one that came from a PKCS #12 is.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private static X509Certificate2 Read(string path)
    {
        string pem = File.ReadAllText(path);
        var certificate = X509Certificate2.CreateFromPem(pem, pem);
        if (!certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(basic => basic.CertificateAuthority))
        {
            certificate.Dispose();
            throw new CryptographicException("Not an authority.");
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }

        return certificate;
    }

    private static void Create(string path, string name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.Create(
            request.SubjectName, X509SignatureGenerator.CreateForECDsa(key), now - Leeway, now.AddYears(Years), NewSerialNumber());

        // Whole or not at all: a file that was cut short would lock the site out.
        string unfinished = path + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(unfinished, options))
        {
            using var writer = new StreamWriter(stream);
            writer.WriteLine(certificate.ExportCertificatePem());
            writer.WriteLine(key.ExportPkcs8PrivateKeyPem());
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: false);
    }

    private static byte[] NewSerialNumber()
    {
        byte[] number = RandomNumberGenerator.GetBytes(16);
        number[0] = (byte)((number[0] & 0x7F) | 0x01); // Positive, and never of fewer bytes.
        return number;
    }
}

/// <summary>The program cannot be on the local network; the message says why and what to do.</summary>
public sealed class LanException(string message) : Exception(message);
