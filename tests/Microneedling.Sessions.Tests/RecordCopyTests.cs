// A record that moves to another database goes on there as the same record.

using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions.Tests;

public class RecordCopyTests : IDisposable
{
    private readonly Record file = new();
    private readonly Record target;
    private readonly SetClock clock = new(Make.Start);

    public RecordCopyTests()
        : this(new Record())
    {
    }

    private protected RecordCopyTests(Record target) => this.target = target;

    public void Dispose()
    {
        file.Dispose();
        target.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordFact]
    public async Task Everything_is_there_with_its_number_is_proven_by_the_same_chain_and_goes_on()
    {
        await using var from = await SessionStore.OpenAsync(file.Path, clock);
        await ProofTests.FillAsync(from, clock);
        await from.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, "246813");
        var before = await from.VerifyAsync();
        await using var to = await SessionStore.OpenAsync(target.Path, clock);

        var (rows, proof) = await RecordCopy.CopyAsync(from, to);

        Assert.True(rows > 30, $"{rows} rows");
        Assert.Empty(proof.Flaws);
        Assert.Equal((before.RecordKey, before.HeadHash), (proof.RecordKey, proof.HeadHash));
        Assert.Equal((await from.ListAsync()).Select(ToTheMicrosecond), (await to.ListAsync()).Select(ToTheMicrosecond));
        Assert.Equal((await from.FindAsync(1))!.Telemetry, (await to.FindAsync(1))!.Telemetry);
        Assert.NotNull(await to.People.CheckPinAsync((await to.People.ListAsync())[0].Id, "246813"));

        var ids = (await from.ListAsync()).Max(session => session.Id);
        await using var recorder = await to.BeginAsync(Make.Device(), Make.Status());
        Assert.Equal(ids + 1, recorder.SessionId);
        Assert.Equal("Client 0002", (await to.Clients.AddAsync(Make.Owner)).Label);
        await recorder.FinishAsync(SessionOutcome.Completed, null);
        Assert.Empty((await to.VerifyAsync()).Flaws);
    }

    /// <summary>As the proof has it: not every database knows a finer time.</summary>
    private static SessionSummary ToTheMicrosecond(SessionSummary session) => session with { StartedAt = Cut(session.StartedAt), EndedAt = session.EndedAt is { } ended ? Cut(ended) : null };

    private static DateTimeOffset Cut(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    [RecordFact]
    public async Task A_record_is_not_copied_over_another_one_nor_while_a_session_runs()
    {
        await using var from = await SessionStore.OpenAsync(file.Path, clock);
        await using var to = await SessionStore.OpenAsync(target.Path, clock);
        await using (await from.BeginAsync(Make.Device(), Make.Status()))
        {
            var running = await Assert.ThrowsAsync<SessionStoreException>(() => RecordCopy.CopyAsync(from, to));
            Assert.StartsWith("A session is running in", running.Message, StringComparison.Ordinal);
        }

        await to.Clients.AddAsync(Make.Owner);
        var full = await Assert.ThrowsAsync<SessionStoreException>(() => RecordCopy.CopyAsync(from, to));
        Assert.EndsWith("holds a record already. Copy into an empty database.", full.Message, StringComparison.Ordinal);
        Assert.Single(await to.Clients.ListAsync());
    }
}
