// How long a stop takes, by each way that leads to one: from its cause, by the bench's clock, to the last motion of the needle
// drive (it creeps to top dead centre later, behind the nosecone) and to the last moment at which the tips were out of the nosecone. With a real line the host's and the adapter's own
// time is in the first two: the figures are then an upper bound.

using Microneedling.Protocol;
using Microneedling.Qa.Instruments;
using Xunit.Abstractions;

namespace Microneedling.Hil.Tests;

[Collection(Suite.Name)]
public sealed class StopScenarios(QaRun run, ITestOutputHelper output)
{
    private const int Times = 100;
    private const double ByteMilliseconds = 0.1;

    [Scenario("STOP byte, 100 times: needle drive within a tick, tips behind the nosecone within 1.5 s")]
    [Trait("Requirement", "STOP-1")]
    [Trait("Requirement", "STOP-2")]
    [Trait("Requirement", "STOP-5")]
    public void By_the_stop_byte() => run.Run(output, stand => ByTheStopByteAsync(stand, Times, mostMilliseconds: 25));

    [Scenario("Stop command, 100 times, with every STOP byte lost on its way")]
    [Trait("Requirement", "STOP-3")]
    [Trait("Requirement", "STOP-5")]
    public void By_the_stop_command() => run.Run(output, async stand =>
    {
        await stand.ConnectAsync(withoutStopByte: true);
        await RepeatAsync(stand, Times, mostMilliseconds: 35, async () =>
        {
            long sent = (await stand.Bench.ReadAsync()).AtMicroseconds;
            await stand.Device.StopAsync();
            return sent;
        });
    });

    [Scenario("Trigger released, 100 times: the strokes end behind the nosecone, at top dead centre")]
    [Trait("Requirement", "ARM-4")]
    public void By_the_trigger() => run.Run(output, stand => RepeatAsync(stand, Times, mostMilliseconds: 1_600, () => stand.Bench.SwitchAsync(BenchSwitch.Trigger, false), mostOutMilliseconds: 1_600, parks: false));

    [Scenario("Emergency stop, 100 times: the board cuts the needle drive at once, the stage retracts")]
    [Trait("Requirement", "ESTOP-1")]
    [Trait("Requirement", "ESTOP-2")]
    public void By_the_emergency_stop() => run.Run(output, stand => RepeatAsync(stand, Times, mostMilliseconds: 5, () => stand.Bench.SwitchAsync(BenchSwitch.EmergencyStop, true), recover: async () =>
    {
        await stand.Bench.SwitchAsync(BenchSwitch.EmergencyStop, false);
        await stand.AcknowledgeAsync(FaultCode.EmergencyStop);
        await stand.ReachAsync(DeviceState.Unhomed);
        await stand.Device.HomeAsync();
        await stand.ReachAsync(DeviceState.Parked);
    }));

    [Scenario("Line cut, 100 times: the link watchdog stops the needles within 0.53 s")]
    [Trait("Requirement", "LINK-1")]
    public void By_loss_of_the_link() => run.Run(output, stand => RepeatAsync(stand, Times, mostMilliseconds: 530, () => stand.Bench.SwitchAsync(BenchSwitch.SerialLine, false), mostOutMilliseconds: 2_030, recover: async () =>
    {
        await stand.Bench.SwitchAsync(BenchSwitch.SerialLine, true);
        await stand.DisconnectAsync();
        await stand.ConnectAsync();
        await stand.AcknowledgeAsync(FaultCode.LinkLost);
        await stand.ReachAsync(DeviceState.Parked);
    }));

    [Scenario("Host dies: nothing more is sent, the line stays plugged in; 100 times", Need.Simulation)]
    [Trait("Requirement", "LINK-1")]
    public void By_the_hosts_death() => run.Run(output, stand => RepeatAsync(stand, Times, mostMilliseconds: 530, async () =>
    {
        long died = (await stand.Bench.ReadAsync()).AtMicroseconds;
        await stand.AbandonAsync();
        return died;
    }, mostOutMilliseconds: 2_030, recover: async () =>
    {
        await stand.ConnectAsync();
        await stand.AcknowledgeAsync(FaultCode.LinkLost);
        await stand.ReachAsync(DeviceState.Parked);
    }));

    internal static Task ByTheStopByteAsync(TestStand stand, int times, double mostMilliseconds, double mostOutMilliseconds = Limits.StopRetractMilliseconds) => RepeatAsync(stand, times, mostMilliseconds, async () =>
    {
        long sent = (await stand.Bench.ReadAsync()).AtMicroseconds;
        await stand.Device.StopAsync();
        return sent;
    }, mostOutMilliseconds);

    private static async Task RepeatAsync(
        TestStand stand, int times, double mostMilliseconds, Func<Task<long>> stop, double mostOutMilliseconds = Limits.StopRetractMilliseconds, Func<Task>? recover = null, bool parks = true)
    {
        List<double> stopped = [];
        List<double> behind = [];
        await stand.HomedAsync();
        for (int i = 0; i < times; i++)
        {
            await stand.RunningAsync(TestStand.Request(i % 2 == 0 ? 1500 : 2000, 60 + (i % 5 * 10)));
            await stand.DelayAsync(0.1 + (i * 0.0037)); // Another place of the stroke each time.
            await stand.Bench.ClearAsync();
            long cause = await stop();
            await stand.QuietAsync();
            var extremes = await stand.Bench.ExtremesAsync();
            behind.Add(Math.Max(0, ((extremes.LastOutMicroseconds ?? cause) - cause) / 1e3));
            stopped.Add(Math.Max(0, ((extremes.LastMotionMicroseconds ?? cause) - cause) / 1e3));
            await stand.Bench.SwitchAsync(BenchSwitch.Trigger, false);
            if (recover is not null)
            {
                await recover();
            }
            else if (parks)
            {
                await stand.ReachAsync(DeviceState.Parked);
            }
            else
            {
                await stand.Device.DisarmAsync();
                await stand.ReachAsync(DeviceState.Parked);
            }
        }

        stand.Plot("From the cause to the last turn of the needle drive", "trial", "ms", stopped.Select((value, i) => ((double)(i + 1), value)), mostMilliseconds);
        stand.Judge("trials", stopped.Count, "", times);
        stand.Judge("to the last turn of the needle drive, p50", stopped.At(0.5), "ms");
        stand.Judge("to the last turn of the needle drive, p99", stopped.At(0.99), "ms");
        stand.Judge("to the last turn of the needle drive, longest", stopped.Max(), "ms", most: mostMilliseconds + ByteMilliseconds);
        stand.Judge("to the tips behind the nosecone, p50", behind.At(0.5), "ms");
        stand.Judge("to the tips behind the nosecone, longest", behind.Max(), "ms", most: mostOutMilliseconds);
    }
}
