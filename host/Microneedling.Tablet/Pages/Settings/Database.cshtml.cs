using System.Globalization;
using Microneedling.Sessions;
using Microneedling.Sessions.Backups;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Keeping;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>Where the record is, how large, and whether the disk has room for more.</summary>
[Needs(Rights.ServeDevice, Or = Rights.ManageSite)]
public sealed class DatabaseModel(TabletOptions options, SessionStore store, TimeProvider time, Texts texts, IServiceProvider services) : FormPage(texts, time)
{
    private const long Mebibyte = 1L << 20;

    /// <summary>Below this a day's sessions may not fit any more.</summary>
    private const long Low = 1024 * Mebibyte;

    /// <summary>Below this the next session may not.</summary>
    private const long VeryLow = 100 * Mebibyte;

    /// <summary>What the page demands.</summary>
    internal static readonly NeedsAttribute Needs = (NeedsAttribute)Attribute.GetCustomAttribute(typeof(DatabaseModel), typeof(NeedsAttribute))!;

    private readonly RecordBackups? _backups = services.GetService<RecordBackups>();
    private readonly BackupKeeper? _keeper = services.GetService<BackupKeeper>();
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
    public string Free => _free is { } bytes ? Of(bytes) : T["settings.database-unknown"];

    /// <summary>Sessions in it.</summary>
    public long Sessions { get; private set; }

    /// <summary>Clients in it.</summary>
    public int Clients { get; private set; }

    /// <summary>People in it.</summary>
    public int People { get; private set; }

    /// <summary>What to do about the room, or null.</summary>
    public string? Warning => _free switch
    {
        < VeryLow => T["settings.database-veryLow", Free],
        < Low => T["settings.database-low", Free],
        _ => null,
    };

    /// <summary>What checking has found; null until it is asked for.</summary>
    public ProofReport? Report { get; private set; }

    /// <summary>The backups, newest first.</summary>
    public IReadOnlyList<Backup> Backups { get; private set; } = [];

    /// <summary>Where they are.</summary>
    public string BackupFolder => _backups?.Folder ?? "";

    /// <summary>What is wrong with the backups, in words, or null.</summary>
    public string? BackupProblem { get; private set; }

    /// <summary>What to start the program with to restore the newest sound one; null when there is none.</summary>
    public string? RestoreOption => Backups.FirstOrDefault(backup => backup is { IsSound: true, Content: not null }) is { } newest ? $"--restore \"{newest.Path}\"" : null;

    /// <summary>A size.</summary>
    public static string SizeOf(Backup backup)
    {
        ArgumentNullException.ThrowIfNull(backup);
        return Of(backup.Bytes);
    }

    /// <summary>Whether a backup can be relied on, in words.</summary>
    public string StateOf(Backup backup)
    {
        ArgumentNullException.ThrowIfNull(backup);
        return T[backup.Content is null ? "settings.backup-unreadable" : backup.IsSound ? "settings.backup-sound" : "settings.backup-unsound"];
    }

    /// <summary>A place where the proof fails, in words.</summary>
    public string Words(ProofFlaw flaw)
    {
        ArgumentNullException.ThrowIfNull(flaw);
        string link = flaw.LinkNumber is { } number ? T["settings.proof-link", number] : "";
        string thing = flaw.Subject is { } subject ? T["settings.proof-of-" + subject, flaw.SubjectId ?? 0] : "";
        return T["settings.proof-" + flaw.Kind, link, thing];
    }

    /// <summary>Checks the whole record.</summary>
    public async Task OnPostCheckAsync(CancellationToken cancellationToken)
    {
        Report = await store.VerifyAsync(cancellationToken);
        await OnGetAsync();
    }

    /// <summary>Takes a backup.</summary>
    public async Task<IActionResult> OnPostBackUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_keeper is not null)
            {
                var backup = await _keeper.BackUpAsync(cancellationToken);
                await store.Audit.AddAsync(Person.Actor, "record.backedUp", "backup:" + Path.GetFileName(backup.Path), "", CancellationToken.None);
                if (backup.IsSound)
                {
                    return Done("/settings/database#backups", T["settings.backup-done"]);
                }
            }

            return LocalRedirect("/settings/database#backups");
        }
        catch (SessionStoreException unsaved)
        {
            await OnGetAsync();
            BackupProblem ??= unsaved.Message;
            return Page();
        }
    }

    /// <summary>Looks.</summary>
    public async Task OnGetAsync()
    {
        Size = Of(await store.SizeBytesAsync());
        _free = IsOnServer ? null : FreeBytes();
        Sessions = await store.CountAsync();
        Clients = await store.Clients.CountAsync();
        People = (await store.People.ListAsync()).Count;
        if (_backups is not null && _keeper is not null)
        {
            BackupProblem = _keeper.Problem is not { } problem ? null
                : problem.Message is { } message ? T["settings.backup-failed", When(problem.At), message]
                : T["settings.backup-isUnsound", When(problem.At)];
            try
            {
                Backups = await _backups.ListAsync();
            }
            catch (SessionStoreException unreadable)
            {
                BackupProblem ??= unreadable.Message;
            }
        }
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
