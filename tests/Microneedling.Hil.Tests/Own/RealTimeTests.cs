// The way to hardware, walked without hardware: device and bench are a process of their own, reached over their lines, in real
// time. Only behaviour is judged here; times of the computer are bounded so widely that a busy one keeps them, and what it was
// too busy for (half a second without a heartbeat) is done again.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Qa.Instruments;

namespace Microneedling.Hil.Tests;

/// <summary>After all others, which would starve it.</summary>
[CollectionDefinition(nameof(RealTimeTests), DisableParallelization = true)]
public sealed class AloneInRealTime;

[Collection(nameof(RealTimeTests))]
public sealed class RealTimeTests : IAsyncLifetime
{
    /// <summary>Without the STOP nothing would stop the needles: the host lives on.</summary>
    private const double MostStopMilliseconds = 1_500;

    private const double MostOutMilliseconds = 3_000;
    private const int Devices = 3;
    private const int MostTries = 4;

    private SimulatorProcess simulator = null!;

    public async Task InitializeAsync() => simulator = await SimulatorProcess.StartAsync(Devices);

    public Task DisposeAsync()
    {
        simulator.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Scenarios_pass_and_leave_each_device_safe()
    {
        var missed = await Task.WhenAll(
            MissedAsync(1, IdentityScenarios.IdentityAsync, DepthScenarios.TooDeepAsync),
            MissedAsync(2, stand => HomingScenarios.RepeatsAsync(stand, times: 2)),
            MissedAsync(3, stand => StopScenarios.ByTheStopByteAsync(stand, times: 2, MostStopMilliseconds, MostOutMilliseconds)));

        Assert.Empty(missed.SelectMany(one => one));
    }

    [Fact]
    public async Task A_scenario_that_fails_with_the_needles_running_leaves_the_device_safe_and_the_next_one_finds_it_usable()
    {
        TestStand? left = null;
        await Assert.ThrowsAsync<FormatException>(() => CarriedAsync(1, async stand =>
        {
            await stand.HomedAsync();
            await stand.RunningAsync(TestStand.Request(800, 60));
            throw new FormatException("As any scenario may fail.");
        }, made => left = made));

        Assert.True(Assert.Single(left!.Criteria).IsMet);
        await simulator.TruthAsync(1, SimulatorProcess.IsSafe);
        Assert.Empty(await MissedAsync(1, IdentityScenarios.IdentityAsync));
    }

    [Fact]
    public async Task The_controller_says_who_it_is_and_makes_a_running_device_safe_when_its_host_vanishes()
    {
        await AgainIfTooBusyAsync(async () =>
        {
            var registry = TransportRegistry.CreateStandard();
            await using var bench = await ScpiBench.ConnectAsync(await registry.OpenAsync(simulator.BenchOf(1)));
            Assert.Equal("Microneedling,simulated bench,0,1", bench.Identity.Name);
            TestStand stand = new(() => registry.OpenAsync(simulator.PortOf(1)), bench, TimeProvider.System, null);
            try
            {
                await bench.SwitchAsync(BenchSwitch.EmergencyStop, false);
                await bench.SwitchAsync(BenchSwitch.Power, true);
                await stand.HomedAsync();
                await stand.RunningAsync(TestStand.Request(1500, 60));

                await bench.DisposeAsync(); // The device's own host lives on.

                await simulator.TruthAsync(1, truth => SimulatorProcess.IsSafe(truth) && truth["estop"] == "pressed");
            }
            finally
            {
                await stand.DisconnectAsync();
            }
        });

        Assert.Empty(await MissedAsync(1, IdentityScenarios.IdentityAsync));
    }

    /// <summary>On the pool, as a run does: the threads of the tests are too few to keep a link alive.</summary>
    private static async Task AgainIfTooBusyAsync(Func<Task> act)
    {
        for (int i = 1; ; i++)
        {
            try
            {
                await Task.Run(act);
                return;
            }
            catch (DeviceException e) when (i < MostTries && e is LinkException or FaultedException { Fault: FaultCode.LinkLost })
            {
                // Done again.
            }
        }
    }

    private Task CarriedAsync(int device, Func<TestStand, Task> body, Action<TestStand> made) =>
        AgainIfTooBusyAsync(() => QaRun.OnHardwareAsync(simulator.PortOf(device), simulator.BenchOf(device), body, made));

    /// <summary>Scenarios one after the other, as a run does; what they missed, in words.</summary>
    private async Task<List<string>> MissedAsync(int device, params Func<TestStand, Task>[] bodies)
    {
        List<string> missed = [];
        foreach (var body in bodies)
        {
            TestStand? stand = null;
            await CarriedAsync(device, body, made => stand = made);
            missed.AddRange(stand!.Criteria.Where(criterion => !criterion.IsMet).Select(criterion => $"{criterion.Name}: {criterion.Value} {criterion.Unit}{Environment.NewLine}{string.Join(Environment.NewLine, stand.Trace)}"));
            await simulator.TruthAsync(device, SimulatorProcess.IsSafe);
        }

        return missed;
    }
}
