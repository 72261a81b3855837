// Clients, checks, consents, courses and follow-ups: what is taken, what is refused, and that nothing of a client leaks.

using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions.Tests;

public class ClientTests : IDisposable
{
    private readonly Record record;
    private readonly SetClock clock = new(Make.Start);

    public ClientTests()
        : this(new Record())
    {
    }

    private protected ClientTests(Record record) => this.record = record;

    public void Dispose()
    {
        record.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordFact]
    public async Task A_new_client_has_the_next_label_a_random_key_and_nothing_else()
    {
        await using var store = await OpenAsync();

        var first = await store.Clients.AddAsync(Make.Owner);
        var second = await store.Clients.AddAsync(Make.Owner);

        Assert.Equal(new Clinic.Client(first.Key, "Client 0001", null, null, SkinType.NotNoted, ThicknessReference.NotNoted, "", Make.Start), first);
        Assert.Equal("Client 0002", second.Label);
        Assert.All([first, second], client => Assert.Matches("^[a-z2-7]{16}$", client.Key));
        Assert.NotEqual(first.Key, second.Key);
        Assert.Equal(first, await store.Clients.FindAsync(first.Key));
        Assert.Null(await store.Clients.FindAsync("nobody"));
    }

    [RecordFact]
    public async Task A_label_once_given_is_never_given_again_and_one_taken_by_hand_is_passed_over()
    {
        await using var store = await OpenAsync();
        var first = await store.Clients.AddAsync(Make.Owner);
        await store.Clients.ChangeAsync(Make.Owner, first with { Label = " client  0002 " });

        Assert.Equal("Client 0003", (await store.Clients.AddAsync(Make.Owner)).Label);
        await store.Clients.ChangeAsync(Make.Owner, first with { Label = "Blue" });
        var newest = await store.Clients.AddAsync(Make.Owner);
        Assert.Equal("Client 0004", newest.Label);
        await store.Clients.ChangeAsync(Make.Owner, newest with { Label = "Green" });
        Assert.Equal("Client 0005", (await store.Clients.AddAsync(Make.Owner)).Label);
    }

    [RecordFact]
    public async Task Two_programs_that_add_clients_at_the_same_time_give_each_its_own_label()
    {
        await using var store = await OpenAsync();
        await using var beside = await OpenAsync();

        var clients = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? store : beside).Clients.AddAsync(Make.Owner)));

        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"Client {i:0000}"), clients.Select(c => c.Label).Order());
        Assert.Equal(40, clients.DistinctBy(c => c.Key).Count());
        Assert.Equal(40, (await beside.Clients.ListAsync()).Count);
    }

    [RecordFact]
    public async Task Everything_known_of_a_client_comes_back_after_opening_again()
    {
        Clinic.Client changed;
        await using (var store = await OpenAsync())
        {
            var client = await store.Clients.AddAsync(Make.Owner);
            clock.Now = Make.Start.AddDays(1);
            changed = client with { Label = new string('l', 60), Name = "Ñandú O'Neill; DROP TABLE", BirthYear = 1900, SkinType = SkinType.VI, Thickness = ThicknessReference.Male, Notes = "a\nb\t" + new string('n', 3996) };
            await store.Clients.ChangeAsync(Make.Owner, changed with { CreatedAt = clock.Now });
        }

        await using var again = await OpenAsync();
        Assert.Equal(changed, await again.Clients.FindAsync(changed.Key));
        await again.Clients.ChangeAsync(Make.Owner, changed with { Name = "  ", BirthYear = 2026 });
        Assert.Equal((null, 2026), ((await again.Clients.FindAsync(changed.Key)) is { } c ? (c.Name, c.BirthYear) : default));
    }

    [RecordFact]
    public async Task What_will_not_do_of_a_client_is_refused_and_nothing_changes()
    {
        await using var store = await OpenAsync();
        var client = await store.Clients.AddAsync(Make.Owner);
        var other = await store.Clients.AddAsync(Make.Owner);
        var audited = (await store.Audit.ListAsync()).Count;

        (string Code, Clinic.Client Client)[] bad =
        [
            ("client.label", client with { Label = " " }),
            ("client.label", client with { Label = new string('l', 61) }),
            ("client.label", client with { Label = "a\nb" }),
            ("client.labelTaken", client with { Label = other.Label }),
            ("client.labelTaken", client with { Label = "  CLIENT   0002 " }),
            ("client.name", client with { Name = new string('n', 121) }),
            ("client.birthYear", client with { BirthYear = 1899 }),
            ("client.birthYear", client with { BirthYear = 2027 }),
            ("client.skinType", client with { SkinType = (SkinType)7 }),
            ("client.thickness", client with { Thickness = (ThicknessReference)3 }),
            ("client.notes", client with { Notes = new string('n', 4001) }),
            ("client.notes", client with { Notes = "a\0b" }),
            ("client.unknown", client with { Key = "nobody" }),
        ];
        foreach (var (code, changed) in bad)
        {
            await Refusal.Is(code, () => store.Clients.ChangeAsync(Make.Owner, changed));
        }

        Assert.Equal([client, other], await store.Clients.ListAsync());
        Assert.Equal(audited, (await store.Audit.ListAsync()).Count);
        await store.Clients.ChangeAsync(Make.Owner, client); // Its own label is not taken; and nothing has changed.
        Assert.Equal(audited, (await store.Audit.ListAsync()).Count);
    }

    [RecordTheory]
    [InlineData("", 3)]
    [InlineData("client", 3)]
    [InlineData("0002", 1)]
    [InlineData("ÑANDÚ", 1)]
    [InlineData(" ñan ", 1)]
    [InlineData("%", 1)]
    [InlineData("_", 0)]
    [InlineData("'", 0)]
    public async Task Clients_are_found_by_a_part_of_label_or_name_taken_literally(string text, int found)
    {
        await using var store = await OpenAsync();
        var client = await store.Clients.AddAsync(Make.Owner);
        await store.Clients.ChangeAsync(Make.Owner, client with { Name = "Ñandú 50%" });
        await store.Clients.AddAsync(Make.Owner);
        await store.Clients.AddAsync(Make.Owner);

        Assert.Equal(found, (await store.Clients.ListAsync(text)).Count);
    }

    [RecordFact]
    public async Task At_most_200_clients_are_listed_by_label()
    {
        await using var store = await OpenAsync();
        for (var i = 0; i < 201; i++)
        {
            await store.Clients.AddAsync(Make.Owner);
        }

        var listed = await store.Clients.ListAsync();
        Assert.Equal(200, listed.Count);
        Assert.Equal(("Client 0001", "Client 0200"), (listed[0].Label, listed[^1].Label));
    }

    [RecordFact]
    public async Task A_check_is_decided_by_the_weights_of_its_own_version()
    {
        await using var store = await OpenAsync();
        var client = await store.Clients.AddAsync(Make.Owner);

        var clean = await store.Clients.CheckAsync(Make.Owner, client.Key, 1, [], "");
        var remark = await store.Clients.CheckAsync(Make.Owner, client.Key, 1, ["age-under-22"], "is 21");
        var blocked = await store.Clients.CheckAsync(Make.Owner, client.Key, 1, ["pregnancy", "age-under-22", "herpes", "herpes"], "");
        var milder = (await store.Site.ChecklistAsync()).Items.Select(item => item with { Weight = ChecklistWeight.Remark }).ToArray();
        await store.Site.SetChecklistAsync(Make.Owner, milder);
        var after = await store.Clients.CheckAsync(Make.Owner, client.Key, 2, ["herpes"], "");

        Assert.Equal([true, true, false, true], new[] { clean, remark, blocked, after }.Select(check => check.IsSuitable));
        Assert.Equal(["herpes", "pregnancy", "age-under-22"], blocked.AnsweredYes);
        var read = await store.Clients.ChecksAsync(client.Key);
        Assert.Equal([after.Id, blocked.Id, remark.Id, clean.Id], read.Select(check => check.Id));
        Assert.Equal([2, 1, 1, 1], read.Select(check => check.ChecklistVersion));
        Assert.False(read[1].IsSuitable);
        Assert.Equal(("is 21", Make.Owner, Make.Start), (read[2].Notes, read[2].By, read[2].At));
    }

    [RecordFact]
    public async Task A_check_that_will_not_do_is_refused()
    {
        await using var store = await OpenAsync();
        var client = await store.Clients.AddAsync(Make.Owner);
        await store.Site.SetChecklistAsync(Make.Owner, [new ChecklistItem("new", "New?", ChecklistWeight.Blocks, "")]);

        await Refusal.Is("check.versionOld", () => store.Clients.CheckAsync(Make.Owner, client.Key, 1, [], ""));
        await Refusal.Is("check.versionOld", () => store.Clients.CheckAsync(Make.Owner, client.Key, 3, [], ""));
        await Refusal.Is("check.itemUnknown", () => store.Clients.CheckAsync(Make.Owner, client.Key, 2, ["herpes"], ""));
        await Refusal.Is("check.itemUnknown", () => store.Clients.CheckAsync(Make.Owner, client.Key, 2, ["NEW"], ""));
        await Refusal.Is("check.notes", () => store.Clients.CheckAsync(Make.Owner, client.Key, 2, [], new string('n', 1001)));
        await Refusal.Is("client.unknown", () => store.Clients.CheckAsync(Make.Owner, "nobody", 2, [], ""));
        Assert.Empty(await store.Clients.ChecksAsync(client.Key));
    }

    [RecordFact]
    public async Task Only_a_check_that_blocks_is_overridden_once_with_a_reason_by_a_supervisor()
    {
        await using var store = await OpenAsync();
        var client = await store.Clients.AddAsync(Make.Owner);
        var suitable = await store.Clients.CheckAsync(Make.Owner, client.Key, 1, [], "");
        var blocked = await store.Clients.CheckAsync(Make.Owner, client.Key, 1, ["herpes"], "");
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, "246813");
        var eve = await store.People.AddAsync(Make.Owner, "Eve", Role.Supervisor, "246813");
        var ben = await store.People.AddAsync(Make.Owner, "Ben", Role.Practitioner, "246813");
        await store.People.ChangeAsync(Make.Owner, eve.Id, "Eve", Role.Supervisor, false);
        var supervisor = new Actor(ana.Id, "Ana");

        await Refusal.Is("check.unknown", () => store.Clients.OverrideAsync(supervisor, 99, "a good reason"));
        await Refusal.Is("check.nothingToOverride", () => store.Clients.OverrideAsync(supervisor, suitable.Id, "a good reason"));
        await Refusal.Is("check.reason", () => store.Clients.OverrideAsync(supervisor, blocked.Id, "  too shor  "));
        await Refusal.Is("check.reason", () => store.Clients.OverrideAsync(supervisor, blocked.Id, new string('r', 501)));
        foreach (var other in new[] { new Actor(ben.Id, "Ben"), new Actor(eve.Id, "Eve"), Make.Owner })
        {
            await Refusal.Is("check.notSupervisor", () => store.Clients.OverrideAsync(other, blocked.Id, "a good reason"));
        }

        Assert.False((await store.Clients.ChecksAsync(client.Key))[0].Allows(clock.Now));
        clock.Now = Make.Start.AddHours(1);
        await store.Clients.OverrideAsync(supervisor, blocked.Id, "1234567890");
        var read = (await store.Clients.ChecksAsync(client.Key))[0];

        Assert.Equal(new SuitabilityOverride(supervisor, clock.Now, "1234567890"), read.Override);
        Assert.False(read.IsSuitable);
        Assert.True(read.Allows(Make.Start.AddHours(24).AddTicks(-1)));
        Assert.False(read.Allows(Make.Start.AddHours(24)));
        await Refusal.Is("check.nothingToOverride", () => store.Clients.OverrideAsync(supervisor, blocked.Id, "a second reason"));
    }

    [RecordFact]
    public async Task While_nobody_is_set_up_the_owner_may_override()
    {
        await using var store = await OpenAsync();
        var client = await store.Clients.AddAsync(Make.Owner);
        var blocked = await store.Clients.CheckAsync(Make.Owner, client.Key, 1, ["herpes"], "");

        await store.Clients.OverrideAsync(Make.Owner, blocked.Id, new string('r', 500));

        Assert.True((await store.Clients.ChecksAsync(client.Key))[0].Allows(clock.Now));
    }

    [RecordFact]
    public async Task A_consent_is_kept_in_its_words_and_withdrawn_once()
    {
        await using var store = await OpenAsync();
        var client = await store.Clients.AddAsync(Make.Owner);
        var first = await store.Clients.ConsentAsync(Make.Owner, client.Key, "I agree.\nReally.");
        var second = await store.Clients.ConsentAsync(Make.Owner, client.Key, new string('w', 4000));
        clock.Now = Make.Start.AddDays(2);
        await store.Clients.WithdrawConsentAsync(Make.Owner, first.Id);

        Assert.Equal([second, first with { WithdrawnAt = clock.Now }], await store.Clients.ConsentsAsync(client.Key));
        await Refusal.Is("consent.alreadyWithdrawn", () => store.Clients.WithdrawConsentAsync(Make.Owner, first.Id));
        await Refusal.Is("consent.unknown", () => store.Clients.WithdrawConsentAsync(Make.Owner, 99));
        await Refusal.Is("consent.wording", () => store.Clients.ConsentAsync(Make.Owner, client.Key, " \n "));
        await Refusal.Is("consent.wording", () => store.Clients.ConsentAsync(Make.Owner, client.Key, new string('w', 4001)));
        await Refusal.Is("client.unknown", () => store.Clients.ConsentAsync(Make.Owner, "nobody", "I agree."));
    }

    [RecordFact]
    public async Task A_course_counts_its_own_sessions_oldest_first_and_is_closed_once()
    {
        await using var store = await OpenAsync();
        var (client, check) = await SuitableAsync(store);
        var old = await store.Clients.BeginCourseAsync(Make.Owner, client.Key, "Acne scars", 1, 365);
        var course = await store.Clients.BeginCourseAsync(Make.Owner, client.Key, new string('i', 120), 50, 1);
        var ids = new List<long>();
        foreach (var courseId in new long?[] { course.Id, null, course.Id })
        {
            await using var recorder = await store.BeginAsync(Make.Device(), Make.Status(), new SessionStart(Make.Owner, client.Key, check.Id, courseId, Make.Cartridge));
            await recorder.FinishAsync(SessionOutcome.Completed, null);
            ids.Add(recorder.SessionId);
        }

        await store.Clients.CloseCourseAsync(Make.Owner, course.Id);

        var courses = await store.Clients.CoursesAsync(client.Key);
        Assert.Equal([course.Id, old.Id], courses.Select(c => c.Id));
        Assert.Equal([ids[0], ids[2]], courses[0].Sessions.Select(s => s.Id));
        Assert.All(courses[0].Sessions, s => Assert.Equal((client.Key, client.Label, course.Id), (s.ClientKey, s.ClientLabel, s.CourseId)));
        Assert.Equal((50, 1, true), (courses[0].PlannedSessions, courses[0].IntervalDays, courses[0].IsClosed));
        Assert.Equal(("Acne scars", false, 0), (courses[1].Indication, courses[1].IsClosed, courses[1].Sessions.Count));
        await Refusal.Is("course.alreadyClosed", () => store.Clients.CloseCourseAsync(Make.Owner, course.Id));
        await Refusal.Is("course.unknown", () => store.Clients.CloseCourseAsync(Make.Owner, 99));
    }

    [RecordTheory]
    [InlineData("course.plannedSessions", "Scars", 0, 30)]
    [InlineData("course.plannedSessions", "Scars", 51, 30)]
    [InlineData("course.intervalDays", "Scars", 4, 0)]
    [InlineData("course.intervalDays", "Scars", 4, 366)]
    [InlineData("course.indication", " ", 4, 30)]
    public async Task A_course_that_will_not_do_is_refused(string code, string indication, int sessions, int days)
    {
        await using var store = await OpenAsync();
        var client = await store.Clients.AddAsync(Make.Owner);

        await Refusal.Is(code, () => store.Clients.BeginCourseAsync(Make.Owner, client.Key, indication, sessions, days));
        await Refusal.Is("course.indication", () => store.Clients.BeginCourseAsync(Make.Owner, client.Key, new string('i', 121), 4, 30));
        await Refusal.Is("client.unknown", () => store.Clients.BeginCourseAsync(Make.Owner, "nobody", "Scars", 4, 30));
        Assert.Empty(await store.Clients.CoursesAsync(client.Key));
    }

    [RecordFact]
    public async Task Follow_ups_are_added_within_their_bounds_oldest_first()
    {
        await using var store = await OpenAsync();
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        var id = recorder.SessionId;

        var first = await store.Clients.FollowUpAsync(Make.Owner, id, 8760, FollowUpGrade.Marked, FollowUpGrade.None, 10, new string('n', 4000));
        var second = await store.Clients.FollowUpAsync(Make.Owner, id, 0, FollowUpGrade.None, FollowUpGrade.Moderate, 0, "");

        Assert.Equal([first, second], await store.Clients.FollowUpsAsync(id));
        Assert.Equal(new FollowUp(second.Id, id, 0, FollowUpGrade.None, FollowUpGrade.Moderate, 0, "", Make.Start, Make.Owner), second);
        await Refusal.Is("followUp.hoursAfter", () => store.Clients.FollowUpAsync(Make.Owner, id, -1, 0, 0, 0, ""));
        await Refusal.Is("followUp.hoursAfter", () => store.Clients.FollowUpAsync(Make.Owner, id, 8761, 0, 0, 0, ""));
        await Refusal.Is("followUp.pain", () => store.Clients.FollowUpAsync(Make.Owner, id, 24, 0, 0, -1, ""));
        await Refusal.Is("followUp.pain", () => store.Clients.FollowUpAsync(Make.Owner, id, 24, 0, 0, 11, ""));
        await Refusal.Is("followUp.redness", () => store.Clients.FollowUpAsync(Make.Owner, id, 24, (FollowUpGrade)4, 0, 0, ""));
        await Refusal.Is("followUp.swelling", () => store.Clients.FollowUpAsync(Make.Owner, id, 24, 0, (FollowUpGrade)(-1), 0, ""));
        await Refusal.Is("followUp.notes", () => store.Clients.FollowUpAsync(Make.Owner, id, 24, 0, 0, 0, new string('n', 4001)));
        await Refusal.Is("followUp.sessionUnknown", () => store.Clients.FollowUpAsync(Make.Owner, 99, 24, 0, 0, 0, ""));
        Assert.Equal(2, (await store.Clients.FollowUpsAsync(id)).Count);
    }

    private Task<SessionStore> OpenAsync() => SessionStore.OpenAsync(record.Path, clock);

    private static async Task<(Clinic.Client Client, SuitabilityCheck Check)> SuitableAsync(SessionStore store)
    {
        var client = await store.Clients.AddAsync(Make.Owner);
        return (client, await store.Clients.CheckAsync(Make.Owner, client.Key, 1, [], ""));
    }
}
