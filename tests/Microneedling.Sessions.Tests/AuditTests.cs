// The audit trail: one entry for every change, in the same commit, and nothing of a client in it.

using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions.Tests;

public class AuditTests : IDisposable
{
    private const string Secret = "Rosalind";

    private readonly Record record;
    private readonly SetClock clock = new(Make.Start);

    public AuditTests()
        : this(new Record())
    {
    }

    private protected AuditTests(Record record) => this.record = record;

    public void Dispose()
    {
        record.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordFact]
    public async Task Every_change_is_in_the_trail_with_who_and_when_and_without_a_clients_name_or_notes()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        Assert.Empty(await store.Audit.ListAsync());
        var ana = await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, "246813");
        var who = new Actor(ana.Id, "Ana");
        clock.Now = Make.Start.AddHours(1);

        await store.People.ChangeAsync(who, ana.Id, "Ana B", Role.Supervisor, true);
        await store.People.ChangeAsync(who, ana.Id, "Ana B", Role.Supervisor, true); // nothing changed
        await store.People.SetPinAsync(who, ana.Id, "975310");
        await store.People.CheckPinAsync(ana.Id, "000000");
        await store.People.CheckPinAsync(ana.Id, "975310");
        var client = await store.Clients.AddAsync(who);
        await store.Clients.ChangeAsync(who, client with { Label = Secret, Name = Secret, Notes = Secret, BirthYear = 1984, SkinType = SkinType.II, Thickness = ThicknessReference.Female });
        var blocked = await store.Clients.CheckAsync(who, client.Key, 1, ["herpes"], Secret);
        await store.Clients.OverrideAsync(who, blocked.Id, $"{Secret} insists on it");
        var consent = await store.Clients.ConsentAsync(who, client.Key, $"I, {Secret}, agree.");
        await store.Clients.WithdrawConsentAsync(who, consent.Id);
        var course = await store.Clients.BeginCourseAsync(who, client.Key, $"Scars of {Secret}", 4, 30);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status(), new SessionStart(who, client.Key, blocked.Id, course.Id, Make.Cartridge));
        await store.Clients.CloseCourseAsync(who, course.Id);
        await store.Clients.FollowUpAsync(who, recorder.SessionId, 24, FollowUpGrade.Mild, FollowUpGrade.None, 3, Secret);
        await store.Site.SetChecklistAsync(who, (await store.Site.ChecklistAsync()).Items);
        await store.Site.SetCapsAsync(who, (await store.Site.CapsAsync()) with { Practitioner = Microneedling.Client.Depth.FromMicrometers(900) });
        await store.Site.SetPresetAsync(who, (await store.Site.PresetsAsync())[0]);
        await store.Audit.AddAsync(who, "person.signedIn", $"person:{ana.Id}", "");

        var entries = (await store.Audit.ListAsync()).Reverse().ToArray();
        Assert.Equal(
            [
                ("person.added", "person:1"), ("person.changed", "person:1"), ("person.pinSet", "person:1"), ("person.pinWrong", "person:1"), ("person.pinRight", "person:1"),
                ("client.added", $"client:{client.Key}"), ("client.changed", $"client:{client.Key}"), ("check.filledIn", $"client:{client.Key}"), ("check.overridden", $"client:{client.Key}"),
                ("consent.given", $"client:{client.Key}"), ("consent.withdrawn", $"client:{client.Key}"), ("course.begun", $"client:{client.Key}"), ("session.begun", "session:1"),
                ("course.closed", $"client:{client.Key}"), ("followUp.added", "session:1"), ("checklist.set", "checklist:2"), ("caps.set", "caps:2"),
                ("preset.set", $"preset:{(await store.Site.PresetsAsync())[0].Key}"), ("person.signedIn", "person:1"),
            ],
            entries.Select(entry => (entry.Action, entry.Subject)));
        Assert.Equal((Make.Start, Make.Owner), (entries[0].At, entries[0].Who));
        Assert.All(entries[1..], entry => Assert.Equal(clock.Now, entry.At));
        Assert.All(entries.Where(entry => !entry.Action.StartsWith("person.", StringComparison.Ordinal)), entry => Assert.Equal(who, entry.Who));
        Assert.Null(entries[3].Who.PersonId);
        Assert.Equal("name Ana → Ana B", entries[1].Details);
        Assert.Equal("changed: label, name, year of birth, skin type, skin thickness, notes", entries[6].Details);
        Assert.Equal("practitioner 1.00 mm → 0.90 mm", entries[16].Details);
        Assert.All(entries, entry => Assert.DoesNotContain(Secret, entry.ToString(), StringComparison.OrdinalIgnoreCase));
        Assert.All(entries, entry => Assert.DoesNotContain("1984", entry.ToString(), StringComparison.Ordinal));
        Assert.All(entries, entry => Assert.DoesNotMatch("246813|975310|000000", entry.Details));
    }

    [RecordFact]
    public async Task A_change_whose_entry_cannot_be_written_is_not_made()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        var client = await store.Clients.AddAsync(Make.Owner);
        record.Refuse("AuditEntries");

        await Assert.ThrowsAsync<SessionStoreException>(() => store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, "246813"));
        await Assert.ThrowsAsync<SessionStoreException>(() => store.Clients.AddAsync(Make.Owner));
        await Assert.ThrowsAsync<SessionStoreException>(() => store.Clients.ChangeAsync(Make.Owner, client with { Name = Secret }));
        await Assert.ThrowsAsync<SessionStoreException>(() => store.Clients.CheckAsync(Make.Owner, client.Key, 1, [], ""));
        await Assert.ThrowsAsync<SessionStoreException>(() => store.Clients.BeginCourseAsync(Make.Owner, client.Key, "Scars", 1, 1));
        await Assert.ThrowsAsync<SessionStoreException>(() => store.BeginAsync(Make.Device(), Make.Status()));

        Assert.Empty(await store.People.ListAsync());
        Assert.Equal([client], await store.Clients.ListAsync());
        Assert.Empty(await store.Clients.ChecksAsync(client.Key));
        Assert.Empty(await store.Clients.CoursesAsync(client.Key));
        Assert.Empty(await store.ListAsync());
    }

    [RecordFact]
    public async Task The_trail_is_read_a_hundred_at_a_time_newest_first()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        for (var i = 1; i <= 150; i++)
        {
            await store.Audit.AddAsync(Make.Owner, "unlock", "session:1", $"{i}");
        }

        var newest = await store.Audit.ListAsync();
        var older = await store.Audit.ListAsync(newest[^1].Id);

        Assert.Equal(Enumerable.Range(51, 100).Reverse().Select(i => $"{i}"), newest.Select(entry => entry.Details));
        Assert.Equal(Enumerable.Range(1, 50).Reverse().Select(i => $"{i}"), older.Select(entry => entry.Details));
        Assert.Empty(await store.Audit.ListAsync(older[^1].Id));
    }

    [RecordFact]
    public async Task An_entry_without_an_action_or_beyond_its_length_is_refused()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);

        await Refusal.Is("audit.action", () => store.Audit.AddAsync(Make.Owner, " ", "", ""));
        await Refusal.Is("audit.action", () => store.Audit.AddAsync(Make.Owner, new string('a', 61), "", ""));
        await Refusal.Is("audit.subject", () => store.Audit.AddAsync(Make.Owner, "a", new string('s', 121), ""));
        await Refusal.Is("audit.details", () => store.Audit.AddAsync(Make.Owner, "a", "", new string('d', 4001)));
        Assert.Empty(await store.Audit.ListAsync());
    }
}
