// Tablets and the clinic's record: what is forwarded comes once, whatever is cut, repeated, restarted or set back.

using Microneedling.Client;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Forwarding;
using Microneedling.Sessions.Proof;
using Xunit.Abstractions;

namespace Microneedling.Sessions.Tests;

public class ForwardingTests : IDisposable
{
    private readonly Record tablet = new();
    private readonly Record clinicRecord;
    private readonly SetClock clock = new(Make.Start);
    private readonly ITestOutputHelper output;

    public ForwardingTests(ITestOutputHelper output)
        : this(output, new Record())
    {
    }

    private protected ForwardingTests(ITestOutputHelper output, Record clinicRecord) => (this.output, this.clinicRecord) = (output, clinicRecord);

    public void Dispose()
    {
        tablet.Dispose();
        clinicRecord.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordFact]
    public async Task All_that_is_proven_comes_to_the_clinic_once_and_is_proven_there_by_the_same_hash()
    {
        await using var own = await SessionStore.OpenAsync(tablet.Path, clock);
        await using var clinic = await SessionStore.OpenAsync(clinicRecord.Path, clock);
        await FillAsync(own);

        var done = await new Forwarder(own, clinic, "tablet 1").ForwardAsync();

        Assert.Equal((2L, done.TotalLinks, 0L), (done.Sessions, done.Links, done.Conflicts));
        await ComparesAsync(own, clinic, [2, 1]);
        Assert.Equal(new ForwardingProgress(done.Links, done.Links, 0, 0, 0), await new Forwarder(own, clinic, "tablet 1").ForwardAsync());
        await ComparesAsync(own, clinic, [2, 1]);
    }

    [RecordFact]
    public async Task What_names_a_client_stays_on_the_tablet_but_for_the_label()
    {
        await using var own = await SessionStore.OpenAsync(tablet.Path, clock);
        await using var clinic = await SessionStore.OpenAsync(clinicRecord.Path, clock);
        await clinic.Clients.AddAsync(Make.Owner); // Has the label already.
        var client = await FillAsync(own);
        await own.Clients.ChangeAsync(Make.Owner, client with { Name = "Ana Example", Notes = "Prefers mornings.", BirthYear = 1987 });

        await new Forwarder(own, clinic, "tablet 1").ForwardAsync();

        var there = (await clinic.Clients.FindAsync(client.Key))!;
        Assert.Equal(("Client 0001 (2)", null, null, ""), (there.Label, there.Name, there.BirthYear, there.Notes));
        Assert.Equal([there.Label], (await clinic.ListAsync(new SessionFilter(ClientKey: client.Key), 0)).Sessions.Select(session => session.ClientLabel));
        var course = Assert.Single(await clinic.Clients.CoursesAsync(client.Key));
        Assert.Equal(("Scars", 4, 1), (course.Indication, course.PlannedSessions, course.Sessions.Count));
    }

    [RecordFact]
    public async Task Who_treated_is_met_by_name_and_what_is_only_numbered_on_the_tablet_is_left_out()
    {
        await using var own = await SessionStore.OpenAsync(tablet.Path, clock);
        await using var clinic = await SessionStore.OpenAsync(clinicRecord.Path, clock);
        await clinic.People.AddAsync(Make.Owner, "Zoe", Role.Supervisor, "246813");
        var there = await clinic.People.AddAsync(Make.Owner, "Ana", Role.Practitioner, "975310");
        var here = await own.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, "246813");
        Assert.NotEqual(there.Id, here.Id);
        await RunAsync(own, Make.OnTestBlock with { By = new Actor(here.Id, "Ana") });

        await new Forwarder(own, clinic, "tablet 1").ForwardAsync();

        Assert.Equal(new Actor(there.Id, "Ana"), Assert.Single(await clinic.ListAsync()).By);
        Assert.Empty((await clinic.VerifyAsync()).Flaws);
    }

    [RecordFact]
    public async Task Many_batches_cut_off_at_any_of_them_come_to_the_same()
    {
        await using var own = await SessionStore.OpenAsync(tablet.Path, clock);
        await using var clinic = await SessionStore.OpenAsync(clinicRecord.Path, clock);
        for (var i = 0; i < 600; i++)
        {
            await own.Audit.AddAsync(Make.Owner, "person.signedIn", "person:1", "");
            if (i % 100 == 0)
            {
                await RunAsync(own, Make.OnTestBlock);
            }
        }

        var cuts = 0;
        while (true)
        {
            using CancellationTokenSource cut = new();
            try
            {
                await new Forwarder(own, clinic, "tablet 1").ForwardAsync(new OnEach(progress => Cut(progress, cut)), cut.Token);
                break;
            }
            catch (OperationCanceledException)
            {
                cuts++;
            }
        }

        Assert.Equal(1, cuts);
        await ComparesAsync(own, clinic, [6, 5, 4, 3, 2, 1]);

        static void Cut(ForwardingProgress progress, CancellationTokenSource cut)
        {
            if (progress.Links < progress.TotalLinks && progress.Sessions > 0)
            {
                cut.Cancel();
            }
        }
    }

    [RecordFact]
    public async Task A_tablet_set_back_to_an_older_copy_is_a_conflict_and_nothing_is_lost_or_doubled()
    {
        using var older = new Record();
        await using (var own = await SessionStore.OpenAsync(tablet.Path, clock))
        {
            await RunAsync(own, Make.OnTestBlock);
        }

        foreach (var file in tablet.Files())
        {
            await File.WriteAllBytesAsync(Path.Combine(older.Folder, file.Key), file.Value);
        }

        await using var clinic = await SessionStore.OpenAsync(clinicRecord.Path, clock);
        await using (var own = await SessionStore.OpenAsync(tablet.Path, clock))
        {
            await RunAsync(own, Make.OnTestBlock);
            await RunAsync(own, Make.OnTestBlock);
            await new Forwarder(own, clinic, "tablet 1").ForwardAsync();
        }

        await using var restored = await SessionStore.OpenAsync(older.Path, clock);
        Assert.Equal(1, (await new Forwarder(restored, clinic, "tablet 1").ForwardAsync()).Conflicts);
        await RunAsync(restored, Make.OnTestBlock);
        var done = await new Forwarder(restored, clinic, "tablet 1").ForwardAsync();
        Assert.Equal((1L, 1L), (done.Sessions, done.Conflicts));
        await RunAsync(restored, Make.OnTestBlock);
        Assert.Equal(1, (await new Forwarder(restored, clinic, "tablet 1").ForwardAsync()).Sessions);

        Assert.Equal(5, (await clinic.ListAsync()).Count);
        Assert.Empty((await clinic.VerifyAsync()).Flaws);
        var conflict = Assert.Single(await clinic.Recorders.ConflictsAsync());
        Assert.Equal((ConflictKind.SetBack, "tablet 1"), (conflict.Kind, conflict.RecorderName));
    }

    [RecordFact]
    public async Task A_session_that_the_tablet_closed_otherwise_after_it_was_set_back_is_a_conflict_and_the_first_stays()
    {
        using var older = new Record();
        await using var clinic = await SessionStore.OpenAsync(clinicRecord.Path, clock);
        await using (var own = await SessionStore.OpenAsync(tablet.Path, clock))
        {
            await using var recorder = await own.BeginAsync(Make.Device(), Make.Status());
            await recorder.FlushAsync();
            foreach (var suffix in new[] { "", "-wal" })
            {
                File.Copy(tablet.Path + suffix, older.Path + suffix);
            }

            recorder.RecordStatus(Make.Status(50, 9));
            await recorder.FinishAsync(SessionOutcome.Completed, null);
            await new Forwarder(own, clinic, "tablet 1").ForwardAsync();
        }

        await using var restored = await SessionStore.OpenAsync(older.Path, clock);
        await restored.Aftermath.CloseWithoutDeviceAsync(Make.Owner, 1);
        await new Forwarder(restored, clinic, "tablet 1").ForwardAsync();

        var session = Assert.Single(await clinic.ListAsync());
        Assert.Equal((SessionOutcome.Completed, 9L), (session.Outcome, session.Strokes));
        Assert.Contains(await clinic.Recorders.ConflictsAsync(), conflict => conflict.Kind == ConflictKind.SessionDiffers);
        Assert.Empty((await clinic.VerifyAsync()).Flaws);
    }

    [RecordFact]
    public async Task What_was_changed_on_the_tablet_is_told_and_not_taken_and_the_rest_is()
    {
        await using var own = await SessionStore.OpenAsync(tablet.Path, clock);
        await using var clinic = await SessionStore.OpenAsync(clinicRecord.Path, clock);
        await FillAsync(own);
        await RunAsync(own, Make.OnTestBlock);
        tablet.Execute("UPDATE TelemetrySamples SET ActiveDepthMicrometers = 1 WHERE SessionId = 1 AND Sequence = 2");

        var done = await new Forwarder(own, clinic, "tablet 1").ForwardAsync();

        Assert.Equal(2, done.Sessions);
        Assert.Equal(2, (await clinic.ListAsync()).Count);
        Assert.Contains(await clinic.Recorders.ConflictsAsync(), conflict => conflict.Kind == ConflictKind.ContentChanged);
        Assert.Empty((await clinic.VerifyAsync()).Flaws);
    }

    [RecordFact]
    public async Task Who_is_erased_on_the_tablet_is_erased_at_the_clinic_and_both_stay_proven()
    {
        await using var own = await SessionStore.OpenAsync(tablet.Path, clock);
        await using var clinic = await SessionStore.OpenAsync(clinicRecord.Path, clock);
        var client = await FillAsync(own);
        await own.Clients.ChangeAsync(Make.Owner, client with { Label = "Ana of the bakery" });
        await new Forwarder(own, clinic, "tablet 1").ForwardAsync();
        Assert.Equal("Ana of the bakery", (await clinic.Clients.FindAsync(client.Key))!.Label);

        await own.Clients.EraseAsync(Make.Owner, client.Key, ErasureReason.RetentionOver);
        await new Forwarder(own, clinic, "tablet 1").ForwardAsync();
        await new Forwarder(own, clinic, "tablet 1").ForwardAsync();

        var there = (await clinic.Clients.FindAsync(client.Key))!;
        Assert.StartsWith("Erased ", there.Label, StringComparison.Ordinal);
        Assert.NotNull(there.ErasedAt);
        var session = Assert.Single((await clinic.ListAsync(new SessionFilter(ClientKey: client.Key), 0)).Sessions);
        Assert.Equal("", Assert.Single(await clinic.Clients.FollowUpsAsync(session.Id)).Notes);
        Assert.Null(Assert.Single((await clinic.FindAsync(session.Id))!.Passes).UnlockReason);
        Assert.Empty((await clinic.VerifyAsync()).Flaws);
        Assert.Empty((await own.VerifyAsync()).Flaws);
        var entry = Assert.Single(await clinic.Audit.ListAsync(), entry => entry.Action == "client.erased");
        Assert.Equal("reason: RetentionOver", entry.Details);
    }

    [RecordFact]
    public async Task A_record_is_not_forwarded_to_itself()
    {
        await using var own = await SessionStore.OpenAsync(clinicRecord.Path, clock);
        await using var same = await SessionStore.OpenAsync(clinicRecord.Path, clock);

        var error = await Assert.ThrowsAsync<SessionStoreException>(() => new Forwarder(own, same, "tablet 1").ForwardAsync());

        Assert.Equal("The clinic's record is this record itself. Forward to another database.", error.Message);
    }

    [RecordFact]
    public async Task Two_copies_of_one_tablet_at_once_lose_nothing_and_double_nothing()
    {
        using var twinRecord = new Record();
        await using (var own = await SessionStore.OpenAsync(tablet.Path, clock))
        {
            await RunAsync(own, Make.OnTestBlock);
        }

        foreach (var file in tablet.Files())
        {
            await File.WriteAllBytesAsync(Path.Combine(twinRecord.Folder, file.Key), file.Value);
        }

        await using var clinic = await SessionStore.OpenAsync(clinicRecord.Path, clock);
        await using var clinicAgain = await SessionStore.OpenAsync(clinicRecord.Path, clock);
        await using var one = await SessionStore.OpenAsync(tablet.Path, clock);
        await using var twin = await SessionStore.OpenAsync(twinRecord.Path, clock);
        for (var round = 0; round < 3; round++)
        {
            await RunAsync(one, Make.OnTestBlock);
            await RunAsync(twin, Make.OnTestBlock);
            await Task.WhenAll(PatientlyAsync(new Forwarder(one, clinic, "tablet 1")), PatientlyAsync(new Forwarder(twin, clinicAgain, "tablet 1")));
        }

        Assert.Equal(7, (await clinic.ListAsync()).Count);
        Assert.Empty((await clinic.VerifyAsync()).Flaws);
        Assert.All(await clinic.Recorders.ConflictsAsync(), conflict => Assert.Equal(ConflictKind.SetBack, conflict.Kind));
        Assert.NotEmpty(await clinic.Recorders.ConflictsAsync());
    }

    private static async Task PatientlyAsync(Forwarder forwarder)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await forwarder.ForwardAsync();
                return;
            }
            catch (SessionStoreException) when (attempt < 20)
            {
                // As the tablet does: again.
            }
        }
    }

    private async Task ComparesAsync(SessionStore own, SessionStore clinic, long[] ids)
    {
        Assert.Empty((await clinic.VerifyAsync()).Flaws);
        var there = await clinic.ListAsync(1000);
        Assert.Equal(ids.Length, there.Count);
        foreach (var id in ids)
        {
            var proof = (await own.ProofOfAsync(id))!;
            var detail = (await own.FindAsync(id))!;
            var match = Assert.Single(there, session => session.StartedAt == detail.Summary.StartedAt);
            Assert.Equal(proof.ContentHash, (await clinic.ProofOfAsync(match.Id))!.ContentHash);
            var copy = (await clinic.FindAsync(match.Id))!;
            Assert.Equal(detail.Telemetry, copy.Telemetry);
            Assert.Equal(detail.Events, copy.Events);
            Assert.Equal(detail.Parameters, copy.Parameters);
            Assert.Equal(detail.Passes, copy.Passes);
            Assert.Equal((await own.Clients.FollowUpsAsync(id)).Select(row => (row.Notes, row.Pain)), (await clinic.Clients.FollowUpsAsync(match.Id)).Select(row => (row.Notes, row.Pain)));
            Assert.Equal((await own.Corrections.ListAsync(id)).Select(row => (row.NewValue, row.Reason)), (await clinic.Corrections.ListAsync(match.Id)).Select(row => (row.NewValue, row.Reason)));
        }

        var recorder = Assert.Single(await clinic.Recorders.ListAsync());
        Assert.Equal((await own.VerifyAsync()).HeadHash, recorder.HeadHash);
    }

    private async Task RunAsync(SessionStore store, SessionStart start)
    {
        clock.Now += TimeSpan.FromMinutes(10);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status(), start);
        recorder.RecordPass(Make.Pass(1, PassEnding.Disarmed, 4));
        recorder.RecordStatus(Make.Status(50, 4));
        await recorder.FinishAsync(SessionOutcome.Completed, null);
    }

    private async Task<Clinic.Client> FillAsync(SessionStore store)
    {
        var client = await store.Clients.AddAsync(Make.Owner);
        var check = await store.Clients.CheckAsync(Make.Owner, client.Key, 1, [], "");
        var course = await store.Clients.BeginCourseAsync(Make.Owner, client.Key, "Scars", 4, 28);
        await using (var recorder = await store.BeginAsync(Make.Device(), Make.Status(), new SessionStart(Make.Owner, client.Key, check.Id, course.Id, Make.Cartridge)))
        {
            recorder.RecordStatus(Make.Status(50, 3));
            recorder.RecordParameters(Make.Request(), Make.Accepted(), Make.Status(100, 5));
            recorder.RecordEvent(Make.Event(1));
            recorder.RecordEvent(new MissingEvents(2, 4));
            recorder.RecordEvent(new DeviceRestarted(5));
            recorder.RecordPass(Make.Pass(1, PassEnding.Stopped, 5) with { UnlockedBy = Make.Owner, UnlockReason = "Thick scar beside the nose." });
            await recorder.FinishAsync(SessionOutcome.Stopped, Make.Status(150, 12));
        }

        await store.Clients.FollowUpAsync(Make.Owner, 1, 24, FollowUpGrade.Mild, FollowUpGrade.None, 2, "A \"dry\" skin,\nelse well.");
        await store.Corrections.AddAsync(Make.Owner, 1, CorrectedField.CartridgeLot, "LOT-8", "The label was misread.");
        await RunAsync(store, Make.OnTestBlock);
        output.WriteLine($"{(await store.VerifyAsync()).Links} links");
        return client;
    }

    private sealed class OnEach(Action<ForwardingProgress> tell) : IProgress<ForwardingProgress>
    {
        public void Report(ForwardingProgress value) => tell(value);
    }
}
