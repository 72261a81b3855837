// Opening the record, beginning sessions, reading them. Recording is SessionRecorder's; tables are in Schema.
//
//   OpenAsync:  inspect (reads only) → presence lock → alone? prepare, migrate, seed → find what the dead left → share the lock
//
// SQLite works on the calling thread whatever the method is called, so everything here runs on the thread pool.

using System.Data.Common;
using Microneedling.Client;
using Microneedling.Sessions.Backups;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Clinic.BuiltIn;
using Microneedling.Sessions.Exchange;
using Microneedling.Sessions.Forwarding;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions;

/// <summary>The record of all sessions, kept in one SQLite file or in a PostgreSQL database.</summary>
/// <remarks>
/// Several programs may have the same record open. Next to a file lie SQLite's journal (<c>-wal</c>, <c>-shm</c>), an empty
/// <c>-lock</c>, by which the programs know of one another, and <c>-head</c>, where the chain of proof was last seen to end.
/// </remarks>
public sealed partial class SessionStore : IAsyncDisposable
{

    private readonly RecordDatabase database;
    private readonly HostPresence presence;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim writing = new(1);
    private readonly CommitLoop commits;
    private volatile bool disposed;

    private SessionStore(RecordDatabase database, HostPresence presence, TimeProvider time)
    {
        this.database = database;
        this.presence = presence;
        this.time = time;
        commits = new CommitLoop(this, database, time);
    }

    /// <summary>Opens the record; creates it, brings its schema up to date and finds the sessions of a host that died.</summary>
    /// <param name="database">
    /// The file, whose folder must exist; or a PostgreSQL connection string such as <c>Host=localhost;Database=microneedling</c>,
    /// whose database must exist. A password is best left to <c>PGPASSWORD</c> or <c>~/.pgpass</c>.
    /// </param>
    /// <param name="time">Clock; the system's when null.</param>
    /// <param name="ct">Gives up opening.</param>
    /// <exception cref="SessionStoreException">It is no session record, is from a newer version, or cannot be written. It is left as it was.</exception>
    public static Task<SessionStore> OpenAsync(string database, TimeProvider? time = null, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(database);
        return Task.Run(() => Open(RecordDatabase.At(database), time ?? TimeProvider.System, ct), ct);
    }

    /// <summary>Whether somebody who names a record means a database on a server, and not a file.</summary>
    public static bool IsServer(string database)
    {
        ArgumentNullException.ThrowIfNull(database);
        return DatabaseServer.IsConnectionString(database);
    }

    /// <summary>What the record is called in messages: the path as it was given, or database and host; never a secret.</summary>
    public string Name => database.Name;

    /// <summary>What the record takes on the disk, in bytes.</summary>
    public Task<long> SizeBytesAsync(CancellationToken ct = default) => ReadAsync(database.SizeBytes, ct);

    /// <summary>Begins a session and its recording; the status is its first row.</summary>
    /// <param name="device">The device.</param>
    /// <param name="status">Its status now: strokes and events count from here.</param>
    /// <param name="start">Who treats whom, with which cartridge.</param>
    /// <param name="ct">Gives up while waiting for other sessions' writing.</param>
    /// <exception cref="RecordRefusedException">
    /// Something of the start will not do: see <see cref="SessionStart"/>. With a client, the check must be the client's latest
    /// and allow treating now, the course must be open, and the cartridge must not have expired.
    /// </exception>
    /// <exception cref="SessionStoreException">The record cannot be written.</exception>
    public Task<SessionRecorder> BeginAsync(DeviceIdentity device, DeviceStatus status, SessionStart start, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(start.Cartridge);
        return ChangeAsync(
            start.By,
            change =>
            {
                var session = new Session
                {
                    Key = Chain.NewKey(),
                    StartedUtc = change.Now,
                    LastRecordedUtc = change.Now,
                    DeviceSerialNumber = device.SerialNumber,
                    DeviceBootId = device.BootId,
                    FirmwareVersion = device.FirmwareVersion.ToString(),
                    ProtocolVersion = device.ProtocolVersion.ToString(),
                    Outcome = SessionOutcome.Running,
                    EventsComplete = true,
                };
                Aftermath.CloseThoseOf(device.SerialNumber, change);
                SessionBeginning.Fill(session, change, start, DateOnly.FromDateTime(time.GetLocalNow().DateTime));
                change.Context.Add(session);
                change.Context.SaveChanges();
                presence.Claim(session.Id);
                change.Audit("session.begun", $"session:{session.Id}", SessionBeginning.Details(session));
                return session;
            },
            session => new SessionRecorder(this, commits, time, session, status),
            ct);
    }

    /// <summary>The people who may sign in.</summary>
    public PeopleStore People => new(this);

    /// <summary>Clients and what belongs to them.</summary>
    public ClientStore Clients => new(this);

    /// <summary>Checklist, depth caps, presets.</summary>
    public SiteStore Site => new(this);

    /// <summary>How long what identifies clients is kept.</summary>
    public RetentionStore Retention => new(this);

    /// <summary>Who changed what.</summary>
    public AuditTrail Audit => new(this);

    /// <summary>Sessions out of this record and into it.</summary>
    public SessionExchange Exchange => new(this);

    /// <summary>Who forwards here, and how far this record has been forwarded.</summary>
    public Recorders Recorders => new(this);

    /// <summary>Sessions whose host ended in the middle of them.</summary>
    public Aftermath Aftermath => new(this);

    /// <summary>Corrections of finished sessions.</summary>
    public Corrections Corrections => new(this);

    /// <summary>Checks the whole record: whether anything was changed, taken out, put in or moved since it was written.</summary>
    /// <param name="ct">Stops the checking.</param>
    /// <exception cref="SessionStoreException">The record cannot be read.</exception>
    public Task<ProofReport> VerifyAsync(CancellationToken ct = default) => ReadAsync(
        context =>
        {
            var noted = database.HeadNote?.Read();
            return new ChainVerifier(context, ct).Verify(noted) with
            {
                Restores = [.. context.AuditEntries.Where(row => row.Action == RecordRestore.Action).OrderByDescending(row => row.Id).AsEnumerable().Select(ClinicMapping.ToRecord)],
            };
        },
        ct);

    /// <summary>What the link of a finished session says; null while it is running.</summary>
    public Task<SessionProof?> ProofOfAsync(long sessionId, CancellationToken ct = default) => ReadAsync(
        context => context.Links.Where(link => link.Kind == LinkKind.Session && link.SubjectId == sessionId).AsEnumerable()
            .Select(link => new SessionProof(link.Number, Convert.ToHexStringLower(link.ContentHash))).SingleOrDefault(),
        ct);

    /// <summary>Closes the record. Sessions still running are closed as Interrupted.</summary>
    public async ValueTask DisposeAsync()
    {
        disposed = true;
        await writing.WaitAsync(); // A session being begun is in the list after this.
        writing.Release();
        foreach (var recorder in commits.Recorders)
        {
            await recorder.DisposeAsync();
        }

        await commits.DisposeAsync();
        await Task.Run(() =>
        {
            using (var context = CreateContext())
            {
                NoteHead(context);
            }

            database.Dispose();
        });
        presence.Dispose();
    }

    /// <summary>Clock.</summary>
    internal TimeProvider Time => time;

    /// <summary>Where it is kept.</summary>
    internal RecordDatabase Database => database;

    /// <summary>Lets one PIN be checked at a time.</summary>
    internal SemaphoreSlim CheckingPin { get; } = new(1);

    /// <summary>A context of this record, to be disposed after one use.</summary>
    internal SessionContext CreateContext() => new(database.Options);

    /// <summary>Runs one change at a time: SQLite has one writer.</summary>
    internal Task WriteAsync(Action<SessionContext> write, CancellationToken ct = default) => Task.Run(async () =>
    {
        await writing.WaitAsync(ct);
        try
        {
            presence.Renew();
            using var context = CreateContext();
            write(context);
        }
        catch (Exception e) when (e is not (OperationCanceledException or RecordRefusedException) && !(e is ObjectDisposedException && disposed))
        {
            throw database.Explain(e);
        }
        finally
        {
            writing.Release();
        }
    }, ct);

    /// <summary>Runs one change by somebody as one transaction; see <see cref="Change"/>.</summary>
    /// <exception cref="RecordRefusedException">The change refuses, or nobody of this number is set up. Nothing was changed.</exception>
    internal Task<T> ChangeAsync<T>(Actor who, Func<Change, T> change, CancellationToken ct = default) => ChangeAsync(who, change, changed => changed, ct);

    /// <summary>The same, without a result.</summary>
    internal Task ChangeAsync(Actor who, Action<Change> change, CancellationToken ct = default) => ChangeAsync(
        who,
        changing =>
        {
            change(changing);
            return 0;
        },
        ct);

    /// <summary>The same, with something to do once it is committed and before the next change.</summary>
    internal async Task<TDone> ChangeAsync<T, TDone>(Actor who, Func<Change, T> change, Func<T, TDone> whenCommitted, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(who);
        ArgumentException.ThrowIfNullOrWhiteSpace(who.Name);
        TDone? done = default;
        await WriteAsync(
            context =>
            {
                ObjectDisposedException.ThrowIf(disposed, this);
                using var transaction = database.BeginWriting(context);
                Refuse.If(
                    who.PersonId is { } id && !context.People.Any(person => person.Id == id),
                    "person.unknown",
                    "Who does this is not among the people set up here. Sign in again.");
                var changing = new Change(context, who, time.GetUtcNow());
                var changed = change(changing);
                context.SaveChanges();
                changing.Prove();
                transaction.Commit();
                done = whenCommitted(changed);
            },
            ct);
        return done!;
    }

    /// <summary>A recorder has ended. What cannot be released now is when this program ends.</summary>
    internal async Task ReleaseAsync(long sessionId)
    {
        try
        {
            await WriteAsync(_ => presence.Release(sessionId));
        }
        catch (Exception e) when (e is SessionStoreException or ObjectDisposedException)
        {
            // The server is away and has forgotten the lock, or the store is closed and has lifted it.
        }
    }

    /// <summary>Within a change that erases.</summary>
    internal void MarkErased(SessionContext context) => database.MarkErased(context);

    /// <summary>Overwrites what erasing has set free.</summary>
    internal async Task<bool> OverwriteErasedAsync(CancellationToken ct)
    {
        var isDone = false;
        await WriteAsync(context => isDone = database.OverwriteErased(context), ct);
        return isDone;
    }

    private static SessionStore Open(RecordDatabase database, TimeProvider time, CancellationToken ct)
    {
        HostPresence? presence = null;
        try
        {
            using var context = new SessionContext(database.Options);
            database.CreateIfMissing();
            database.Inspect([.. context.Database.GetMigrations()]);
            presence = database.Enter(ct);
            if (presence.IsAlone)
            {
                database.Prepare(context);
                context.Database.Migrate();
                Seed.AddMissing(context, time.GetUtcNow());
                Chain.BeginIfMissing(context, time.GetUtcNow());
                NameCourses(context);
                Aftermath.Find(context, database, presence, time.GetUtcNow());
                database.OverwriteErased(context);
                presence.Share(ct);
            }
            else if (context.Database.GetPendingMigrations().Any())
            {
                throw database.InUse();
            }
            else if (presence.TellsWhileShared)
            {
                Aftermath.Find(context, database, presence, time.GetUtcNow());
            }

            return new SessionStore(database, presence, time);
        }
        catch (Exception e)
        {
            presence?.Dispose();
            database.Dispose();
            throw e is OperationCanceledException ? e : database.Explain(e);
        }
    }

    /// <summary>Names the courses from before they had names.</summary>
    private static void NameCourses(SessionContext context)
    {
        foreach (var course in context.Courses.Where(course => course.Key == null).ToList())
        {
            course.Key = Chain.NewKey();
        }

        context.SaveChanges();
    }

    /// <summary>
    /// Notes beside the record where its chain ends, if it goes on from where it was noted before: a record that was set back
    /// must not be taken for the right one by being closed once. What cannot be read now is noted the next time.
    /// </summary>
    internal void NoteHead(SessionContext context)
    {
        try
        {
            if (database.HeadNote is not null
                && context.RecordStates.AsNoTracking().SingleOrDefault(row => row.Id == RecordStateRow.OnlyId) is { Links: > 0 } state
                && (database.HeadNote.Read() is not { } noted
                    || context.Links.AsNoTracking().SingleOrDefault(link => link.Number == noted.LinkNumber) is { } link && Convert.ToHexStringLower(link.Hash) == noted.Hash))
            {
                database.HeadNote.Write(state.Links, state.HeadHash, time.GetUtcNow());
            }
        }
        catch (DbException)
        {
            // What was to be written is on the disk already.
        }
    }

    /// <summary>The same, by itself.</summary>
    internal Task NoteHeadAsync() => WriteAsync(NoteHead);

    /// <summary>Reads in one snapshot, while others write.</summary>
    internal Task<T> ReadAsync<T>(Func<SessionContext, T> read, CancellationToken ct) => Task.Run(
        () =>
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            try
            {
                using var context = CreateContext();
                context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
                using var snapshot = database.BeginReading(context);
                return read(context);
            }
            catch (Exception e)
            {
                throw database.Explain(e);
            }
        },
        ct).WaitAsync(ct);
}
