// Takes notes of one session and has them written. Notes are taken under a lock that is never held while the disk works;
// every 250 ms what has gathered is committed together with the session's totals, see CommitLoop. So the record is true up
// to its last commit at any moment, and a host that dies loses at most the notes since.
//
//   Record*  →  notes (memory)  →  CommitLoop  →  disk
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
    private readonly SessionStore store;
    private readonly CommitLoop commits;
    private readonly TimeProvider time;
    private readonly Session session;
    private readonly SessionTally tally;

    private readonly Lock gate = new();
    private readonly List<SessionRow> notes = [];
    private readonly Dictionary<int, Pass> passes = [];
    private readonly Dictionary<int, PassRow> passNotes = [];
    private readonly SortedDictionary<int, PassRow> latestPasses = [];
    private readonly SessionContent content = new();
    private byte[]? contentHash;
    private long lastSequence;
    private DateTimeOffset lastRecordedAt;
    private DeviceStatus? lastStatus;
    private SessionOutcome outcome = SessionOutcome.Running;
    private DateTimeOffset? endedAt;
    private SessionSummary? finished;

    /// <summary>Numbers of the passes that are on disk. Touched by commits only.</summary>
    private readonly HashSet<int> passesOnDisk = [];

    private volatile SessionStoreException? fault;

    /// <summary>Why nothing of this session is written any more. Null: no other program has closed it.</summary>
    private volatile SessionStoreException? closedByOthers;

    internal SessionRecorder(SessionStore store, CommitLoop commits, TimeProvider time, Session session, DeviceStatus first)
    {
        this.store = store;
        this.commits = commits;
        this.time = time;
        this.session = session;
        SessionId = session.Id;
        tally = new SessionTally(first);
        RecordStatus(first);
        commits.Add(this);
    }

    /// <summary>Number of the session in the record.</summary>
    public long SessionId { get; }

    /// <summary>
    /// Why the rows noted so far are not on disk, or null while writing goes well. They are kept and tried again; the
    /// fault goes away when they are written.
    /// </summary>
    public SessionStoreException? Fault
    {
        get => closedByOthers ?? fault;
        internal set => fault = value;
    }

    /// <summary>Whether there is something to write.</summary>
    internal bool HasNotes
    {
        get
        {
            lock (gate)
            {
                return finished is null && (notes.Count > 0 || passNotes.Count > 0 || endedAt is not null);
            }
        }
    }

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
    public Task FlushAsync(CancellationToken ct = default) => commits.CommitAsync(this).WaitAsync(ct);

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
        await commits.CommitAsync(this).WaitAsync(ct);
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
        try
        {
            await commits.CommitAsync(this);
        }
        catch (SessionStoreException)
        {
            // Told by Fault.
        }

        commits.Remove(this);
        content.Dispose();
        await store.ReleaseAsync(SessionId);
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

    /// <summary>What is to be written now, with the totals set that go with it; null: nothing. Taken once at a time.</summary>
    internal Notes? Take()
    {
        lock (gate)
        {
            if (!HasNotes)
            {
                return null;
            }

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
            return new Notes([.. notes], [.. passNotes.Values], contentHash);
        }
    }

    /// <summary>Adds what was taken to the change that is under way.</summary>
    /// <returns>The rows, for the caller to insert together with those of others.</returns>
    internal IEnumerable<SessionRow> Write(SessionContext context, Notes taken)
    {
        var rows = taken.Rows;
        if (fault is not null)
        {
            // A commit that was reported as failed may have come through before the connection broke.
            var last = LastSequence(context);
            rows = [.. rows.Where(row => row.Sequence > last)];
            passesOnDisk.Clear();
            passesOnDisk.UnionWith(context.Passes.Where(pass => pass.SessionId == SessionId).Select(pass => pass.Number));
        }

        context.Update(session);
        context.AddRange(taken.Passes.Where(pass => !passesOnDisk.Contains(pass.Number)));
        context.UpdateRange(taken.Passes.Where(pass => passesOnDisk.Contains(pass.Number)));
        if (taken.ContentHash is not null)
        {
            Chain.Append(context, time.GetUtcNow(), LinkKind.Session, SessionId, taken.ContentHash);
        }

        return rows;
    }

    /// <summary>What was taken is on the disk.</summary>
    internal void Written(SessionContext context, Notes taken)
    {
        passesOnDisk.UnionWith(taken.Passes.Select(pass => pass.Number));
        var summary = taken.ContentHash is null ? null : SummaryOf(context, session);
        lock (gate)
        {
            notes.RemoveRange(0, taken.Rows.Length);
            foreach (var pass in taken.Passes.Where(pass => ReferenceEquals(pass, passNotes[pass.Number])))
            {
                passNotes.Remove(pass.Number);
            }

            finished = summary;
        }

        if (summary is not null)
        {
            store.NoteHead(context);
        }
    }

    /// <summary>
    /// The session is closed already: by this recorder, if its commit came through and only the answer was lost; else by a
    /// program that took this one for dead, while the server was away. What came after is in no record then, and Fault says so.
    /// </summary>
    internal void MeetClosed(SessionContext context, Session closed, Notes taken)
    {
        var link = context.Links.Where(link => link.Kind == LinkKind.Session && link.SubjectId == SessionId).Select(link => link.ContentHash).SingleOrDefault();
        if (taken.ContentHash is not null && link is not null && link.AsSpan().SequenceEqual(taken.ContentHash))
        {
            Written(context, taken);
            return;
        }

        closedByOthers = new SessionStoreException(
            $"Session {SessionId} was closed as interrupted by another program that has the record open. What happened since is not recorded. Finish the session and begin another one.");
        var summary = SummaryOf(context, closed);
        lock (gate)
        {
            endedAt ??= time.GetUtcNow();
            finished = summary;
        }
    }

    private long LastSequence(SessionContext context) => new[]
    {
        Last(context.Parameters), Last(context.Events), Last(context.Telemetry),
    }.Max();

    private long Last<TRow>(IQueryable<TRow> rows)
        where TRow : SessionRow => rows.Where(row => row.SessionId == SessionId).Max(row => (long?)row.Sequence) ?? 0;

    private static SessionSummary SummaryOf(SessionContext context, Session session) =>
        session.ToRecord(session.ClientKey is null ? null : context.Clients.Where(client => client.Key == session.ClientKey).Select(client => client.Label).Single());

    /// <summary>What is to be written at once.</summary>
    /// <param name="Rows">In their order.</param>
    /// <param name="Passes">As they are now.</param>
    /// <param name="ContentHash">Once the session has ended: of all of it.</param>
    internal sealed record Notes(SessionRow[] Rows, PassRow[] Passes, byte[]? ContentHash);
}
