// Sessions whose host ended in the middle of them. What the host did not record, the device still knows, in its ring of
// events: until it has been asked, such a session waits, unsealed.
//
//   opening:  Running ─▶ AwaitingDevice ─┬─ the device tells, same start ──▶ LinkLost, AbortedByFault, Stopped, Interrupted
//                                        ├─ the device has started anew ───▶ Interrupted
//                                        ├─ another session is begun on it ▶ Interrupted
//                                        ├─ a person closes it ────────────▶ Interrupted
//                                        └─ not seen for 7 days, at opening ▶ Interrupted
//
// Never Completed: nobody has said so. Each closing is one transaction, so that a host killed in it has added nothing. What is
// added stands in the record with the time at which it was added; when the session ended is told by the device's clock.

using System.Globalization;
using Microneedling.Client;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions;

/// <summary>What a device tells when it is asked afterwards.</summary>
/// <param name="SerialNumber">Which device.</param>
/// <param name="BootId">Of its present start.</param>
/// <param name="Log">Everything that it still has of its present start, oldest first; what it has no more as missing.</param>
/// <param name="Status">Its status then, not older than the log's end.</param>
public sealed record DeviceAccount(uint SerialNumber, uint BootId, IReadOnlyList<DeviceLogEntry> Log, DeviceStatus Status);

/// <summary>Closes sessions that a host left when it ended.</summary>
public sealed class Aftermath(SessionStore store)
{
    /// <summary>How long a session waits for its device.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(7);

    /// <summary>Who does what nobody has asked for.</summary>
    internal static readonly Actor Program = new(null, "Microneedling");

    private const string Action = "session.closedAfterwards";

    /// <summary>Whether a session waits for this device.</summary>
    public Task<bool> AwaitsAsync(uint serialNumber, CancellationToken ct = default) => store.ReadAsync(
        context => Awaiting(context).Any(session => session.DeviceSerialNumber == serialNumber),
        ct);

    /// <summary>Closes every session that waits for this device, by what it tells. Without one, nothing happens.</summary>
    /// <param name="account">What the device tells.</param>
    /// <param name="ct">Gives up while waiting to write.</param>
    /// <returns>The sessions closed, in the order in which they were begun.</returns>
    /// <exception cref="SessionStoreException">It cannot be written; the sessions go on waiting.</exception>
    public async Task<IReadOnlyList<long>> CloseAsync(DeviceAccount account, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (!await AwaitsAsync(account.SerialNumber, ct))
        {
            return [];
        }

        var closed = await store.ChangeAsync(
            Program,
            change =>
            {
                var sessions = Awaiting(change.Context).Where(session => session.DeviceSerialNumber == account.SerialNumber).OrderBy(session => session.Id).ToList();
                foreach (var session in sessions)
                {
                    CloseBy(account, session, change);
                }

                return sessions.ConvertAll(session => session.Id);
            },
            ct);
        await store.NoteHeadAsync();
        return closed;
    }

    /// <summary>A person closes a session without asking the device.</summary>
    /// <param name="who">Who.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="ct">Gives up while waiting to write.</param>
    /// <exception cref="RecordRefusedException">It does not wait for its device.</exception>
    public async Task CloseWithoutDeviceAsync(Actor who, long sessionId, CancellationToken ct = default)
    {
        await store.ChangeAsync(
            who,
            change =>
            {
                var session = change.Session(sessionId, "session.unknown");
                Refuse.If(session.Outcome != SessionOutcome.AwaitingDevice, "session.notAwaiting", "The session does not wait for its device: it has been closed already, or is still running.");
                CloseAsInterrupted(session, change, "by hand, the device was not asked");
            },
            ct);
        await store.NoteHeadAsync();
    }

    /// <summary>At the opening: what a dead host left running waits; what has waited too long is closed.</summary>
    internal static void Find(SessionContext context, RecordDatabase database, HostPresence presence, DateTimeOffset now)
    {
        using var transaction = database.BeginWriting(context);
        var abandoned = presence.Abandoned([.. context.Sessions.Where(session => session.Outcome == SessionOutcome.Running).Select(session => session.Id)]);
        context.Passes.Where(pass => pass.Ending == PassEnding.Running && abandoned.Contains(pass.SessionId)).ExecuteUpdate(set => set
            .SetProperty(pass => pass.Ending, PassEnding.Interrupted)
            .SetProperty(pass => pass.EndedUtc, pass => context.Sessions.Single(session => session.Id == pass.SessionId).LastRecordedUtc));
        foreach (var session in context.Sessions.Where(session => abandoned.Contains(session.Id)).ToList())
        {
            session.Outcome = SessionOutcome.AwaitingDevice;
            session.Key ??= Chain.NewKey();
        }

        context.SaveChanges();
        Change change = new(context, Program, now);
        var longAgo = now - LongestWait;
        foreach (var session in Awaiting(context).Where(session => session.LastRecordedUtc < longAgo).OrderBy(session => session.Id).ToList())
        {
            CloseAsInterrupted(session, change, "the device was not seen for 7 days");
        }

        context.SaveChanges();
        change.Prove();
        transaction.Commit();
    }

    /// <summary>A new session begins on a device: what waits for it is closed, for the ring is about to be written over.</summary>
    internal static void CloseThoseOf(long serialNumber, Change change)
    {
        foreach (var session in Awaiting(change.Context).Where(session => session.DeviceSerialNumber == serialNumber).OrderBy(session => session.Id).ToList())
        {
            CloseAsInterrupted(session, change, "another session was begun with the device, which was not asked");
        }
    }

    private static IQueryable<Session> Awaiting(SessionContext context) => context.Sessions.Where(session => session.Outcome == SessionOutcome.AwaitingDevice);

    private static void CloseAsInterrupted(Session session, Change change, string why)
    {
        (session.Outcome, session.EndedUtc, session.EventsComplete) = (SessionOutcome.Interrupted, session.LastRecordedUtc, false);
        Seal(session, change, why);
    }

    private static void CloseBy(DeviceAccount account, Session session, Change change)
    {
        var context = change.Context;
        var pass = context.Passes.Where(row => row.SessionId == session.Id).OrderByDescending(row => row.Number).FirstOrDefault();
        if (Known(context, session, pass) is not { } known)
        {
            CloseAsInterrupted(session, change, "nothing had been recorded of it");
            return;
        }

        if (known.BootId != account.BootId || account.Status.LatestEventNumber < known.Last.EventNumber)
        {
            CloseAsInterrupted(session, change, "the device has started anew since and knows no more of it");
            return;
        }

        var reading = RingReading.Of(known.Last, account);
        DateTimeOffset OnTheHostsClock(uint uptimeMilliseconds) =>
            known.Last.Status.ReceivedAt.AddMilliseconds(RingReading.Since(uptimeMilliseconds, RingReading.Uptime(known.Last.Status.DeviceTime)));
        var endedAt = reading.EndUptimeMilliseconds is { } end ? OnTheHostsClock(end) : session.LastRecordedUtc;
        (session.Outcome, session.EventsComplete) = (OutcomeOf(reading, pass), session.EventsComplete && reading.IsComplete);
        session.EndedUtc = endedAt > session.LastRecordedUtc ? endedAt : session.LastRecordedUtc;
        foreach (var accepted in reading.Entries.OfType<DeviceEvent>().Where(happened => happened.Code == Protocol.EventCode.TreatmentAccepted))
        {
            session.DeepestActiveDepthMicrometers = Math.Max(session.DeepestActiveDepthMicrometers, accepted.Argument1);
            session.FastestActiveRateMillihertz = Math.Max(session.FastestActiveRateMillihertz, accepted.Argument2);
        }

        if (pass is { Ending: PassEnding.Interrupted })
        {
            (pass.Ending, pass.EndedUtc) = (reading.Cause?.Ending ?? PassEnding.Interrupted, session.EndedUtc);
            pass.Strokes += reading.PassStrokes;
            pass.StrokingMilliseconds += (long)reading.PassStroking.TotalMilliseconds;
        }

        Add(reading, account, known, session, change);
        Seal(
            session,
            change,
            string.Create(
                CultureInfo.InvariantCulture,
                $"by the device's own events: {reading.Entries.OfType<DeviceEvent>().Count()} added, {reading.Entries.OfType<MissingEvents>().Sum(gap => gap.LastNumber - gap.FirstNumber + 1L)} missing; strokes {(reading.StrokesKnown ? "to the end" : "to the last status")}"));
    }

    /// <summary>Adds what the device told; its status too, when its strokes are those of the session's end.</summary>
    private static void Add(RingReading reading, DeviceAccount account, (uint BootId, long Sequence, LastKnown Last) known, Session session, Change change)
    {
        var sequence = known.Sequence;
        List<SessionRow> rows = [.. reading.Entries.Select(entry => entry.ToRow(change.Now))];
        if (reading.StrokesKnown)
        {
            session.Strokes += unchecked(account.Status.StrokeCount - known.Last.Status.StrokeCount);
            rows.Add(account.Status.ToRow());
        }

        foreach (var row in rows)
        {
            (row.SessionId, row.Sequence) = (session.Id, ++sequence);
            change.Context.Add(row);
        }

        session.LastRecordedUtc = rows.Count > 0 ? change.Now : session.LastRecordedUtc;
    }

    private static SessionOutcome OutcomeOf(RingReading reading, PassRow? pass) => (reading.Cause?.Ending ?? pass?.Ending) switch
    {
        PassEnding.LinkLost => SessionOutcome.LinkLost,
        PassEnding.Fault => SessionOutcome.AbortedByFault,
        PassEnding.Stopped when reading.Cause is not null => SessionOutcome.Stopped,
        _ => SessionOutcome.Interrupted,
    };

    /// <summary>What was recorded last since the device's latest start; null: nothing that tells anything.</summary>
    private static (uint BootId, long Sequence, LastKnown Last)? Known(SessionContext context, Session session, PassRow? pass)
    {
        var events = context.Events.AsNoTracking().Where(row => row.SessionId == session.Id).OrderBy(row => row.Sequence).ToList();
        var restart = events.LastOrDefault(row => row.RestartedBootId is not null);
        var after = restart?.Sequence ?? 0;
        var samples = context.Telemetry.AsNoTracking().Where(row => row.SessionId == session.Id && row.Sequence > after);
        if (samples.OrderByDescending(row => row.Sequence).FirstOrDefault() is not { } last)
        {
            return null;
        }

        var first = samples.OrderBy(row => row.Sequence).First();
        events.RemoveAll(row => row.Sequence <= after);
        var lastParameters = context.Parameters.Where(row => row.SessionId == session.Id).Max(row => (long?)row.Sequence) ?? 0;
        var sequence = Math.Max(Math.Max(last.Sequence, lastParameters), events.Count == 0 ? 0 : events[^1].Sequence);
        var statusAt = unchecked((uint)last.DeviceUptimeMilliseconds);
        DeviceEvent[] sinceStatus = [.. Happened(events).Where(happened => RingReading.Since(RingReading.Uptime(happened.DeviceTime), statusAt) > 0)];
        DeviceEvent[] ofPass = pass is { Ending: PassEnding.Interrupted } ? [.. Happened(events.Where(row => row.RecordedUtc >= pass.StartedUtc))] : [];
        return (
            (uint)(restart?.RestartedBootId ?? session.DeviceBootId),
            sequence,
            new LastKnown(
                (uint)events.Select(row => row.LastMissingNumber ?? row.Number).DefaultIfEmpty().Max(),
                unchecked((uint)first.DeviceUptimeMilliseconds),
                sinceStatus.Length == 0 ? statusAt : RingReading.Uptime(sinceStatus[^1].DeviceTime),
                last.ToRecord(),
                sinceStatus,
                ofPass));
    }

    private static IEnumerable<DeviceEvent> Happened(IEnumerable<SessionEvent> rows) => rows.Select(row => row.ToRecord().Entry).OfType<DeviceEvent>();

    /// <summary>Proves a session as it now stands, and says why it was closed.</summary>
    private static void Seal(Session session, Change change, string why)
    {
        change.Context.SaveChanges();
        change.ToProve(LinkKind.Session, () => session.Id, SessionContent.Hash(change.Context, session));
        change.Audit(Action, $"session:{session.Id}", $"{session.Outcome}: {why}");
    }
}
