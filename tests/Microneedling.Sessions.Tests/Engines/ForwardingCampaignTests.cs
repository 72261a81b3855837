// Twenty tablets and one clinic on a bad day: connections are cut, the server is restarted without warning, forwarding is
// broken off and begun again, everything is sent more than once, and one tablet is set back to an older copy of itself.

using Microneedling.Sessions.Forwarding;
using Npgsql;
using Xunit.Abstractions;

namespace Microneedling.Sessions.Tests;

public sealed class ForwardingCampaignTests(ITestOutputHelper output) : IDisposable
{
    private const int Tablets = 20;
    private const int Rounds = 3;
    private const int MostSessionsInRound = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Record[] records = [.. Enumerable.Range(0, Tablets).Select(_ => new Record())];
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"microneedling-campaign-{Guid.NewGuid():N}");

    public void Dispose()
    {
        foreach (var record in records)
        {
            record.Dispose();
        }

        PostgresServer.Run("remove", folder);
    }

    [ServerFact]
    public async Task Nothing_is_lost_nothing_comes_twice_and_what_does_not_fit_is_told()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        var (exitCode, server, errors) = PostgresServer.Run("start", folder);
        Assert.True(exitCode == 0, errors);
        var clinicPath = $"{server};Database=postgres;Timeout=5";
        await (await SessionStore.OpenAsync(clinicPath)).DisposeAsync();
        using CancellationTokenSource patience = new(Patience);
        HashSet<string> expected = [];
        Dictionary<string, byte[]> older = [];
        var (cuts, failures) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            if (round == Rounds - 1)
            {
                // The first tablet is set back to where it was at the beginning of the round before. What it had not forwarded
                // by then nobody could bring back.
                await ForwardInPeaceAsync(0);
                foreach (var (name, content) in older)
                {
                    await File.WriteAllBytesAsync(Path.Combine(records[0].Folder, name), content);
                }
            }

            older = records[0].Files();
            var seeds = records.Select(_ => random.Next()).ToArray();
            using CancellationTokenSource calm = new();
            var chaos = round < Rounds - 1 ? Task.Run(() => TroubleAsync(server, new Random(seeds[0]), calm.Token)) : Task.CompletedTask;
            await Task.WhenAll(records.Select((record, tablet) => Task.Run(() => WorkAsync(tablet, record, new Random(seeds[tablet])))));
            await calm.CancelAsync();
            await chaos;

            // Some of the pool were cut while nobody used them.
            NpgsqlConnection.ClearAllPools();
        }

        // A quiet evening: whoever has not come through does now.
        for (var tablet = 0; tablet < Tablets; tablet++)
        {
            await ForwardInPeaceAsync(tablet);
        }

        await using var last = await OpenPatientlyAsync();
        using var context = last.CreateContext();
        var there = context.Sessions.Select(session => session.Key!).ToList();
        output.WriteLine($"{expected.Count} sessions, {cuts} cut off by themselves, {failures} by others");
        Assert.Equal(there.Count, there.Distinct().Count());
        Assert.Equal(expected.Order(StringComparer.Ordinal), there.Order(StringComparer.Ordinal));
        Assert.Empty((await last.VerifyAsync()).Flaws);
        Assert.Equal(Tablets, (await last.Recorders.ListAsync()).Count);
        var conflicts = await last.Recorders.ConflictsAsync();
        Assert.All(conflicts, conflict => Assert.Equal((ConflictKind.SetBack, "tablet 0"), (conflict.Kind, conflict.RecorderName)));
        Assert.NotEmpty(conflicts);
        Assert.True(failures > 0, "Nobody was disturbed.");

        async Task ForwardInPeaceAsync(int tablet)
        {
            await using var own = await SessionStore.OpenAsync(records[tablet].Path);
            await using var clinic = await OpenPatientlyAsync();
            var done = await new Forwarder(own, clinic, $"tablet {tablet}").ForwardAsync();
            Assert.Equal(done.TotalLinks, done.Links);
            Assert.Equal(0, (await new Forwarder(own, clinic, $"tablet {tablet}").ForwardAsync()).Rows);
        }

        async Task WorkAsync(int tablet, Record record, Random chance)
        {
            await using var own = await SessionStore.OpenAsync(record.Path);
            var sessions = chance.Next(1, MostSessionsInRound + 1);
            for (var i = 0; i < sessions; i++)
            {
                await using (var recorder = await own.BeginAsync(Make.Device((uint)tablet + 1), Make.Status()))
                {
                    for (uint stroke = 1; stroke < chance.Next(2, 300); stroke++)
                    {
                        recorder.RecordStatus(Make.Status(stroke * 50, stroke));
                    }

                    await recorder.FinishAsync(SessionOutcome.Completed, null);
                    using var context = own.CreateContext();
                    lock (expected)
                    {
                        expected.Add(context.Sessions.Where(session => session.Id == recorder.SessionId).Select(session => session.Key!).Single());
                    }
                }

                for (var attempt = 0; attempt < 3; attempt++)
                {
                    try
                    {
                        using CancellationTokenSource breakOff = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
                        if (chance.Next(3) == 0)
                        {
                            breakOff.CancelAfter(chance.Next(1, 100));
                        }

                        await using var clinic = await SessionStore.OpenAsync(clinicPath, ct: breakOff.Token);
                        await new Forwarder(own, clinic, $"tablet {tablet}").ForwardAsync(ct: breakOff.Token);
                    }
                    catch (OperationCanceledException) when (!patience.IsCancellationRequested)
                    {
                        Interlocked.Increment(ref cuts);
                    }
                    catch (SessionStoreException)
                    {
                        Interlocked.Increment(ref failures);
                    }
                }
            }
        }

        async Task<SessionStore> OpenPatientlyAsync()
        {
            while (true)
            {
                try
                {
                    return await SessionStore.OpenAsync(clinicPath, ct: patience.Token);
                }
                catch (SessionStoreException) when (!patience.IsCancellationRequested)
                {
                    // It is just starting.
                }
            }
        }
    }

    /// <summary>Cuts connections all the time and the server twice, until it is told to be calm; then the server runs.</summary>
    private async Task TroubleAsync(string server, Random random, CancellationToken calm)
    {
        var sinceRestart = 0;
        while (!calm.IsCancellationRequested)
        {
            if (++sinceRestart % 40 == 0)
            {
                PostgresServer.Run("stop", folder);
                Assert.Equal(0, PostgresServer.Run("start", folder).ExitCode);
            }

            try
            {
                await using NpgsqlConnection enemy = new($"{server};Database=postgres;Pooling=false");
                await enemy.OpenAsync(CancellationToken.None);
                await using NpgsqlCommand cut = new("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND random() < $1", enemy)
                {
                    Parameters = { new NpgsqlParameter { Value = random.NextDouble() / 4 } },
                };
                await cut.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (NpgsqlException)
            {
                // It cut itself off, or the server is full.
            }
        }
    }
}
