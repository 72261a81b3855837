// Brings the notes of all running sessions to the disk: every 250 ms what has gathered is one transaction, whatever the
// number of devices, for it is the waiting for the disk that costs. When the group is refused, each session is tried by
// itself, so that one that cannot be written keeps no other from it; a disk that refuses two refuses all, until the next
// time. What was refused is kept and tried again.

using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions;

internal sealed class CommitLoop(SessionStore store, RecordDatabase database, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>How many times as long as an attempt took that was refused, until the next.</summary>
    private const int RestAfterRefusal = 4;

    private readonly Lock gate = new();
    private readonly HashSet<SessionRecorder> recorders = [];
    private readonly CancellationTokenSource stopping = new();
    private Task? running;

    /// <summary>The sessions that are being recorded.</summary>
    public SessionRecorder[] Recorders
    {
        get
        {
            lock (gate)
            {
                return [.. recorders];
            }
        }
    }

    /// <summary>From now on this one's notes are committed.</summary>
    public void Add(SessionRecorder recorder)
    {
        lock (gate)
        {
            recorders.Add(recorder);
            running ??= CommitPeriodicallyAsync();
        }
    }

    /// <summary>No more.</summary>
    public void Remove(SessionRecorder recorder)
    {
        lock (gate)
        {
            recorders.Remove(recorder);
        }
    }

    /// <summary>Commits what one session has noted by now.</summary>
    /// <exception cref="SessionStoreException">It could not be written. It is kept.</exception>
    public async Task CommitAsync(SessionRecorder recorder)
    {
        try
        {
            await store.WriteAsync(context => Commit(context, [recorder]));
            recorder.Fault = null;
        }
        catch (SessionStoreException e)
        {
            recorder.Fault = e;
            throw;
        }
    }

    /// <summary>Ends when no session is recorded any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
        {
            return;
        }

        await stopping.CancelAsync();
        if (running is not null)
        {
            await running;
        }

        stopping.Dispose();
    }

    private async Task CommitPeriodicallyAsync()
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            var next = time.GetTimestamp();
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                var began = time.GetTimestamp();
                if (began >= next && !await CommitAllAsync())
                {
                    // What is refused for long grows, and trying again takes longer each time: never most of the time.
                    next = time.GetTimestamp() + (RestAfterRefusal * (time.GetTimestamp() - began));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <summary>False when some were refused.</summary>
    private async Task<bool> CommitAllAsync()
    {
        // Who failed the last time comes last: it is tried by itself when the others are done.
        SessionRecorder[] due = [.. Recorders.Where(recorder => recorder.HasNotes).OrderBy(recorder => recorder.Fault is not null)];
        if (due.Length == 0)
        {
            return true;
        }

        if (due.Length > 1)
        {
            try
            {
                await store.WriteAsync(context => Commit(context, due));
                foreach (var recorder in due)
                {
                    recorder.Fault = null;
                }

                return true;
            }
            catch (SessionStoreException)
            {
                // Each by itself.
            }
        }

        SessionStoreException? refusal = null;
        var refused = 0;
        foreach (var recorder in due)
        {
            if (refused == 2)
            {
                recorder.Fault = refusal;
                continue;
            }

            try
            {
                await CommitAsync(recorder);
            }
            catch (SessionStoreException e)
            {
                refusal = e;
                refused++;
            }
        }

        return refused == 0;
    }

    /// <summary>Writes all notes of these sessions and the totals that go with them, or nothing. The store runs one at a time.</summary>
    private void Commit(SessionContext context, SessionRecorder[] due)
    {
        var all = due.Select(recorder => (Recorder: recorder, Notes: recorder.Take())).Where(one => one.Notes is not null).ToList();
        if (all.Count == 0)
        {
            return;
        }

        using var transaction = database.BeginWriting(context);
        long[] ids = [.. all.Select(one => one.Recorder.SessionId)];
        foreach (var closed in context.Sessions.AsNoTracking().Where(session => ids.Contains(session.Id) && session.Outcome != SessionOutcome.Running && session.Outcome != SessionOutcome.AwaitingDevice).ToList())
        {
            var (recorder, notes) = all.Single(one => one.Recorder.SessionId == closed.Id);
            recorder.MeetClosed(context, closed, notes!);
            all.RemoveAll(one => one.Recorder == recorder);
        }

        BulkInsert.Insert(context, all.SelectMany(one => one.Recorder.Write(context, one.Notes!)));
        context.SaveChanges();
        transaction.Commit();
        foreach (var (recorder, notes) in all)
        {
            recorder.Written(context, notes!);
        }
    }
}
