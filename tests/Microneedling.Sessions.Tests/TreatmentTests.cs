// What a session is begun with, its passes, and finding sessions again.

using Microneedling.Client;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Tests;

public class TreatmentTests : IDisposable
{
    private readonly Record record;
    private readonly SetClock clock = new(Make.Start);

    public TreatmentTests()
        : this(new Record())
    {
    }

    private protected TreatmentTests(Record record) => this.record = record;

    public void Dispose()
    {
        record.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordFact]
    public async Task A_session_keeps_who_whom_and_with_which_cartridge_over_later_changes()
    {
        await using var store = await OpenAsync();
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, "246813");
        var (client, check) = await SuitableAsync(store);
        var course = await store.Clients.BeginCourseAsync(Make.Owner, client.Key, "Scars", 4, 30);
        var start = new SessionStart(new Actor(ana.Id, "Ana"), client.Key, check.Id, course.Id, new Cartridge(" Sim 12 ", 100, " L ", new DateOnly(2026, 12, 31)));

        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status(), start);
        await store.People.ChangeAsync(Make.Owner, ana.Id, "Ana B", Role.Supervisor, true);
        await store.Clients.ChangeAsync(Make.Owner, client with { Label = "Blue" });
        var summary = await recorder.FinishAsync(SessionOutcome.Completed, null);

        Assert.Equal(
            (new Actor(ana.Id, "Ana"), client.Key, "Blue", check.Id, course.Id, new Cartridge("Sim 12", 100, "L", new DateOnly(2026, 12, 31))),
            (summary.By, summary.ClientKey, summary.ClientLabel, summary.SuitabilityCheckId, summary.CourseId, summary.Cartridge));
        Assert.Equal(summary, Assert.Single(await store.ListAsync()));
        Assert.Equal(summary, (await store.FindAsync(summary.Id))!.Summary);
    }

    [RecordFact]
    public async Task A_client_is_treated_only_on_the_latest_check_while_it_allows()
    {
        await using var store = await OpenAsync();
        var (client, first) = await SuitableAsync(store);
        var (other, othersCheck) = await SuitableAsync(store);
        SessionStart On(long? check) => Make.OnTestBlock with { ClientKey = client.Key, SuitabilityCheckId = check };
        Task Begin(SessionStart start) => store.BeginAsync(Make.Device(), Make.Status(), start);

        await Refusal.Is("session.checkNotLatest", () => Begin(On(null)));
        await Refusal.Is("session.checkNotLatest", () => Begin(On(99)));
        await Refusal.Is("session.checkNotLatest", () => Begin(On(othersCheck.Id)));
        await Refusal.Is("client.unknown", () => Begin(On(first.Id) with { ClientKey = "nobody" }));
        await Refusal.Is("session.clientMissing", () => Begin(On(first.Id) with { ClientKey = null }));
        clock.Now = Make.Start.AddHours(24);
        await Refusal.Is("session.checkDoesNotAllow", () => Begin(On(first.Id)));
        clock.Now = clock.Now.AddTicks(-1);
        await Begin(On(first.Id));
        var blocked = await store.Clients.CheckAsync(Make.Owner, client.Key, 1, ["keloid"], "");
        await Refusal.Is("session.checkNotLatest", () => Begin(On(first.Id)));
        await Refusal.Is("session.checkDoesNotAllow", () => Begin(On(blocked.Id)));
        await store.Clients.OverrideAsync(Make.Owner, blocked.Id, "seen by a doctor");
        await Begin(On(blocked.Id));

        Assert.Equal(2, (await store.ListAsync()).Count);
        Assert.All(await store.ListAsync(), session => Assert.Equal(client.Key, session.ClientKey));
    }

    [RecordFact]
    public async Task A_session_belongs_only_to_an_open_course_of_its_client()
    {
        await using var store = await OpenAsync();
        var (client, check) = await SuitableAsync(store);
        var (other, _) = await SuitableAsync(store);
        var closed = await store.Clients.BeginCourseAsync(Make.Owner, client.Key, "Scars", 4, 30);
        await store.Clients.CloseCourseAsync(Make.Owner, closed.Id);
        var others = await store.Clients.BeginCourseAsync(Make.Owner, other.Key, "Scars", 4, 30);

        foreach (var course in new[] { closed.Id, others.Id, 99 })
        {
            await Refusal.Is("session.courseNotOpen", () => store.BeginAsync(Make.Device(), Make.Status(), new SessionStart(Make.Owner, client.Key, check.Id, course, Make.Cartridge)));
        }

        Assert.Empty(await store.ListAsync());
    }

    [RecordFact]
    public async Task A_cartridge_that_will_not_do_is_refused()
    {
        await using var store = await OpenAsync();
        var (client, check) = await SuitableAsync(store);
        var good = Make.Cartridge;
        (string Code, Cartridge Cartridge)[] bad =
        [
            ("cartridge.type", good with { Type = " " }),
            ("cartridge.type", good with { Type = new string('t', 61) }),
            ("cartridge.needles", good with { Needles = 0 }),
            ("cartridge.needles", good with { Needles = 101 }),
            ("cartridge.lot", good with { Lot = "" }),
            ("cartridge.lot", good with { Lot = new string('l', 61) }),
        ];
        foreach (var (code, cartridge) in bad)
        {
            await Refusal.Is(code, () => store.BeginAsync(Make.Device(), Make.Status(), Make.OnTestBlock with { Cartridge = cartridge }));
        }

        var today = DateOnly.FromDateTime(clock.GetLocalNow().DateTime);
        var start = new SessionStart(Make.Owner, client.Key, check.Id, null, good with { Expires = today.AddDays(-1) });
        await Refusal.Is("cartridge.expired", () => store.BeginAsync(Make.Device(), Make.Status(), start));
        Assert.Empty(await store.ListAsync());
        await store.BeginAsync(Make.Device(), Make.Status(), start with { Cartridge = good with { Expires = today } });
        await store.BeginAsync(Make.Device(), Make.Status(), Make.OnTestBlock with { Cartridge = start.Cartridge });
        Assert.Equal(2, (await store.ListAsync()).Count);
    }

    [RecordFact]
    public async Task A_pass_is_kept_as_it_was_last_noted_whether_it_was_on_disk_or_not()
    {
        await using var store = await OpenAsync();
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        var unlocked = Make.Pass(2) with
        {
            PresetKey = null,
            PresetVersion = null,
            By = new Actor(77, "Gone"), // A pass is written whatever it names.
            UnlockedBy = new Actor(null, "Ana"),
            UnlockReason = "deep scar",
            Strokes = 5_000_000_000,
            StrokingTime = TimeSpan.FromDays(40),
        };

        recorder.RecordPass(Make.Pass(1));
        recorder.RecordPass(Make.Pass(1, strokes: 40));
        await recorder.FlushAsync();
        Assert.Equal([Make.Pass(1, strokes: 40)], (await store.FindAsync(recorder.SessionId))!.Passes);
        recorder.RecordPass(unlocked);
        recorder.RecordPass(Make.Pass(1, PassEnding.Disarmed, 90));
        await recorder.FlushAsync();
        recorder.RecordPass(unlocked with { Ending = PassEnding.Fault, EndedAt = Make.Start.AddMinutes(2) });
        Assert.Throws<ArgumentOutOfRangeException>(() => recorder.RecordPass(Make.Pass(0)));
        await recorder.FinishAsync(SessionOutcome.AbortedByFault, null);
        recorder.RecordPass(Make.Pass(3));
        await recorder.FlushAsync();

        Assert.Equal(
            [Make.Pass(1, PassEnding.Disarmed, 90), unlocked with { Ending = PassEnding.Fault, EndedAt = Make.Start.AddMinutes(2) }],
            (await store.FindAsync(recorder.SessionId))!.Passes);
    }

    [RecordFact]
    public async Task Passes_of_two_sessions_with_one_number_are_kept_apart()
    {
        await using var store = await OpenAsync();
        await using var left = await store.BeginAsync(Make.Device(1), Make.Status());
        await using var right = await store.BeginAsync(Make.Device(2), Make.Status());
        left.RecordPass(Make.Pass(1, PassEnding.Stopped, 1));
        right.RecordPass(Make.Pass(1, PassEnding.LinkLost, 2));
        await left.FinishAsync(SessionOutcome.Stopped, null);
        await right.FinishAsync(SessionOutcome.LinkLost, null);

        Assert.Equal([Make.Pass(1, PassEnding.Stopped, 1)], (await store.FindAsync(left.SessionId))!.Passes);
        Assert.Equal([Make.Pass(1, PassEnding.LinkLost, 2)], (await store.FindAsync(right.SessionId))!.Passes);
    }

    [RecordFact]
    public async Task A_pass_that_the_disk_refuses_is_kept_and_written_once_it_takes_it()
    {
        await using var store = await OpenAsync();
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        record.Refuse("Passes");
        recorder.RecordPass(Make.Pass(1, strokes: 3));
        await Assert.ThrowsAsync<SessionStoreException>(() => recorder.FlushAsync());
        recorder.RecordPass(Make.Pass(1, strokes: 4));
        record.RefuseNoMore("Passes");

        await recorder.FlushAsync();

        Assert.Equal([Make.Pass(1, strokes: 4)], (await store.FindAsync(recorder.SessionId))!.Passes);
    }

    [FileFact]
    public async Task A_pass_noted_while_the_disk_is_busy_with_its_last_note_is_not_lost()
    {
        await using var store = await OpenAsync();
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        using (var other = record.OpenAsAnotherProgram())
        {
            other.Execute("BEGIN IMMEDIATE");
            recorder.RecordPass(Make.Pass(1));
            _ = recorder.FlushAsync();
            for (var strokes = 1; strokes <= 200_000; strokes++)
            {
                recorder.RecordPass(Make.Pass(1, strokes: strokes));
            }

            other.Execute("ROLLBACK");
        }

        await recorder.FlushAsync();

        Assert.Equal([Make.Pass(1, strokes: 200_000)], (await store.FindAsync(recorder.SessionId))!.Passes);
    }

    [FileFact]
    public async Task A_pass_left_running_ends_as_interrupted_with_its_session_whoever_closes_it()
    {
        using var left = new Record();
        await using (var store = await OpenAsync())
        {
            await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
            recorder.RecordPass(Make.Pass(1, PassEnding.Disarmed, 9));
            clock.Now = Make.Start.AddSeconds(40);
            recorder.RecordPass(Make.Pass(2, strokes: 5));
            await recorder.FlushAsync();
            foreach (var suffix in new[] { "", "-wal" })
            {
                File.Copy(record.Path + suffix, left.Path + suffix); // as left by a host that died
            }

            clock.Now = Make.Start.AddSeconds(50);
            await recorder.DisposeAsync();
            AssertClosed((await store.FindAsync(recorder.SessionId))!, Make.Start.AddSeconds(50));
        }

        await using var again = await SessionStore.OpenAsync(left.Path, clock);
        await again.Aftermath.CloseWithoutDeviceAsync(Make.Owner, 1);
        AssertClosed((await again.FindAsync(1))!, Make.Start.AddSeconds(40));

        static void AssertClosed(SessionDetail detail, DateTimeOffset at)
        {
            Assert.Equal((SessionOutcome.Interrupted, at), (detail.Summary.Outcome, detail.Summary.EndedAt));
            Assert.Equal([Make.Pass(1, PassEnding.Disarmed, 9), Make.Pass(2, strokes: 5) with { Ending = PassEnding.Interrupted, EndedAt = at }], detail.Passes);
        }
    }

    [RecordFact]
    public async Task A_restart_in_the_log_makes_the_events_incomplete()
    {
        await using var store = await OpenAsync();
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        recorder.RecordEvent(new DeviceRestarted(5));

        Assert.False((await recorder.FinishAsync(SessionOutcome.LinkLost, null)).EventsComplete);
        Assert.Equal(new DeviceRestarted(5), Assert.Single((await store.FindAsync(recorder.SessionId))!.Events).Entry);
    }

    [RecordFact]
    public async Task Sessions_are_filtered_by_each_thing_and_by_all_together()
    {
        await using var store = await OpenAsync();
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, "246813");
        var (client, check) = await SuitableAsync(store);
        var by = new Actor(ana.Id, "Ana");
        await RunAsync(Make.OnTestBlock, 1, SessionOutcome.Completed);
        await RunAsync(new SessionStart(by, client.Key, check.Id, null, Make.Cartridge with { Lot = "A" }), 1, SessionOutcome.Stopped);
        await RunAsync(new SessionStart(Make.Owner, client.Key, check.Id, null, Make.Cartridge with { Lot = "a" }), uint.MaxValue, SessionOutcome.Completed);

        Assert.Equal([3L, 2, 1], await Ids(new SessionFilter()));
        Assert.Equal([3L, 2], await Ids(new SessionFilter(ClientKey: client.Key)));
        Assert.Equal([2L], await Ids(new SessionFilter(PersonId: ana.Id)));
        Assert.Equal([3L], await Ids(new SessionFilter(DeviceSerialNumber: uint.MaxValue)));
        Assert.Equal([2L], await Ids(new SessionFilter(Lot: "A")));
        Assert.Equal([3L, 1], await Ids(new SessionFilter(Outcome: SessionOutcome.Completed)));
        Assert.Equal([3L, 2], await Ids(new SessionFilter(From: Make.Start.AddHours(1).ToOffset(TimeSpan.FromHours(9)))));
        Assert.Equal([1L], await Ids(new SessionFilter(Before: Make.Start.AddHours(1))));
        Assert.Equal([2L], await Ids(new SessionFilter(client.Key, ana.Id, 1, "A", SessionOutcome.Stopped, Make.Start.AddHours(1), Make.Start.AddHours(1).AddMicroseconds(1))));
        Assert.Empty(await Ids(new SessionFilter(Lot: "")));
        Assert.Empty(await Ids(new SessionFilter(ClientKey: "nobody")));
        Assert.Equal(client.Label, (await store.ListAsync(new SessionFilter(Lot: "A"), 0)).Sessions[0].ClientLabel);

        async Task RunAsync(SessionStart start, uint serialNumber, SessionOutcome outcome)
        {
            await using var recorder = await store.BeginAsync(Make.Device(serialNumber), Make.Status(), start);
            await recorder.FinishAsync(outcome, null);
            clock.Now = clock.Now.AddHours(1);
        }

        async Task<IEnumerable<long>> Ids(SessionFilter filter)
        {
            var page = await store.ListAsync(filter, 0);
            Assert.Equal(page.Sessions.Count, page.Total);
            return page.Sessions.Select(session => session.Id);
        }
    }

    [RecordFact]
    public async Task Pages_have_50_sessions_and_say_how_many_there_are_in_all()
    {
        await using var store = await OpenAsync();
        for (var i = 0; i < 101; i++)
        {
            await (await store.BeginAsync(Make.Device(), Make.Status())).DisposeAsync();
        }

        foreach (var (page, newest, count) in new[] { (0, 101, 50), (1, 51, 50), (2, 1, 1), (3, 0, 0), (int.MaxValue, 0, 0) })
        {
            var read = await store.ListAsync(new SessionFilter(DeviceSerialNumber: 4_000_000_001), page);
            Assert.Equal(101, read.Total);
            Assert.Equal(Enumerable.Range(0, count).Select(i => (long)newest - i), read.Sessions.Select(session => session.Id));
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.ListAsync(new SessionFilter(), -1));
    }

    [RecordTheory]
    [InlineData("ClientKey")]
    [InlineData("CartridgeLot")]
    [InlineData("PersonId")]
    [InlineData("DeviceSerialNumber")]
    [InlineData("Outcome")]
    public async Task A_filters_page_is_read_from_its_index_without_sorting(string column)
    {
        await using var store = await OpenAsync();
        using var context = store.CreateContext();
        var filter = column switch
        {
            "ClientKey" => new SessionFilter(ClientKey: "k"),
            "CartridgeLot" => new SessionFilter(Lot: "L"),
            "PersonId" => new SessionFilter(PersonId: 1),
            "DeviceSerialNumber" => new SessionFilter(DeviceSerialNumber: 1),
            _ => new SessionFilter(Outcome: SessionOutcome.Completed),
        };

        if (context.Database.IsNpgsql())
        {
            // An empty table is read as it lies; what matters is which way there is.
            context.Database.OpenConnection();
            context.Database.ExecuteSqlRaw("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off");
        }

        var plan = Plan(context, SessionStore.Page(SessionStore.Matching(context, filter), 1));

        if (context.Database.IsNpgsql())
        {
            Assert.Contains($"Index Scan Backward using \"IX_Sessions_{column}_Id\"", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
            return;
        }

        Assert.Contains($"SEARCH s USING INDEX IX_Sessions_{column}_Id ({column}=?)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
        Assert.Contains("TEMP B-TREE", Plan(context, context.Sessions.OrderBy(session => session.Strokes)), StringComparison.Ordinal); // A plan that sorts would say so.
    }

    private static string Plan(SessionContext context, IQueryable<Session> query)
    {
        context.Database.OpenConnection();
        using var command = query.CreateDbCommand();
        command.CommandText = (context.Database.IsNpgsql() ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + command.CommandText;
        using var reader = command.ExecuteReader();
        List<string> steps = [];
        while (reader.Read())
        {
            steps.Add(reader.GetString(reader.FieldCount - 1));
        }

        return string.Join(Environment.NewLine, steps);
    }

    private Task<SessionStore> OpenAsync() => SessionStore.OpenAsync(record.Path, clock);

    private static async Task<(Clinic.Client Client, SuitabilityCheck Check)> SuitableAsync(SessionStore store)
    {
        var client = await store.Clients.AddAsync(Make.Owner);
        return (client, await store.Clients.CheckAsync(Make.Owner, client.Key, 1, [], ""));
    }
}
