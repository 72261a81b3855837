// How long what identifies clients is kept: who is past it, and that nothing goes by itself.

using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions.Tests;

public class RetentionTests : IDisposable
{
    private readonly Record record;
    private readonly SetClock clock = new(Make.Start);

    public RetentionTests()
        : this(new Record())
    {
    }

    private protected RetentionTests(Record record) => this.record = record;

    public void Dispose()
    {
        record.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordFact]
    public async Task Clients_are_past_the_rule_by_their_last_session_or_by_when_they_were_added()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        var longAgo = await TreatedAsync(store);
        var neverTreated = (await store.Clients.AddAsync(Make.Owner)).Key;
        var still = await store.Clients.AddAsync(Make.Owner);
        clock.Now = Make.Start.AddYears(2);
        var stillTreated = await TreatedAsync(store, still.Key);
        await TreatedAsync(store);

        Assert.Empty(await store.Retention.PastAsync());
        await store.Retention.SetRuleAsync(Make.Owner, 3);
        clock.Now = Make.Start.AddYears(3);
        Assert.Empty(await store.Retention.PastAsync());
        clock.Now += TimeSpan.FromSeconds(1);

        Assert.Equal([longAgo, neverTreated], (await store.Retention.PastAsync()).Select(past => past.Client.Key));
        Assert.Equal([Make.Start, null], (await store.Retention.PastAsync()).Select(past => past.LastSessionAt));
        Assert.NotEqual(longAgo, stillTreated);

        await store.Clients.EraseAsync(Make.Owner, [longAgo, neverTreated], ErasureReason.RetentionOver);
        Assert.Empty(await store.Retention.PastAsync());
        Assert.Equal(3, (await store.ListAsync()).Count);
        await store.Retention.SetRuleAsync(Make.Owner, null);
        Assert.Equal(new RetentionRule(2, null), await store.Retention.RuleAsync());
        clock.Now = Make.Start.AddYears(90);
        Assert.Empty(await store.Retention.PastAsync());
    }

    [RecordFact]
    public async Task There_is_no_rule_at_first_and_one_without_sense_is_refused()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);

        Assert.Equal(new RetentionRule(0, null), await store.Retention.RuleAsync());
        await Refusal.Is("retention.years", () => store.Retention.SetRuleAsync(Make.Owner, 0));
        await Refusal.Is("retention.years", () => store.Retention.SetRuleAsync(Make.Owner, 101));
        await store.Retention.SetRuleAsync(Make.Owner, 10);
        Assert.Equal(new RetentionRule(1, 10), await store.Retention.RuleAsync());
        Assert.Equal(("retention.set", "retention:1", "10 years"), (await store.Audit.ListAsync()) is [var entry, ..] ? (entry.Action, entry.Subject, entry.Details) : default);
    }

    private static async Task<string> TreatedAsync(SessionStore store, string? key = null)
    {
        key ??= (await store.Clients.AddAsync(Make.Owner)).Key;
        var list = await store.Site.ChecklistAsync();
        var check = await store.Clients.CheckAsync(Make.Owner, key, list.Version, [], "");
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status(), new SessionStart(Make.Owner, key, check.Id, null, Make.Cartridge));
        await recorder.FinishAsync(SessionOutcome.Completed, null);
        return key;
    }
}
