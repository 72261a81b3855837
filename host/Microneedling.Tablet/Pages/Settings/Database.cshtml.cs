using System.Globalization;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>Where the record is, how large, and whether the disk has room for more.</summary>
[Needs(Rights.ServeDevice, Or = Rights.ManageSite)]
public sealed class DatabaseModel(TabletOptions options, SessionStore store, Texts texts) : PageModel
{
    private const long Mebibyte = 1L << 20;

    /// <summary>Below this a day's sessions may not fit any more.</summary>
    private const long Low = 1024 * Mebibyte;

    /// <summary>Below this the next session may not.</summary>
    private const long VeryLow = 100 * Mebibyte;

    /// <summary>What the page demands.</summary>
    internal static readonly NeedsAttribute Needs = (NeedsAttribute)Attribute.GetCustomAttribute(typeof(DatabaseModel), typeof(NeedsAttribute))!;

    private long? _free;

    /// <summary>The record's file.</summary>
    public string FileName => options.Server is null ? Path.GetFileName(options.DatabasePath) : store.Name;

    /// <summary>Whether it is a database on a server.</summary>
    public bool IsOnServer => options.Server is not null;

    /// <summary>The folder it is in.</summary>
    public string Folder => Path.GetDirectoryName(options.DatabasePath) ?? "";

    /// <summary>Its size with its journal.</summary>
    public string Size { get; private set; } = "";

    /// <summary>Room on its disk.</summary>
    public string Free => _free is { } bytes ? Of(bytes) : texts["settings.database-unknown"];

    /// <summary>Sessions in it.</summary>
    public long Sessions { get; private set; }

    /// <summary>Clients in it.</summary>
    public int Clients { get; private set; }

    /// <summary>People in it.</summary>
    public int People { get; private set; }

    /// <summary>What to do about the room, or null.</summary>
    public string? Warning => _free switch
    {
        < VeryLow => texts["settings.database-veryLow", Free],
        < Low => texts["settings.database-low", Free],
        _ => null,
    };

    /// <summary>What checking has found; null until it is asked for.</summary>
    public ProofReport? Report { get; private set; }

    /// <summary>A place where the proof fails, in words.</summary>
    public string Words(ProofFlaw flaw)
    {
        ArgumentNullException.ThrowIfNull(flaw);
        string link = flaw.LinkNumber is { } number ? texts["settings.proof-link", number] : "";
        string thing = flaw.Subject is { } subject ? texts["settings.proof-of-" + subject, flaw.SubjectId ?? 0] : "";
        return texts["settings.proof-" + flaw.Kind, link, thing];
    }

    /// <summary>Checks the whole record.</summary>
    public async Task OnPostCheckAsync(CancellationToken cancellationToken)
    {
        Report = await store.VerifyAsync(cancellationToken);
        await OnGetAsync();
    }

    /// <summary>Looks.</summary>
    public async Task OnGetAsync()
    {
        Size = Of(await store.SizeBytesAsync());
        _free = IsOnServer ? null : FreeBytes();
        Sessions = (await store.ListAsync(new SessionFilter(), 0)).Total;
        Clients = await store.Clients.CountAsync();
        People = (await store.People.ListAsync()).Count;
    }

    private long? FreeBytes()
    {
        try
        {
            return new DriveInfo(Folder).AvailableFreeSpace;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static string Of(long bytes) => bytes >= 1024 * Mebibyte
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1024 * Mebibyte):0.0} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)Mebibyte:0.0} MiB");
}
