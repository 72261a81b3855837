// One run of the suite: carries scenarios out one after the other, leaves the device safe after each, whatever happened in it,
// and writes the report when the last is done.

using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microneedling.Client;
using Microneedling.Qa.Instruments;
using Microneedling.Qa.Reports;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Hil.Tests;

/// <summary>All scenarios share one, and run one at a time: there is one device.</summary>
[CollectionDefinition(Name)]
public sealed class Suite : ICollectionFixture<QaRun>
{
    public const string Name = "suite";
}

public sealed class QaRun : IDisposable
{
    /// <summary>Longest that a scenario may take by its clock; the endurance takes a little over an hour.</summary>
    private static readonly TimeSpan LongestScenario = TimeSpan.FromHours(2);

    /// <summary>Longest that it may take with leaving the device safe.</summary>
    private static readonly TimeSpan Deadline = LongestScenario + TimeSpan.FromMinutes(10);

    private readonly DateTimeOffset began = TimeProvider.System.GetUtcNow();
    private readonly ConcurrentDictionary<string, ScenarioResult> results = new(StringComparer.Ordinal);
    private JudgedDevice? device;
    private JudgingBench? bench;

    /// <summary>Writes the report.</summary>
    public void Dispose()
    {
        RunReport report = new(
            $"{began.UtcDateTime:yyyyMMdd-HHmmss}",
            began,
            TimeProvider.System.GetUtcNow(),
            QaSettings.Operator,
            device,
            typeof(DeviceClient).Assembly.GetName().Version?.ToString(3) ?? "",
            bench,
            QaSettings.IsSimulated ? new Simulation(QaSettings.Seed, QaSettings.Imperfections.ToString(), "nominal", BoardChip.Esp32S3.ToString()) : null,
            [.. All().Select(method => results.GetValueOrDefault(IdOf(method)) ?? NotRun(method))]);
        ReportFolder.Write(report);
    }

    /// <summary>Carries a scenario out, judges it, and leaves the device safe.</summary>
    public void Run(ITestOutputHelper output, Func<TestStand, Task> body, [CallerMemberName] string name = "", [CallerFilePath] string file = "")
    {
        ArgumentNullException.ThrowIfNull(output);
        var method = All().Single(one => one.Name == name && Path.GetFileNameWithoutExtension(file) == one.DeclaringType!.Name);
        TestStand? stand = null;
        Exception? problem = null;
        double seconds = 0;
        try
        {
            if (QaSettings.IsSimulated)
            {
                BoardOptions options = new() { Seed = QaSettings.Seed, Imperfections = QaSettings.Imperfections };
                VirtualTime.Run(
                    options,
                    async (time, simulated) =>
                    {
                        await using SimulatedBench truth = new(simulated);
                        stand = new TestStand(() => Task.FromResult(simulated.Connect()), truth, time, simulated);
                        seconds = await CarryOutAsync(stand, body);
                    },
                    Deadline);
            }
            else
            {
                // On the pool: the test's own threads are too few to wait on.
                seconds = Task.Run(() => OnHardwareAsync(QaSettings.Port!, QaSettings.BenchAddress, body, made => stand = made)).GetAwaiter().GetResult();
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            problem = e;
        }

        device ??= stand?.Judged;
        bench ??= stand?.BenchOrNull?.Identity is { } identity ? new JudgingBench(identity.Name, identity.CalibratedOn, identity.TipUncertaintyMicrometers) : null;
        results[IdOf(method)] = ResultOf(method, stand, problem, seconds);
        foreach (var line in stand?.Criteria ?? [])
        {
            output.WriteLine($"{(line.IsMet ? "met   " : "MISSED")} {line.Name}: {line.Value:0.####} {line.Unit}");
        }

        if (results[IdOf(method)] is { Verdict: Verdict.Failed } failed)
        {
            Assert.Fail($"{failed.Reason}{Environment.NewLine}{string.Join(Environment.NewLine, failed.Trace)}{Environment.NewLine}{problem?.StackTrace}");
        }
    }

    internal static IEnumerable<MethodInfo> All() => typeof(QaRun).Assembly.GetTypes()
        .OrderBy(type => type.Name, StringComparer.Ordinal)
        .SelectMany(type => type.GetMethods().Where(method => method.GetCustomAttribute<ScenarioAttribute>() is not null));

    private static string IdOf(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    /// <summary>Carries a scenario out on a device at an address, judged by the bench at another, and leaves it safe; how many seconds it took.</summary>
    internal static async Task<double> OnHardwareAsync(string port, string? benchAddress, Func<TestStand, Task> body, Action<TestStand> made)
    {
        var registry = TransportRegistry.CreateStandard();
        await using IBench? instrument = benchAddress is { } address ? await ScpiBench.ConnectAsync(await registry.OpenAsync(address)) : null;
        TestStand stand = new(() => registry.OpenAsync(port), instrument, TimeProvider.System, null, port);
        made(stand);
        return await CarryOutAsync(stand, body);
    }

    private static async Task<double> CarryOutAsync(TestStand stand, Func<TestStand, Task> body)
    {
        long from = stand.Time.GetTimestamp();
        try
        {
            if (stand.BenchOrNull is { } instrument)
            {
                // A controller whose host died has pressed the emergency stop, and may begin with a line unplugged.
                await instrument.SwitchAsync(BenchSwitch.Trigger, false);
                await instrument.SwitchAsync(BenchSwitch.EmergencyStop, false);
                await instrument.SwitchAsync(BenchSwitch.SerialLine, true);
                await instrument.SwitchAsync(BenchSwitch.Power, true);
                await instrument.ClearAsync();
            }

            await body(stand).WaitAsync(LongestScenario, stand.Time);
        }
        finally
        {
            await Teardown.LeaveSafeAsync(stand);
        }

        return stand.Time.GetElapsedTime(from).TotalSeconds;
    }

    private static ScenarioResult ResultOf(MethodInfo method, TestStand? stand, Exception? problem, double seconds)
    {
        var criteria = stand?.Criteria ?? [];
        var missed = criteria.Where(criterion => !criterion.IsMet).Select(criterion => criterion.Name).ToList();
        string? reason = problem is not null ? problem.Message
            : missed.Count > 0 ? $"Missed: {string.Join("; ", missed)}"
            : criteria.Count == 0 ? "Nothing was judged."
            : null;
        return new ScenarioResult(
            IdOf(method), TitleOf(method), RequirementsOf(method), reason is null ? Verdict.Passed : Verdict.Failed, reason, criteria, stand?.Plots ?? [], reason is null ? [] : stand?.Trace ?? [], Math.Round(seconds, 3));
    }

    private static ScenarioResult NotRun(MethodInfo method) => new(
        IdOf(method), TitleOf(method), RequirementsOf(method), Verdict.Skipped,
        ScenarioAttribute.WhyNot(method.GetCustomAttribute<ScenarioAttribute>()!.Need) ?? "It was not chosen for this run.", [], [], [], 0);

    private static string TitleOf(MethodInfo method) => method.GetCustomAttribute<ScenarioAttribute>()!.Title;

    private static string[] RequirementsOf(MethodInfo method) => [.. EvidenceList.Of(method)];
}
