// Takes notes of one session and has them written. Notes are taken under a lock that is never held while the disk
// works; every 250 ms what has gathered is committed in one transaction, together with the session's totals. So the
// record is true up to its last commit at any moment, and a host that dies loses at most the notes since.
//
//   Record*  →  notes (memory)  →  CommitAsync  →  disk
//                 ↑ kept until the commit succeeded, tried again otherwise

using Microneedling.Client;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions;

/// <summary>Records one running session. Safe to use from several threads.</summary>
/// <remarks>The Record methods only take notes: a background writer commits them at most about 250 ms later.</remarks>
public sealed class SessionRecorder : IAsyncDisposable
{
    private static readonly TimeSpan CommitInterval = TimeSpan.FromMilliseconds(250);

    private readonly SessionStore store;
    private readonly TimeProvider time;
    private readonly Session session;
    private readonly SessionTally tally;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task background;

    private readonly Lock gate = new();
    private readonly List<SessionRow> notes = [];
    private readonly Dictionary<int, Pass> passes = [];
    private readonly Dictionary<int, PassRow> passNotes = [];
    private readonly SortedDictionary<int, PassRow> latestPasses = [];
    private readonly SessionContent content = new();
    private byte[]? contentHash;
    private bool isProven;
    private long lastSequence;
    private DateTimeOffset lastRecordedAt;
    private DeviceStatus? lastStatus;
    private SessionOutcome outcome = SessionOutcome.Running;
    private DateTimeOffset? endedAt;
    private SessionSummary? finished;

    /// <summary>Numbers of the passes that are on disk. Touched by commits only.</summary>
    private readonly HashSet<int> passesOnDisk = [];

    private volatile SessionStoreException? fault;

    internal SessionRecorder(SessionStore store, TimeProvider time, Session session, DeviceStatus first)
    {
        this.store = store;
        this.time = time;
        this.session = session;
        SessionId = session.Id;
        tally = new SessionTally(first);
        RecordStatus(first);
        background = CommitPeriodicallyAsync();
    }

    /// <summary>Number of the session in the record.</summary>
    public long SessionId { get; }

    /// <summary>
    /// Why the rows noted so far are not on disk, or null while writing goes well. They are kept and tried again; the
    /// fault goes away when they are written.
    /// </summary>
    public SessionStoreException? Fault => fault;

    /// <summary>Notes a treatment that the device accepted. Never blocks, never throws for the disk; ignored once finished.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="active">What the device answered.</param>
    /// <param name="status">The latest status, for its device time; or null.</param>
    public void RecordParameters(TreatmentRequest asked, AcceptedTreatment active, DeviceStatus? status)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(active);
        lock (gate)
        {
            if (Note(at => new ParameterChange(at, status?.DeviceTime, asked, active).ToRow()))
            {
                tally.Count(active);
            }
        }
    }

    /// <summary>Notes a status, once if it is given twice in a row. Never blocks, never throws for the disk; ignored once finished.</summary>
    public void RecordStatus(DeviceStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        lock (gate)
        {
            if (status != lastStatus && Note(_ => status.ToRow()))
            {
                tally.Count(status);
                lastStatus = status;
            }
        }
    }

    /// <summary>Notes an event or a gap. Never blocks, never throws for the disk; ignored once finished.</summary>
    public void RecordEvent(DeviceLogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (gate)
        {
            if (Note(at => entry.ToRow(at)))
            {
                tally.Count(entry);
            }
        }
    }

    /// <summary>
    /// Notes a pass as it is now; the next note of the same number takes its place. Never blocks, never throws for the
    /// disk; ignored once finished.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Its number is not 1 or more.</exception>
    public void RecordPass(Pass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentOutOfRangeException.ThrowIfLessThan(pass.Number, 1);
        lock (gate)
        {
            if (endedAt is null)
            {
                lastRecordedAt = time.GetUtcNow();
                Keep(pass);
            }
        }
    }

    /// <summary>Returns when everything noted before the call is on disk. Cancelling stops the waiting only.</summary>
    /// <exception cref="SessionStoreException">It could not be written; it is kept and tried again.</exception>
    public Task FlushAsync(CancellationToken ct = default) => CommitAsync().WaitAsync(ct);

    /// <summary>Writes what is left and closes the session. A second call changes nothing and returns the same.</summary>
    /// <param name="outcome">How it ended; neither Running nor AwaitingDevice.</param>
    /// <param name="last">
    /// The last status, if there is one: strokes and events count up to here. Record its latest event before, or the
    /// record says that events are missing.
    /// </param>
    /// <param name="ct">Stops the waiting; the session is closed nevertheless.</param>
    /// <exception cref="SessionStoreException">It could not be written; it is tried again, and may be called again.</exception>
    public async Task<SessionSummary> FinishAsync(SessionOutcome outcome, DeviceStatus? last, CancellationToken ct = default)
    {
        if (!outcome.IsFinal() || !Enum.IsDefined(outcome))
        {
            throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "A finished session has an outcome other than Running and AwaitingDevice.");
        }

        End(outcome, last);
        await CommitAsync().WaitAsync(ct);
        await DisposeAsync();
        lock (gate)
        {
            return finished!;
        }
    }

    /// <summary>
    /// Ends the recording: a session that was not finished is closed as Interrupted. Tries once to write what is left;
    /// what fails awaits its device when the record is opened again.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        End(SessionOutcome.Interrupted, null);
        await stopping.CancelAsync();
        await background;
        try
        {
            await CommitAsync();
        }
        catch (SessionStoreException)
        {
            // Told by Fault.
        }

        store.Forget(this);
        content.Dispose();
    }

    /// <summary>Gives a note its number. False when the session has ended.</summary>
    private bool Note(Func<DateTimeOffset, SessionRow> toRow)
    {
        if (endedAt is not null)
        {
            return false;
        }

        lastRecordedAt = time.GetUtcNow();
        var row = toRow(lastRecordedAt);
        row.SessionId = SessionId;
        row.Sequence = ++lastSequence;
        notes.Add(row);
        content.Add(row);
        return true;
    }

    private void End(SessionOutcome how, DeviceStatus? last)
    {
        lock (gate)
        {
            if (endedAt is not null)
            {
                return;
            }

            if (last is not null)
            {
                RecordStatus(last);
            }

            outcome = how;
            endedAt = time.GetUtcNow();
            foreach (var pass in passes.Values.Where(pass => pass.Ending == PassEnding.Running).ToList())
            {
                Keep(pass with { EndedAt = endedAt, Ending = PassEnding.Interrupted });
            }
        }
    }

    private void Keep(Pass pass)
    {
        var row = pass.ToRow(SessionId);
        row.UnlockReasonSeal = latestPasses.TryGetValue(pass.Number, out var before) && before.UnlockReason == row.UnlockReason ? before.UnlockReasonSeal : SealedText.Of(row.UnlockReason);
        passes[pass.Number] = pass;
        passNotes[pass.Number] = row;
        latestPasses[pass.Number] = row;
    }

    private async Task CommitPeriodicallyAsync()
    {
        using var timer = new PeriodicTimer(CommitInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                try
                {
                    await CommitAsync();
                }
                catch (SessionStoreException)
                {
                    // Told by Fault; the next tick tries again.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task CommitAsync()
    {
        try
        {
            await store.WriteAsync(Commit);
            fault = null;
        }
        catch (SessionStoreException e)
        {
            fault = e;
            throw;
        }
    }

    /// <summary>Writes all notes and the totals that go with them, or nothing. The store runs one at a time.</summary>
    private void Commit(SessionContext context)
    {
        SessionRow[] rows;
        PassRow[] passRows;
        lock (gate)
        {
            if (notes.Count == 0 && passNotes.Count == 0 && (endedAt is null || finished is not null))
            {
                return;
            }

            rows = [.. notes];
            passRows = [.. passNotes.Values];
            session.LastRecordedUtc = lastRecordedAt;
            session.Strokes = tally.Strokes;
            session.DeepestActiveDepthMicrometers = tally.DeepestActiveDepth.Micrometers;
            session.FastestActiveRateMillihertz = tally.FastestActiveRate.Millihertz;
            session.Outcome = outcome;
            session.EndedUtc = endedAt;
            session.EventsComplete = outcome switch
            {
                SessionOutcome.Running => tally.EventsCompleteSoFar,
                SessionOutcome.Interrupted => false,
                _ => tally.EventsCompleteToLatestStatus,
            };
            contentHash ??= endedAt is null ? null : content.End(latestPasses.Values, session);
        }

        using var transaction = context.Database.BeginTransaction();
        context.Update(session);
        BulkInsert.Insert(context, rows);
        context.AddRange(passRows.Where(pass => !passesOnDisk.Contains(pass.Number)));
        context.UpdateRange(passRows.Where(pass => passesOnDisk.Contains(pass.Number)));
        if (contentHash is not null && !isProven)
        {
            Chain.Append(context, time.GetUtcNow(), LinkKind.Session, SessionId, contentHash);
        }

        context.SaveChanges();
        transaction.Commit();
        isProven = contentHash is not null;
        passesOnDisk.UnionWith(passRows.Select(pass => pass.Number));
        lock (gate)
        {
            notes.RemoveRange(0, rows.Length);
            foreach (var pass in passRows.Where(pass => ReferenceEquals(pass, passNotes[pass.Number])))
            {
                passNotes.Remove(pass.Number);
            }
        }

        if (session.EndedUtc is not null)
        {
            store.NoteHead(context);
            var label = session.ClientKey is null ? null : context.Clients.Where(client => client.Key == session.ClientKey).Select(client => client.Label).Single();
            lock (gate)
            {
                finished = session.ToRecord(label);
            }
        }
    }
}
