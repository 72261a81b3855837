// A disk that is slow, locked or refuses must not be felt by whoever records.

using System.Diagnostics;

namespace Microneedling.Sessions.Tests;

public sealed class SlowDiskTests : IDisposable
{
    private readonly Record record = new();

    public void Dispose() => record.Dispose();

    [Fact]
    public async Task Notes_reach_the_disk_by_themselves()
    {
        await using var store = await SessionStore.OpenAsync(record.Path);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        recorder.RecordStatus(Make.Status(50, strokes: 3));

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await store.FindAsync(recorder.SessionId, deadline.Token))!.Summary.Strokes != 3)
        {
        }
    }

    [Fact]
    public async Task A_lock_held_by_another_program_neither_blocks_recording_nor_loses_rows()
    {
        await using var store = await SessionStore.OpenAsync(record.Path);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        await recorder.FlushAsync();

        Task stuck;
        using (var other = record.OpenAsAnotherProgram())
        {
            other.Execute("BEGIN IMMEDIATE");
            recorder.RecordStatus(Make.Status(50, strokes: 1));
            stuck = recorder.FlushAsync();
            var watch = Stopwatch.StartNew();
            for (var i = 2; i <= 1000; i++)
            {
                recorder.RecordStatus(Make.Status(i * 50, (uint)i));
                recorder.RecordEvent(Make.Event((uint)i));
            }

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"Recording took {watch.Elapsed}.");
            Assert.Single((await store.FindAsync(recorder.SessionId))!.Telemetry);
            Assert.False(stuck.IsCompletedSuccessfully);
            using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => recorder.FlushAsync(impatient.Token));
            other.Execute("ROLLBACK");
        }

        await recorder.FlushAsync();

        var detail = (await store.FindAsync(recorder.SessionId))!;
        Assert.Equal((1001, 999, 1000L), (detail.Telemetry.Count, detail.Events.Count, detail.Summary.Strokes));
        Assert.Null(recorder.Fault);
    }

    [Fact]
    public async Task A_lock_that_stays_is_told_in_words()
    {
        await using var store = await SessionStore.OpenAsync(record.Path);
        using var other = record.OpenAsAnotherProgram();
        other.Execute("BEGIN IMMEDIATE");

        var error = await Assert.ThrowsAsync<SessionStoreException>(() => store.BeginAsync(Make.Device(), Make.Status()));

        Assert.Equal($"The session record {record.Path} is locked by another program. Close that program.", error.Message);
    }

    [Fact]
    public async Task Rows_that_the_disk_refuses_are_told_kept_and_written_once_it_takes_them()
    {
        await using var store = await SessionStore.OpenAsync(record.Path);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        await recorder.FlushAsync();
        record.Refuse("SessionEvents");

        recorder.RecordStatus(Make.Status(50, strokes: 4));
        recorder.RecordEvent(Make.Event(1));
        var error = await Assert.ThrowsAsync<SessionStoreException>(() => recorder.FlushAsync());
        Assert.Equal(error.Message, recorder.Fault?.Message);
        Assert.Contains("check the disk", error.Message, StringComparison.Ordinal);
        var none = (await store.FindAsync(recorder.SessionId))!;
        Assert.Equal((1, 0, 0L), (none.Telemetry.Count, none.Events.Count, none.Summary.Strokes));

        await Assert.ThrowsAsync<SessionStoreException>(() => recorder.FinishAsync(SessionOutcome.Stopped, null));
        record.RefuseNoMore("SessionEvents");
        var summary = await recorder.FinishAsync(SessionOutcome.Completed, null);

        Assert.Equal((SessionOutcome.Stopped, 4L), (summary.Outcome, summary.Strokes));
        Assert.Null(recorder.Fault);
        var detail = (await store.FindAsync(recorder.SessionId))!;
        Assert.Equal((2, 1), (detail.Telemetry.Count, detail.Events.Count));
    }

    [Fact]
    public async Task Disposing_while_the_disk_refuses_leaves_the_session_to_the_next_opening()
    {
        await using (var store = await SessionStore.OpenAsync(record.Path))
        {
            var recorder = await store.BeginAsync(Make.Device(), Make.Status());
            await recorder.FlushAsync();
            recorder.RecordStatus(Make.Status(50, strokes: 4));
            record.Refuse("TelemetrySamples");
            await recorder.DisposeAsync();
            Assert.NotNull(recorder.Fault);
        }

        await using var again = await SessionStore.OpenAsync(record.Path);
        Assert.Equal(SessionOutcome.AwaitingDevice, Assert.Single(await again.ListAsync()).Outcome);
    }
}
