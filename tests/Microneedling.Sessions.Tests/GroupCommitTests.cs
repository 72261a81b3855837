// Many sessions recorded at once: one commit for all, and one that cannot be written keeps no other from it.

using Microneedling.Client;

namespace Microneedling.Sessions.Tests;

public class GroupCommitTests : IDisposable
{
    private const int Devices = 12;

    private readonly Record record;
    private readonly TickingClock clock = new();

    public GroupCommitTests()
        : this(new Record())
    {
    }

    private protected GroupCommitTests(Record record) => this.record = record;

    public void Dispose()
    {
        record.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordFact]
    public async Task What_all_sessions_noted_is_on_the_disk_after_one_tick_and_each_keeps_its_own()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        var recorders = await BeginAsync(store);
        for (var i = 0; i < Devices; i++)
        {
            for (uint stroke = 1; stroke <= i + 1; stroke++)
            {
                recorders[i].RecordStatus(Make.Status(stroke * 50, stroke));
            }
        }

        await clock.TickUntilAsync(() => recorders.All(recorder => !recorder.HasNotes));

        for (var i = 0; i < Devices; i++)
        {
            var detail = (await store.FindAsync(recorders[i].SessionId))!;
            Assert.Equal((i + 2, i + 1L), (detail.Telemetry.Count, detail.Summary.Strokes));
        }

        await Task.WhenAll(recorders.Select(recorder => recorder.FinishAsync(SessionOutcome.Completed, null)));
        var report = await store.VerifyAsync();
        Assert.Empty(report.Flaws);
        Assert.Equal(Devices, report.Sessions);
    }

    [RecordFact]
    public async Task A_session_that_cannot_be_written_is_told_and_keeps_no_other_from_the_disk()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        var recorders = await BeginAsync(store);
        await Task.WhenAll(recorders.Select(recorder => recorder.FlushAsync()));
        var sick = recorders[Devices / 2];
        record.Refuse("TelemetrySamples", sick.SessionId);
        foreach (var recorder in recorders)
        {
            recorder.RecordStatus(Make.Status(50, 9));
        }

        await clock.TickUntilAsync(() => recorders.All(recorder => recorder == sick ? recorder.Fault is not null : !recorder.HasNotes));

        Assert.All(recorders.Where(recorder => recorder != sick), recorder => Assert.Null(recorder.Fault));
        Assert.Equal(9, (await store.FindAsync(recorders[0].SessionId))!.Summary.Strokes);
    }

    [RecordFact]
    public async Task A_disk_that_refuses_all_is_told_to_all_and_all_is_written_once_it_takes_it()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        var recorders = await BeginAsync(store);
        await Task.WhenAll(recorders.Select(recorder => recorder.FlushAsync()));
        record.Refuse("TelemetrySamples");
        foreach (var recorder in recorders)
        {
            recorder.RecordStatus(Make.Status(50, 9));
        }

        await clock.TickUntilAsync(() => recorders.All(recorder => recorder.Fault is not null));
        record.RefuseNoMore("TelemetrySamples");
        await clock.TickUntilAsync(() => recorders.All(recorder => !recorder.HasNotes && recorder.Fault is null));

        Assert.All(await store.ListAsync(), session => Assert.Equal(9, session.Strokes));
    }

    [RecordFact]
    public async Task A_session_closed_behind_its_back_says_so_and_the_record_stays_sound()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        var recorders = await BeginAsync(store);
        await Task.WhenAll(recorders.Select(recorder => recorder.FlushAsync()));
        await store.WriteAsync(context =>
        {
            using var transaction = context.Database.BeginTransaction();
            var session = context.Sessions.Find(recorders[0].SessionId)!;
            (session.Outcome, session.EndedUtc, session.EventsComplete) = (SessionOutcome.Interrupted, session.LastRecordedUtc, false);
            Proof.Chain.Append(context, Make.Start, Proof.LinkKind.Session, session.Id, Proof.SessionContent.Hash(context, session));
            context.SaveChanges();
            transaction.Commit();
        });
        foreach (var recorder in recorders)
        {
            recorder.RecordStatus(Make.Status(50, 9));
        }

        await clock.TickUntilAsync(() => recorders.All(recorder => !recorder.HasNotes));

        Assert.Contains("closed as interrupted by another program", recorders[0].Fault?.Message, StringComparison.Ordinal);
        Assert.Null(recorders[1].Fault);
        Assert.Equal(SessionOutcome.Interrupted, (await recorders[0].FinishAsync(SessionOutcome.Completed, null)).Outcome);
        Assert.Equal(SessionOutcome.Completed, (await recorders[1].FinishAsync(SessionOutcome.Completed, null)).Outcome);
        Assert.Empty((await store.VerifyAsync()).Flaws);
    }

    [RecordFact]
    public async Task A_commit_whose_answer_was_lost_is_not_written_twice()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        recorder.RecordPass(Make.Pass());
        await store.WriteAsync(context =>
        {
            var taken = recorder.Take()!;
            using var transaction = context.Database.BeginTransaction();
            Schema.BulkInsert.Insert(context, recorder.Write(context, taken));
            context.SaveChanges();
            transaction.Commit();
        });
        recorder.Fault = new SessionStoreException("The answer was lost.");
        recorder.RecordStatus(Make.Status(50, 9));

        var summary = await recorder.FinishAsync(SessionOutcome.Completed, null);

        Assert.Equal(9, summary.Strokes);
        Assert.Equal(2, (await store.FindAsync(recorder.SessionId))!.Telemetry.Count);
        Assert.Empty((await store.VerifyAsync()).Flaws);
    }

    private static async Task<SessionRecorder[]> BeginAsync(SessionStore store)
    {
        List<SessionRecorder> recorders = [];
        for (uint i = 0; i < Devices; i++)
        {
            recorders.Add(await store.BeginAsync(Make.Device(100 + i), Make.Status()));
        }

        return [.. recorders];
    }

    /// <summary>Stands still; its timers tick when they are told to.</summary>
    private sealed class TickingClock : TimeProvider
    {
        private readonly List<Timer> timers = [];

        public override DateTimeOffset GetUtcNow() => Make.Start;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timer timer = new(() => callback(state));
            lock (timers)
            {
                timers.Add(timer);
            }

            return timer;
        }

        public async Task TickUntilAsync(Func<bool> isSo)
        {
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
            while (!isSo())
            {
                patience.Token.ThrowIfCancellationRequested();
                Timer[] all;
                lock (timers)
                {
                    all = [.. timers];
                }

                foreach (var timer in all)
                {
                    timer.Tick();
                }

                await Task.Yield();
            }
        }

        private sealed class Timer(Action tick) : ITimer
        {
            private volatile bool isOver;

            public void Tick()
            {
                if (!isOver)
                {
                    tick();
                }
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => isOver = true;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
