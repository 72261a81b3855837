// Erasing a client: nothing that identifies can be read any more, not in the raw bytes of the file either; the treatment record
// stays, provable; and nobody goes on with the client.

using System.Text;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microsoft.Data.Sqlite;

namespace Microneedling.Sessions.Tests;

public class ErasureTests : IDisposable
{
    private const string Name = "Zoë Okafor";

    /// <summary>Whatever was typed about the client.</summary>
    private static readonly string[] Typed =
    [
        Name, "OKAFOR", "nickel", "by her sister", "Healed long ago", "signed Zoë", "Acne scars of Zoë", "Thick scar", "else well", "smudged", "redness went on",
    ];

    private readonly Record record;
    private readonly SetClock clock = new(Make.Start);

    public ErasureTests()
        : this(new Record())
    {
    }

    private protected ErasureTests(Record record) => this.record = record;

    public void Dispose()
    {
        record.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordFact]
    public async Task What_identifies_is_gone_and_the_sessions_stay_under_the_key()
    {
        await using var store = await OpenAsync();
        var start = await MadeRecord.AddClientAsync(store, Name);
        var id = await MadeRecord.AddSessionAsync(store, clock, start);
        var before = (await store.FindAsync(id))!;
        var hash = (await store.ProofOfAsync(id))!.ContentHash;

        Assert.True(await store.Clients.EraseAsync(Make.Owner, start.ClientKey!, ErasureReason.ClientAsked));

        var client = (await store.Clients.FindAsync(start.ClientKey!))!;
        Assert.Equal(new Clinic.Client(start.ClientKey!, "Erased 0001", null, null, SkinType.NotNoted, ThicknessReference.NotNoted, "", Make.Start, clock.Now), client);
        var check = Assert.Single(await store.Clients.ChecksAsync(client.Key));
        Assert.Equal(("", "", 1), (check.Notes, check.Override!.Reason, check.AnsweredYes.Count));
        Assert.Equal("", Assert.Single(await store.Clients.ConsentsAsync(client.Key)).Wording);
        Assert.Equal("", Assert.Single(await store.Clients.CoursesAsync(client.Key)).Indication);
        Assert.Equal(("", 2), (Assert.Single(await store.Clients.FollowUpsAsync(id)).Notes, Assert.Single(await store.Clients.FollowUpsAsync(id)).Pain));
        Assert.Equal([("LOT-8", null), ("", null)], (await store.Corrections.ListAsync(id)).Select(correction => (correction.NewValue, correction.Reason)));
        var after = (await store.FindAsync(id))!;
        Assert.Equal(before.Summary with { ClientLabel = "Erased 0001" }, after.Summary);
        Assert.Equal(before.Telemetry, after.Telemetry);
        Assert.Equal(before.Passes.Select(pass => pass with { UnlockReason = null }), after.Passes);
        Assert.Equal(hash, (await store.ProofOfAsync(id))!.ContentHash);
        Assert.Empty((await store.VerifyAsync()).Flaws);
        Assert.Empty(await store.Clients.ListAsync());
        Assert.Equal(0, await store.Clients.CountAsync());
        var entry = (await store.Audit.ListAsync())[0];
        Assert.Equal(("client.erased", $"client:{client.Key}", "reason: ClientAsked"), (entry.Action, entry.Subject, entry.Details));
    }

    [RecordFact]
    public async Task Nothing_more_is_added_to_an_erased_client()
    {
        await using var store = await OpenAsync();
        var start = await MadeRecord.AddClientAsync(store, Name);
        var id = await MadeRecord.AddSessionAsync(store, clock, start);
        var (key, clients) = (start.ClientKey!, store.Clients);
        await clients.EraseAsync(Make.Owner, key, ErasureReason.RetentionOver);
        var erased = (await clients.FindAsync(key))!;
        Func<Task>[] attempts =
        [
            () => clients.ChangeAsync(Make.Owner, erased with { Name = "Zoë" }),
            () => clients.CheckAsync(Make.Owner, key, 1, [], ""),
            () => clients.OverrideAsync(Make.Owner, start.SuitabilityCheckId!.Value, "Because it is so."),
            () => clients.ConsentAsync(Make.Owner, key, "Agrees."),
            () => clients.BeginCourseAsync(Make.Owner, key, "Scars", 3, 30),
            () => clients.FollowUpAsync(Make.Owner, id, 48, FollowUpGrade.None, FollowUpGrade.None, 0, ""),
            () => clients.EraseAsync(Make.Owner, key, ErasureReason.ClientAsked),
            () => store.Corrections.AddAsync(Make.Owner, id, CorrectedField.Remark, "It was Zoë.", "Because it is so."),
            () => store.BeginAsync(Make.Device(), Make.Status(), start),
        ];
        foreach (var attempt in attempts)
        {
            await Refusal.Is("client.erased", attempt);
        }

        Assert.Equal(erased, await clients.FindAsync(key));
    }

    [RecordFact]
    public async Task Only_a_supervisor_erases_and_nobody_while_the_client_is_treated()
    {
        await using var store = await OpenAsync();
        var start = await MadeRecord.AddClientAsync(store, Name);
        var ana = new Actor((await store.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, "246813")).Id, "Ana");
        var pia = new Actor((await store.People.AddAsync(ana, "Pia", Role.Practitioner, "135792")).Id, "Pia");

        await Refusal.Is("client.notSupervisor", () => store.Clients.EraseAsync(pia, start.ClientKey!, ErasureReason.ClientAsked));
        await Refusal.Is("client.notSupervisor", () => store.Clients.EraseAsync(Make.Owner, start.ClientKey!, ErasureReason.ClientAsked));
        await Refusal.Is("client.reason", () => store.Clients.EraseAsync(ana, start.ClientKey!, (ErasureReason)9));
        await Refusal.Is("client.unknown", () => store.Clients.EraseAsync(ana, [start.ClientKey!, "nobody"], ErasureReason.ClientAsked));
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status(), start);
        await Refusal.Is("client.isTreated", () => store.Clients.EraseAsync(ana, start.ClientKey!, ErasureReason.ClientAsked));

        Assert.Equal(Name, (await store.Clients.FindAsync(start.ClientKey!))!.Name);
    }

    [RecordFact]
    public async Task A_label_of_an_erased_client_is_free_again_and_that_of_another_is_never_taken()
    {
        await using var store = await OpenAsync();
        var first = await store.Clients.AddAsync(Make.Owner);
        var second = await store.Clients.AddAsync(Make.Owner);
        await store.Clients.ChangeAsync(Make.Owner, second with { Label = "Erased 0001" });
        await store.Clients.EraseAsync(Make.Owner, first.Key, ErasureReason.AddedByMistake);

        Assert.Equal("Erased 0001 (2)", (await store.Clients.FindAsync(first.Key))!.Label);
        await store.Clients.ChangeAsync(Make.Owner, second with { Label = first.Label });
        Assert.Equal("Client 0003", (await store.Clients.AddAsync(Make.Owner)).Label);
    }

    [FileFact]
    public async Task Nothing_of_an_erased_client_can_be_read_in_the_raw_bytes_of_the_file()
    {
        await using var store = await OpenAsync();
        var (erased, kept) = await FilledAsync(store);
        Assert.All(Typed, text => Assert.True(IsInFiles(text), $"{text} was never in the file: the test looks in the wrong place."));

        Assert.True(await store.Clients.EraseAsync(Make.Owner, erased, ErasureReason.ClientAsked));

        Assert.All(Typed, text => Assert.False(IsInFiles(text), $"{text} can still be read."));
        Assert.True(IsInFiles("Ida Kept"));
        Assert.Equal("Ida Kept", (await store.Clients.FindAsync(kept))!.Name);
        Assert.Empty((await store.VerifyAsync()).Flaws);
    }

    [FileFact]
    public async Task While_a_session_runs_the_places_are_overwritten_later_and_at_the_latest_at_the_next_opening()
    {
        string key;
        await using (var store = await OpenAsync())
        {
            (key, _) = await FilledAsync(store);
            await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
            Assert.False(await store.Clients.EraseAsync(Make.Owner, key, ErasureReason.ClientAsked));
            Assert.False(await store.Clients.OverwriteErasedAsync());
            Assert.Null((await store.Clients.FindAsync(key))!.Name);
        }

        await using var again = await OpenAsync();
        Assert.All(Typed, text => Assert.False(IsInFiles(text), $"{text} can still be read."));
        Assert.True(await again.Clients.OverwriteErasedAsync());
    }

    [FileFact]
    public async Task Overwriting_waits_for_another_program_that_reads()
    {
        await using var store = await OpenAsync();
        var (key, _) = await FilledAsync(store);
        using (var reader = (SqliteConnection)record.OpenAsAnotherProgram())
        {
            using var snapshot = reader.BeginTransaction(deferred: true);
            Assert.True((long)reader.Scalar("SELECT count(*) FROM Clients")! > 0);
            Assert.False(await store.Clients.EraseAsync(Make.Owner, key, ErasureReason.ClientAsked));
        }

        Assert.True(await store.Clients.OverwriteErasedAsync());
        Assert.All(Typed, text => Assert.False(IsInFiles(text), $"{text} can still be read."));
    }

    /// <summary>Many clients with long notes that were changed often, so that rows have moved from page to page.</summary>
    private async Task<(string Erased, string Kept)> FilledAsync(SessionStore store)
    {
        var start = await MadeRecord.AddClientAsync(store, Name);
        for (var i = 0; i < 30; i++)
        {
            var other = await store.Clients.AddAsync(Make.Owner);
            await store.Clients.ChangeAsync(Make.Owner, other with { Name = "Ida Kept", Notes = new string('n', 100 * i) });
            var client = (await store.Clients.FindAsync(start.ClientKey!))!;
            await store.Clients.ChangeAsync(Make.Owner, client with { Notes = $"{Name} is allergic to nickel. {new string('.', 120 * i)}" });
        }

        var id = await MadeRecord.AddSessionAsync(store, clock, start);
        await store.Clients.FollowUpAsync(Make.Owner, id, 48, FollowUpGrade.None, FollowUpGrade.None, 0, $"{MadeRecord.Notes} {new string('x', 3500)}");
        return (start.ClientKey!, (await store.Clients.ListAsync("Ida"))[0].Key);
    }

    private bool IsInFiles(string text) =>
        new[] { "", "-wal", "-shm" }.Select(suffix => record.Path + suffix).Where(File.Exists).Any(path =>
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using MemoryStream bytes = new();
            file.CopyTo(bytes);
            return bytes.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        });

    private Task<SessionStore> OpenAsync() => SessionStore.OpenAsync(record.Path, clock);
}
