// People, and that a PIN cannot be guessed by being quick, patient or many.

using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions.Tests;

public class PeopleTests : IDisposable
{
    private const string Right = "246813";
    private const string Wrong = "111111";

    private readonly Record record;
    private readonly SetClock clock = new(Make.Start);

    public PeopleTests()
        : this(new Record())
    {
    }

    private protected PeopleTests(Record record) => this.record = record;

    public void Dispose()
    {
        record.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordFact]
    public async Task The_first_person_must_be_a_supervisor()
    {
        await using var store = await OpenAsync();

        foreach (var role in new[] { Role.Practitioner, Role.Engineer })
        {
            await Refusal.Is("person.firstNotSupervisor", () => store.People.AddAsync(Make.Owner, "Ana", role, Right));
        }

        var first = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, Right);
        var second = await store.People.AddAsync(new Actor(first.Id, first.Name), "Ben", Role.Practitioner, Right);

        Assert.Equal([first, second], await store.People.ListAsync());
        Assert.Equal(new Person(second.Id, "Ben", Role.Practitioner, true, 0, null), await store.People.FindAsync(second.Id));
        Assert.Null(await store.People.FindAsync(99));
    }

    [RecordTheory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("two\nlines")]
    [InlineData("\u200B\u200D")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901")]
    public async Task A_name_that_will_not_do_is_refused(string name)
    {
        await using var store = await OpenAsync();

        await Refusal.Is("person.name", () => store.People.AddAsync(Make.Owner, name, Role.Supervisor, Right));
        Assert.Empty(await store.People.ListAsync());
        Assert.Empty(await store.Audit.ListAsync());
    }

    [RecordFact]
    public async Task A_name_that_only_looks_different_is_taken()
    {
        await using var store = await OpenAsync();
        await store.People.AddAsync(Make.Owner, " Zoë ", Role.Supervisor, Right);
        var other = await store.People.AddAsync(Make.Owner, new string('n', 60), Role.Practitioner, Right);

        await Refusal.Is("person.nameTaken", () => store.People.AddAsync(Make.Owner, "zoë", Role.Engineer, Right));
        foreach (var name in new[] { "Zoë", "ZOË", "  zoë\t", "zo\u200Bë" })
        {
            await Refusal.Is("person.nameTaken", () => store.People.ChangeAsync(Make.Owner, other.Id, name, Role.Engineer, true));
        }

        Assert.Equal([other.Name, "Zoë"], (await store.People.ListAsync()).Select(p => p.Name));
    }

    [RecordFact]
    public async Task A_pin_that_will_not_do_is_refused()
    {
        await using var store = await OpenAsync();
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, "123456789012");

        foreach (var pin in new[] { "12345", "1234567890123", "12345a", "12 456", " 123456", "\u0661\u0662\u0663\u0664\u0665\u0666", "", null })
        {
            await Refusal.Is("person.pin", () => store.People.AddAsync(Make.Owner, "Ben", Role.Supervisor, pin!));
            await Refusal.Is("person.pin", () => store.People.SetPinAsync(Make.Owner, ana.Id, pin!));
        }

        Assert.NotNull(await store.People.CheckPinAsync(ana.Id, "123456789012"));
    }

    [RecordFact]
    public async Task An_undefined_role_and_an_unknown_person_are_refused()
    {
        await using var store = await OpenAsync();
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, Right);

        await Refusal.Is("person.role", () => store.People.AddAsync(Make.Owner, "Ben", (Role)4, Right));
        await Refusal.Is("person.role", () => store.People.ChangeAsync(Make.Owner, ana.Id, "Ana", 0, true));
        await Refusal.Is("person.unknown", () => store.People.ChangeAsync(Make.Owner, 99, "Ben", Role.Engineer, true));
        await Refusal.Is("person.unknown", () => store.People.SetPinAsync(Make.Owner, 99, Right));
        await Refusal.Is("person.unknown", () => store.Clients.AddAsync(new Actor(99, "Nobody")));
        await Assert.ThrowsAsync<ArgumentException>(() => store.Clients.AddAsync(new Actor(null, " ")));
    }

    [RecordFact]
    public async Task The_last_active_supervisor_stays_one()
    {
        await using var store = await OpenAsync();
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, Right);
        var ben = await store.People.AddAsync(Make.Owner, "Ben", Role.Supervisor, Right);
        Assert.False((await store.People.ChangeAsync(Make.Owner, ben.Id, "Ben", Role.Supervisor, false)).IsActive);

        await Refusal.Is("person.lastSupervisor", () => store.People.ChangeAsync(Make.Owner, ana.Id, "Ana", Role.Supervisor, false));
        await Refusal.Is("person.lastSupervisor", () => store.People.ChangeAsync(Make.Owner, ana.Id, "Ana", Role.Practitioner, true));
        Assert.Equal("Ana B", (await store.People.ChangeAsync(Make.Owner, ana.Id, "Ana B", Role.Supervisor, true)).Name);

        await store.People.ChangeAsync(Make.Owner, ben.Id, "Ben", Role.Supervisor, true);
        Assert.Equal(Role.Practitioner, (await store.People.ChangeAsync(Make.Owner, ana.Id, "Ana B", Role.Practitioner, true)).Role);
    }

    [RecordFact]
    public async Task Two_supervisors_who_step_down_at_once_leave_one()
    {
        await using var store = await OpenAsync();
        await using var beside = await OpenAsync();
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, Right);
        var ben = await store.People.AddAsync(Make.Owner, "Ben", Role.Supervisor, Right);

        var tries = new[] { store.People.ChangeAsync(Make.Owner, ana.Id, "Ana", Role.Engineer, true), beside.People.ChangeAsync(Make.Owner, ben.Id, "Ben", Role.Engineer, true) };
        var refused = 0;
        foreach (var attempt in tries)
        {
            try
            {
                await attempt;
            }
            catch (RecordRefusedException e) when (e.Code == "person.lastSupervisor")
            {
                refused++;
            }
        }

        Assert.Equal(1, refused);
        Assert.Single(await store.People.ListAsync(), p => p.Role == Role.Supervisor);
    }

    [FileFact]
    public async Task A_pin_is_kept_as_a_slow_salted_hash_and_nowhere_else()
    {
        await using var store = await OpenAsync();
        await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, Right);
        var ben = await store.People.AddAsync(Make.Owner, "Ben", Role.Supervisor, Right);
        await store.People.CheckPinAsync(ben.Id, "975310");

        using var connection = record.OpenAsAnotherProgram();
        Assert.Equal(2L, connection.Scalar("SELECT count(DISTINCT hex(PinHash)) FROM People"));
        Assert.Equal(2L, connection.Scalar("SELECT count(DISTINCT hex(PinSalt)) FROM People WHERE length(PinSalt) >= 16 AND length(PinHash) >= 32"));
        Assert.Equal(2L, connection.Scalar("SELECT count(*) FROM People WHERE PinIterations >= 600000 AND PinVersion = 1"));
        foreach (var content in record.Files().Values)
        {
            var text = System.Text.Encoding.Latin1.GetString(content);
            Assert.DoesNotContain(Right, text, StringComparison.Ordinal);
            Assert.DoesNotContain("975310", text, StringComparison.Ordinal);
        }
    }

    [RecordFact]
    public async Task The_right_pin_signs_in_only_whom_it_belongs_to_and_only_while_active()
    {
        await using var store = await OpenAsync();
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, Right);
        var ben = await store.People.AddAsync(Make.Owner, "Ben", Role.Practitioner, "135791");

        Assert.Equal(ana, await store.People.CheckPinAsync(ana.Id, Right));
        Assert.Null(await store.People.CheckPinAsync(ben.Id, Right));
        Assert.Null(await store.People.CheckPinAsync(99, Right));
        Assert.Null(await store.People.CheckPinAsync(99, ""));
        Assert.Null(await store.People.CheckPinAsync(ana.Id, ""));
        Assert.Null(await store.People.CheckPinAsync(ana.Id, Right + " "));

        await store.People.ChangeAsync(Make.Owner, ben.Id, "Ben", Role.Practitioner, false);
        Assert.Null(await store.People.CheckPinAsync(ben.Id, "135791"));
        Assert.Equal(1, (await store.People.FindAsync(ben.Id))!.WrongPins);
    }

    [RecordFact]
    public async Task Five_wrong_pins_lock_for_a_minute_to_the_tick_and_the_right_one_begins_anew()
    {
        await using var store = await OpenAsync();
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, Right);
        for (var i = 1; i <= 4; i++)
        {
            Assert.Null(await store.People.CheckPinAsync(ana.Id, Wrong));
            Assert.Equal(ana with { WrongPins = i }, await store.People.FindAsync(ana.Id));
        }

        Assert.NotNull(await store.People.CheckPinAsync(ana.Id, Right));
        Assert.Equal(ana, await store.People.FindAsync(ana.Id));
        for (var i = 1; i <= 5; i++)
        {
            Assert.Null(await store.People.CheckPinAsync(ana.Id, Wrong));
        }

        Assert.Equal(ana with { WrongPins = 5, LockedUntil = Make.Start.AddMinutes(1) }, await store.People.FindAsync(ana.Id));
        clock.Now = Make.Start.AddMinutes(1).AddTicks(-1);
        Assert.Null(await store.People.CheckPinAsync(ana.Id, Right));
        Assert.Null(await store.People.CheckPinAsync(ana.Id, Wrong));
        Assert.Equal(5, (await store.People.FindAsync(ana.Id))!.WrongPins); // What is not taken does not count.
        clock.Now = Make.Start.AddMinutes(1);
        Assert.Equal(ana, await store.People.CheckPinAsync(ana.Id, Right));
    }

    [RecordFact]
    public async Task Each_further_wrong_pin_locks_for_twice_as_long_up_to_an_hour_over_restarts()
    {
        long id;
        await using (var store = await OpenAsync())
        {
            id = (await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, Right)).Id;
            for (var i = 0; i < 4; i++)
            {
                await store.People.CheckPinAsync(id, Wrong);
            }
        }

        foreach (var minutes in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            await using var store = await OpenAsync();
            Assert.Null(await store.People.CheckPinAsync(id, Wrong));
            Assert.Equal(clock.Now.AddMinutes(minutes), (await store.People.FindAsync(id))!.LockedUntil);
            Assert.Null(await store.People.CheckPinAsync(id, Right));
            clock.Now = clock.Now.AddMinutes(minutes);
        }

        Assert.Equal(TimeSpan.FromHours(1), PeopleStore.LockAfter(int.MaxValue));
        await using var again = await OpenAsync();
        Assert.NotNull(await again.People.CheckPinAsync(id, Right));
    }

    [RecordFact]
    public async Task A_clock_set_back_does_not_lock_for_longer_than_meant()
    {
        await using var store = await OpenAsync();
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, Right);
        clock.Now = Make.Start.AddYears(10);
        for (var i = 0; i < 5; i++)
        {
            await store.People.CheckPinAsync(ana.Id, Wrong);
        }

        clock.Now = Make.Start;
        Assert.Null(await store.People.CheckPinAsync(ana.Id, Right));
        Assert.Equal(Make.Start.AddMinutes(1), (await store.People.FindAsync(ana.Id))!.LockedUntil);
        clock.Now = Make.Start.AddMinutes(1);
        Assert.NotNull(await store.People.CheckPinAsync(ana.Id, Right));
    }

    [RecordFact]
    public async Task Guessing_at_the_same_time_from_two_programs_gives_no_more_than_five_tries()
    {
        await using var store = await OpenAsync();
        await using var beside = await OpenAsync();
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, Right);

        var wrong = Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? store : beside).People.CheckPinAsync(ana.Id, Wrong)).ToArray();
        Assert.All(await Task.WhenAll(wrong), Assert.Null);
        var right = await Task.WhenAll(store.People.CheckPinAsync(ana.Id, Right), beside.People.CheckPinAsync(ana.Id, Right));

        Assert.All(right, Assert.Null);
        Assert.Equal(ana with { WrongPins = 5, LockedUntil = Make.Start.AddMinutes(1) }, await store.People.FindAsync(ana.Id));
        Assert.Equal(5, (await store.Audit.ListAsync()).Count(e => e.Action == "person.pinWrong"));
    }

    [RecordFact]
    public async Task A_new_pin_takes_the_lock_away_and_the_old_one_no_longer_works()
    {
        await using var store = await OpenAsync();
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, Right);
        for (var i = 0; i < 5; i++)
        {
            await store.People.CheckPinAsync(ana.Id, Wrong);
        }

        await store.People.SetPinAsync(Make.Owner, ana.Id, "999000");

        Assert.Equal(ana, await store.People.FindAsync(ana.Id));
        Assert.Null(await store.People.CheckPinAsync(ana.Id, Right));
        Assert.NotNull(await store.People.CheckPinAsync(ana.Id, "999000"));
    }

    [RecordFact]
    public async Task A_guess_whose_asker_has_gone_counts_or_was_never_made()
    {
        await using var store = await OpenAsync();
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, Right);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.People.CheckPinAsync(ana.Id, Wrong, gone.Token));
        Assert.Equal(0, (await store.People.FindAsync(ana.Id))!.WrongPins);
        Assert.NotNull(await store.People.CheckPinAsync(ana.Id, Right)); // And nothing is stuck.
    }

    [RecordFact]
    public async Task A_person_who_does_not_exist_costs_as_much_hashing_as_one_who_does()
    {
        await using var store = await OpenAsync();
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, Right);

        var known = await FastestAsync(ana.Id);
        var unknown = await FastestAsync(99);
        Assert.InRange(unknown / known, 1.0 / 3, 3);

        async Task<double> FastestAsync(long id)
        {
            var fastest = double.MaxValue;
            for (var i = 0; i < 4; i++)
            {
                var watch = System.Diagnostics.Stopwatch.StartNew();
                await store.People.CheckPinAsync(id, Wrong);
                fastest = Math.Min(fastest, watch.Elapsed.TotalMilliseconds);
            }

            return fastest;
        }
    }

    private Task<SessionStore> OpenAsync() => SessionStore.OpenAsync(record.Path, clock);
}
