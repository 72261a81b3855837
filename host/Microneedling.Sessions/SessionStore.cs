// Opening the record, beginning sessions, reading them. Recording is SessionRecorder's; tables are in Schema.
//
//   OpenAsync:  inspect (reads only) → presence lock → alone? prepare, migrate, close what the dead left → share the lock
//
// SQLite works on the calling thread whatever the method is called, so everything here runs on the thread pool.

using Microneedling.Client;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Schema;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions;

/// <summary>The record of all sessions, kept in one SQLite file.</summary>
/// <remarks>
/// Several programs may have the same record open. Next to the file lie SQLite's journal (<c>-wal</c>, <c>-shm</c>) and
/// an empty <c>-lock</c>, by which the programs know of one another.
/// </remarks>
public sealed class SessionStore : IAsyncDisposable
{
    private readonly DatabaseFile file;
    private readonly DbContextOptions<SessionContext> options;
    private readonly HostPresence presence;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim writing = new(1);
    private readonly HashSet<SessionRecorder> recorders = [];
    private volatile bool disposed;

    private SessionStore(DatabaseFile file, DbContextOptions<SessionContext> options, HostPresence presence, TimeProvider time)
    {
        this.file = file;
        this.options = options;
        this.presence = presence;
        this.time = time;
    }

    /// <summary>Opens the record; creates it, brings its schema up to date and closes sessions of a host that died.</summary>
    /// <param name="databasePath">The file. Its folder must exist.</param>
    /// <param name="time">Clock; the system's when null.</param>
    /// <param name="ct">Gives up opening.</param>
    /// <exception cref="SessionStoreException">The file is no session record, is from a newer version, or cannot be written. It is left as it was.</exception>
    public static Task<SessionStore> OpenAsync(string databasePath, TimeProvider? time = null, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(databasePath);
        return Task.Run(() => Open(new DatabaseFile(databasePath), time ?? TimeProvider.System, ct), ct);
    }

    /// <summary>Begins a session and its recording; the status is its first row.</summary>
    /// <param name="device">The device.</param>
    /// <param name="status">Its status now: strokes and events count from here.</param>
    /// <param name="start">Who treats whom, with which cartridge.</param>
    /// <param name="ct">Gives up while waiting for other sessions' writing.</param>
    /// <exception cref="SessionStoreException">The record cannot be written.</exception>
    public async Task<SessionRecorder> BeginAsync(DeviceIdentity device, DeviceStatus status, SessionStart start, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(status);
        SessionRecorder? recorder = null;
        void Begin(SessionContext context)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var now = time.GetUtcNow();
            var session = new Session
            {
                StartedUtc = now,
                LastRecordedUtc = now,
                DeviceSerialNumber = device.SerialNumber,
                DeviceBootId = device.BootId,
                FirmwareVersion = device.FirmwareVersion.ToString(),
                ProtocolVersion = device.ProtocolVersion.ToString(),
                Outcome = SessionOutcome.Running,
                EventsComplete = true,
            };
            context.Add(session);
            context.SaveChanges();
            recorder = new SessionRecorder(this, time, session, status);
            lock (recorders)
            {
                recorders.Add(recorder);
            }
        }

        await WriteAsync(Begin, ct);
        return recorder!;
    }

    /// <summary>The people who may sign in.</summary>
    public PeopleStore People => new(this);

    /// <summary>Clients and what belongs to them.</summary>
    public ClientStore Clients => new(this);

    /// <summary>Checklist, depth caps, presets.</summary>
    public SiteStore Site => new(this);

    /// <summary>Who changed what.</summary>
    public AuditTrail Audit => new(this);

    /// <summary>A page of the sessions that a filter lets through, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="page">0, 1, …; 50 sessions each.</param>
    /// <param name="ct">Stops the waiting.</param>
    public Task<SessionPage> ListAsync(SessionFilter filter, int page, CancellationToken ct = default) => Missing<SessionPage>(ct);

    /// <summary>The newest sessions, newest first.</summary>
    /// <param name="limit">How many at most, 1 or more.</param>
    /// <param name="ct">Stops the waiting.</param>
    /// <exception cref="SessionStoreException">The record cannot be read.</exception>
    public Task<IReadOnlyList<SessionSummary>> ListAsync(int limit = 100, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return ReadAsync<IReadOnlyList<SessionSummary>>(
            context => [.. context.Sessions.OrderByDescending(session => session.Id).Take(limit).AsEnumerable().Select(RowMapping.ToRecord)],
            ct);
    }

    /// <summary>One session with everything recorded of it, or null when there is no such session.</summary>
    /// <param name="id">Number of the session.</param>
    /// <param name="ct">Stops the waiting.</param>
    /// <exception cref="SessionStoreException">The record cannot be read.</exception>
    public Task<SessionDetail?> FindAsync(long id, CancellationToken ct = default) => ReadAsync(
        context => context.Sessions.SingleOrDefault(session => session.Id == id) is { } session
            ? new SessionDetail(
                session.ToRecord(),
                [.. RowsOf(context.Parameters, id).Select(RowMapping.ToRecord)],
                [.. RowsOf(context.Events, id).Select(RowMapping.ToRecord)],
                [.. RowsOf(context.Telemetry, id).Select(RowMapping.ToRecord)],
                [])
            : null,
        ct);

    /// <summary>Closes the record. Sessions still running are closed as Interrupted.</summary>
    public async ValueTask DisposeAsync()
    {
        disposed = true;
        await writing.WaitAsync(); // A session being begun is in the list after this.
        writing.Release();
        SessionRecorder[] running;
        lock (recorders)
        {
            running = [.. recorders];
        }

        foreach (var recorder in running)
        {
            await recorder.DisposeAsync();
        }

        await Task.Run(file.CloseConnections);
        presence.Dispose();
    }

    /// <summary>A context of this record, to be disposed after one use.</summary>
    internal SessionContext CreateContext() => new(options);

    /// <summary>Runs one change at a time: SQLite has one writer.</summary>
    internal Task WriteAsync(Action<SessionContext> write, CancellationToken ct = default) => Task.Run(async () =>
    {
        await writing.WaitAsync(ct);
        try
        {
            using var context = CreateContext();
            write(context);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ObjectDisposedException))
        {
            throw file.Explain(e);
        }
        finally
        {
            writing.Release();
        }
    }, ct);

    internal Task<T> Missing<T>(CancellationToken ct) => throw new NotImplementedException($"{file}{ct}");

    internal void Forget(SessionRecorder recorder)
    {
        lock (recorders)
        {
            recorders.Remove(recorder);
        }
    }

    private static SessionStore Open(DatabaseFile file, TimeProvider time, CancellationToken ct)
    {
        var options = SessionContext.OptionsFor(file.ConnectionString);
        HostPresence? presence = null;
        try
        {
            using var context = new SessionContext(options);
            file.CreateIfMissing();
            file.Inspect(context.Database.GetMigrations());
            presence = HostPresence.Enter(file, ct);
            if (presence.IsAlone)
            {
                file.Prepare(context);
                context.Database.Migrate();
                CloseInterrupted(context);
                presence.Share(ct);
            }
            else if (context.Database.GetPendingMigrations().Any())
            {
                throw file.InUse();
            }

            return new SessionStore(file, options, presence, time);
        }
        catch (Exception e)
        {
            presence?.Dispose();
            file.CloseConnections();
            throw e is OperationCanceledException ? e : file.Explain(e);
        }
    }

    /// <summary>Ends what a dead host left running, at its last row: nobody knows of anything later.</summary>
    private static void CloseInterrupted(SessionContext context) =>
        context.Sessions.Where(session => session.Outcome == SessionOutcome.Running).ExecuteUpdate(set => set
            .SetProperty(session => session.Outcome, SessionOutcome.Interrupted)
            .SetProperty(session => session.EndedUtc, session => session.LastRecordedUtc)
            .SetProperty(session => session.EventsComplete, false));

    private static IEnumerable<TRow> RowsOf<TRow>(IQueryable<TRow> rows, long sessionId)
        where TRow : SessionRow =>
        rows.Where(row => row.SessionId == sessionId).OrderBy(row => row.Sequence).AsEnumerable();

    /// <summary>Reads in one snapshot, while others write.</summary>
    private Task<T> ReadAsync<T>(Func<SessionContext, T> read, CancellationToken ct) => Task.Run(
        () =>
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            try
            {
                using var context = CreateContext();
                context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
                context.Database.OpenConnection();
                using var snapshot = ((SqliteConnection)context.Database.GetDbConnection()).BeginTransaction(deferred: true);
                context.Database.UseTransaction(snapshot);
                return read(context);
            }
            catch (Exception e)
            {
                throw file.Explain(e);
            }
        },
        ct).WaitAsync(ct);
}
