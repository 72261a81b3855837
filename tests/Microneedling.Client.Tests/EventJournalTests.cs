using Microneedling.Protocol;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests;

/// <summary>The log that is kept for readers: bounded, and no entry is lost in silence.</summary>
public class EventJournalTests(ITestOutputHelper output)
{
    [Fact]
    public Task Reader_that_comes_late_is_told_what_it_missed() => RunAsync(async journal =>
    {
        Publish(journal, 1, 15);
        journal.End();
        Assert.Equal(["missing 1-5", .. Numbers(6, 15)], await ReadAllAsync(journal));
    });

    [Fact]
    public Task Slow_reader_is_told_what_it_missed_while_it_did_not_read() => RunAsync(async journal =>
    {
        Publish(journal, 1, 4);
        await using IAsyncEnumerator<DeviceLogEntry> reader = journal.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
        List<string> seen = [];
        for (int i = 0; i < 4; i++)
        {
            Assert.True(await reader.MoveNextAsync());
            seen.Add(Name(reader.Current));
        }

        Publish(journal, 5, 30);
        journal.End();
        while (await reader.MoveNextAsync())
        {
            seen.Add(Name(reader.Current));
        }

        Assert.Equal([.. Numbers(1, 4), "missing 5-20", .. Numbers(21, 30)], seen);
    });

    [Fact]
    public Task Missed_restart_is_told_and_what_was_missed_before_and_after_it() => RunAsync(async journal =>
    {
        Publish(journal, 1, 4);
        await using IAsyncEnumerator<DeviceLogEntry> reader = journal.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        Publish(journal, 5, 6);
        journal.Publish(new DeviceRestarted(99));
        Publish(journal, 1, 15);
        journal.End();
        List<string> seen = [];
        while (await reader.MoveNextAsync())
        {
            seen.Add(Name(reader.Current));
        }

        Assert.Equal([.. Numbers(2, 4), "missing 5-6", "restarted 99", "missing 1-5", .. Numbers(6, 15)], seen);
    });

    [Fact]
    public Task Events_that_fell_off_just_before_a_restart_are_told() => RunAsync(async journal =>
    {
        Publish(journal, 1, 6);
        journal.Publish(new DeviceRestarted(99));
        Publish(journal, 1, 9);
        journal.End();
        Assert.Equal(["missing 1-6", "restarted 99", .. Numbers(1, 9)], await ReadAllAsync(journal));
    });

    [Fact]
    public Task Restart_that_has_been_read_is_not_told_again() => RunAsync(async journal =>
    {
        journal.Publish(new DeviceRestarted(99));
        Publish(journal, 1, 2);
        await using IAsyncEnumerator<DeviceLogEntry> reader = journal.ReadAsync(CancellationToken.None).GetAsyncEnumerator();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(await reader.MoveNextAsync());
        }

        Publish(journal, 3, 13);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal("missing 3-3", Name(reader.Current));
    });

    [Fact]
    public Task Gap_that_the_device_has_named_is_missing_still_when_its_entry_has_fallen_off() => RunAsync(async journal =>
    {
        journal.Publish(new MissingEvents(1, 40));
        Publish(journal, 41, 60);
        journal.End();
        Assert.Equal(["missing 1-50", .. Numbers(51, 60)], await ReadAllAsync(journal));
    });

    [Fact]
    public Task Reader_that_leaves_and_one_that_is_cancelled_hold_nothing_up() => RunAsync(async journal =>
    {
        Publish(journal, 1, 3);
        await foreach (DeviceLogEntry entry in journal.ReadAsync(CancellationToken.None))
        {
            break;
        }

        using CancellationTokenSource patience = new();
        Task<List<string>> cancelled = ReadAllAsync(journal, patience.Token);
        patience.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Publish(journal, 4, 5);
        journal.End();
        Assert.Equal(Numbers(1, 5), await ReadAllAsync(journal));
        Assert.Equal(Numbers(1, 5), await ReadAllAsync(journal));
    });

    [Fact]
    public Task Readers_on_many_threads_each_get_every_entry_or_are_told_that_it_is_missing() => Task.Run(async () =>
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        EventJournal journal = new(capacity: 50);
        List<(uint Boot, uint Number)> published = [];
        Task<List<(uint Boot, uint Number)>>[] readers = [.. Enumerable.Range(0, 6).Select(_ => Task.Run(() => CoveredAsync(journal)))];
        (uint boot, uint number) = (0, 0);
        for (int i = 0; i < 20_000; i++)
        {
            if (random.Next(4000) == 0)
            {
                (boot, number) = (boot + 1, 0);
                journal.Publish(new DeviceRestarted(boot));
            }

            published.Add((boot, ++number));
            Publish(journal, number, number);
        }

        journal.End();
        foreach (List<(uint Boot, uint Number)> covered in await Task.WhenAll(readers))
        {
            // Two restarts missed at one time cannot be told apart any more; each start that was told is whole.
            HashSet<uint> told = [.. covered.Select(entry => entry.Boot)];
            Assert.Equal(covered.Distinct().Count(), covered.Count);
            Assert.Equal(published.Where(entry => entry.Boot == boot), covered.Where(entry => entry.Boot == boot));
            Assert.Contains(boot, told);
        }
    });

    private static async Task RunAsync(Func<EventJournal, Task> body) => await body(new EventJournal(capacity: 10));

    private static void Publish(EventJournal journal, uint first, uint last)
    {
        for (uint number = first; number <= last; number++)
        {
            journal.Publish(new DeviceEvent(number, TimeSpan.Zero, EventCode.TriggerPressed, 0, 0));
        }
    }

    private static string[] Numbers(int first, int last) => [.. Enumerable.Range(first, last - first + 1).Select(number => $"{number}")];

    private static string Name(DeviceLogEntry entry) => entry switch
    {
        DeviceEvent happened => $"{happened.Number}",
        MissingEvents missing => $"missing {missing.FirstNumber}-{missing.LastNumber}",
        DeviceRestarted restarted => $"restarted {restarted.BootId}",
        _ => throw new InvalidOperationException(),
    };

    private static async Task<List<string>> ReadAllAsync(EventJournal journal, CancellationToken cancellationToken = default)
    {
        List<string> names = [];
        await foreach (DeviceLogEntry entry in journal.ReadAsync(cancellationToken))
        {
            names.Add(Name(entry));
        }

        return names;
    }

    /// <summary>Every number that a reader got or was told to be missing, with the start of the device it belongs to.</summary>
    private static async Task<List<(uint Boot, uint Number)>> CoveredAsync(EventJournal journal)
    {
        List<(uint Boot, uint Number)> covered = [];
        uint boot = 0;
        await foreach (DeviceLogEntry entry in journal.ReadAsync(CancellationToken.None))
        {
            if (entry is DeviceRestarted restarted)
            {
                boot = restarted.BootId;
            }
            else if (entry is MissingEvents missing)
            {
                for (uint number = missing.FirstNumber; number <= missing.LastNumber; number++)
                {
                    covered.Add((boot, number));
                }
            }
            else
            {
                covered.Add((boot, ((DeviceEvent)entry).Number));
            }
        }

        return covered;
    }
}
