// Makes every row of the table true, on the bench's own truth, with the campaigns' invariants looked at meanwhile.

using Microneedling.Firmware.Tests.Campaigns;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests.FaultTable;

public sealed class FaultTableTests(ITestOutputHelper output)
{
    private const int DepthMicrometers = 800;
    private const int RateMillihertz = 60_000;
    private const long Millisecond = 1_000;
    private const long LongestWayMicroseconds = 20_000_000;
    private const long SettlingMicroseconds = 6_000_000;
    private const double TipsInMicrometers = 0;

    private static readonly BoardOptions Options = new() { StageMicrometers = 0, CamMicrosteps = 200 };

    public static TheoryData<int, string> Rows
    {
        get
        {
            TheoryData<int, string> rows = [];
            for (int i = 0; i < FaultRows.All.Length; i++)
            {
                rows.Add(i, FaultRows.All[i].ToString());
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    [Trait("Requirement", "EVT-1")]
    public void The_reaction_is_the_one_in_the_table(int index, string name)
    {
        FaultRow row = FaultRows.All[index];
        output.WriteLine($"{name}: {string.Join(", ", row.Done)}");
        using var person = new Operator(Options);
        var invariants = new Invariants(person.Board, person.Promises);
        using IDisposable watch = person.Board.Watch(Invariants.LookMicroseconds, _ => invariants.Look());
        long since = Reach(person, row);
        double stageBefore = person.Bench.StageMicrometers;
        long tipsSeenOutAt = long.MinValue;
        using IDisposable tips = person.Board.Watch(Millisecond, board =>
            tipsSeenOutAt = board.Bench.TipMicrometers > TipsInMicrometers ? board.NowMicroseconds : tipsSeenOutAt);

        long deadline = since + (row.WithinMilliseconds * Millisecond);
        if (row.Ends == Ending.GoesOn)
        {
            person.Board.RunFor(deadline - person.Board.NowMicroseconds);
        }

        Assert.True(
            person.Board.RunUntil(() => Is(person, row), Math.Max(Millisecond, deadline - person.Board.NowMicroseconds)),
            $"{(DeviceState?)person.Host.Status?.State} and {(FaultCode?)person.Host.Status?.Fault} instead of {row.State} and {row.Fault}");
        person.Board.RunFor(SettlingMicroseconds);

        Assert.True(Is(person, row), $"{(DeviceState)person.Host.Status!.State} and {(FaultCode)person.Host.Status.Fault} in the end");
        AssertEnding(person, row, stageBefore);
        if (row.TipsInMilliseconds > 0)
        {
            Assert.InRange(tipsSeenOutAt, long.MinValue, since + (row.TipsInMilliseconds * Millisecond));
        }
    }

    [Fact]
    public void Every_fault_of_the_bench_is_injected_in_some_row()
    {
        IEnumerable<BenchFault> injected = FaultRows.All.SelectMany(row => row.Done).Where(deed => deed.Kind == DeedKind.Break).Select(deed => (BenchFault)deed.A);

        Assert.Empty(Enum.GetValues<BenchFault>().Except(injected));
    }

    [Fact]
    public void Every_fault_code_is_latched_in_some_row_or_excused_with_a_reason()
    {
        IEnumerable<FaultCode> met = FaultRows.All.Select(row => row.Fault);
        IEnumerable<FaultCode> excused = FaultRows.Unprovoked.Where(one => one.Why.Length > 0).Select(one => one.Fault);

        Assert.Empty(Enum.GetValues<FaultCode>().Except(met).Except(excused));
        Assert.Empty(excused.Intersect(met));
    }

    [Fact]
    public void A_mended_copy_of_the_settings_is_told_and_good_again()
    {
        using var person = new Operator(Options);
        List<EventReport> events = [];
        person.Host.Told = events.Add;
        long since = Reach(person, FaultRows.All.Single(row => row.Done is [{ Kind: DeedKind.DamageSettings, A: 1 }]));
        person.Do(new Deed(0, DeedKind.AskEvents, 1));
        person.Board.RunFor(2_000_000);

        Assert.Contains(events, one => one.Code == (ushort)EventCode.StoredCopyMended && one.Argument1 == 1 && one.Argument2 == 0);
        Assert.Equal(person.Board.Flash.Snapshot()[@"I:\settings-1"], person.Board.Flash.Snapshot()[@"I:\settings-0"]);
        Assert.InRange(since, 1, person.Board.NowMicroseconds);
    }

    [Fact]
    public void The_book_of_faults_has_every_code()
    {
        string book = File.ReadAllText(Path.Combine(RepositoryRoot(), "hardware-docs", "faults.md"));

        Assert.All(Enum.GetValues<FaultCode>().Except([FaultCode.None]), fault => Assert.Contains($"## {(int)fault} {fault}", book, StringComparison.Ordinal));
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Device.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Device.sln is in no folder above the tests.");
    }

    private static bool Is(Operator person, FaultRow row) =>
        person.Host.Status is { } status && status.State == (byte)row.State && status.Fault == (ushort)row.Fault;

    private static void AssertEnding(Operator person, FaultRow row, double stageBefore)
    {
        if (row.Ends == Ending.GoesOn)
        {
            Assert.InRange(person.Bench.StageMicrometers, stageBefore - 5, stageBefore + 5);
            Assert.True(person.Bench.NeedleDriverEnabled && person.Bench.DepthDriverEnabled);
            return;
        }

        Assert.False(person.Bench.NeedleDriverEnabled);
        Assert.False(person.Bench.DepthDriverEnabled);
        if (row.Ends == Ending.Parked)
        {
            Assert.InRange(person.Bench.StageMicrometers, Limits.ParkedStageMicrometers - 10, Limits.ParkedStageMicrometers);
        }
    }

    // Brings the device to the row's moment and has the row's deeds done; the board's time at which they begin.
    private static long Reach(Operator person, FaultRow row)
    {
        if (row.In == Moment.Boot)
        {
            person.Board.RunFor(1_000_000);
            person.Do(new Deed(0, DeedKind.PowerCut, 100));
            person.Schedule(row.Done);
            person.Board.RunFor(600 * Millisecond);
            long poweredAt = person.Board.NowMicroseconds;
            person.Do(new Deed(0, DeedKind.Hello));
            return poweredAt;
        }

        DeviceState state = Enum.Parse<DeviceState>(row.In.ToString());
        long end = person.Board.NowMicroseconds + LongestWayMicroseconds;
        while (person.Host.Status?.State != (byte)state && person.Board.NowMicroseconds < end)
        {
            person.Do(new Deed(0, DeedKind.Proceed, DepthMicrometers, RateMillihertz));
            person.Board.RunUntil(() => person.Host.Status?.State == (byte)state, 250 * Millisecond);
        }

        person.Board.RunFor(row.In is Moment.Running or Moment.Armed ? 2_500 * Millisecond : 100 * Millisecond);
        Assert.Equal((byte)state, person.Host.Status?.State);
        person.Schedule(row.Done);
        return person.Board.NowMicroseconds;
    }
}
