using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Qa.Instruments;
using Microneedling.SimulatedBoard;
using Xunit.Abstractions;

namespace Microneedling.Hil.Tests;

[Collection(Suite.Name)]
public sealed class LineScenarios(QaRun run, ITestOutputHelper output)
{
    [Scenario("All 256 byte values go through the line, and nothing moves for them")]
    [Trait("Requirement", "PROT-1")]
    [Trait("Requirement", "ARM-1")]
    public void Every_byte_value() => run.Run(output, async stand =>
    {
        await stand.Bench.ClearAsync();
        await using (RawLine raw = new(await stand.OpenAsync(), stand.Time))
        {
            for (int round = 0; round < 4; round++)
            {
                await raw.SendAsync([.. Enumerable.Range(0, 256).Select(value => (byte)value)]);
                await stand.DelayAsync(0.05);
            }

            await raw.GreetAsync();
            int answered = 0;
            for (int i = 0; i < 50; i++)
            {
                // Settings carry any value in their fields: serial numbers of every byte.
                answered += await raw.AskAsync(new EmptyMessage(MessageId.StatusRequest)) == MessageId.Status ? 1 : 0;
                await raw.SendAsync((byte)(i * 5), 0xFF, 0x00, (byte)i);
            }

            stand.Judge("questions answered among stray bytes", answered, "", least: 48);
        }

        await stand.DelayAsync(0.5);
        stand.Judge("motion of the needle drive", (await stand.Bench.ReadAsync()).Strokes, "strokes", most: 0);
        stand.Judge("tips", (await stand.Bench.ExtremesAsync()).DeepestTipMicrometers, "µm", most: 0);
    });

    [Scenario("Noise on the line while treating: every command is executed once, no depth is passed, STOP acts", Need.Simulation)]
    [Trait("Requirement", "PROT-1")]
    [Trait("Requirement", "PROT-2")]
    public void Noise() => run.Run(output, async stand =>
    {
        await stand.HomedAsync();
        await stand.RunningAsync(TestStand.Request(800, 60));
        await stand.Bench.ClearAsync();
        stand.Simulated.Board.Serial.Noise = new LineNoise(Flip: 0.002, Drop: 0.001, Insert: 0.001);
        int accepted = 0;
        for (int i = 0; i < 60; i++)
        {
            try
            {
                await stand.Device.ConfigureAsync(TestStand.Request(600 + (i % 5 * 50), 60));
                accepted++;
            }
            catch (DeviceException e)
            {
                stand.Note(e.Message);
            }

            await stand.DelayAsync(0.1);
        }

        stand.Simulated.Board.Serial.Noise = new LineNoise();
        stand.Judge("changes accepted through the noise", accepted, "of 60", least: 30);
        stand.Judge("deepest tip", (await stand.Bench.ExtremesAsync()).DeepestTipMicrometers, "µm", most: 900);
    });

    [Scenario("Unplugged and plugged in again, 10 times: nothing resumes, and the host finds the device")]
    [Trait("Requirement", "LINK-3")]
    public void Unplug_and_replug() => run.Run(output, async stand =>
    {
        double deepestAfter = double.NegativeInfinity;
        await stand.HomedAsync();
        for (int i = 0; i < 10; i++)
        {
            await stand.RunningAsync(TestStand.Request(600, 60));
            await stand.Bench.SwitchAsync(BenchSwitch.SerialLine, false);
            await stand.QuietAsync();
            await stand.Bench.ClearAsync();
            await stand.Bench.SwitchAsync(BenchSwitch.SerialLine, true);
            await stand.DisconnectAsync();
            await stand.ConnectAsync();
            await stand.DelayAsync(1);
            deepestAfter = Math.Max(deepestAfter, (await stand.Bench.ExtremesAsync()).DeepestTipMicrometers);
            await stand.Bench.SwitchAsync(BenchSwitch.Trigger, false);
            await stand.AcknowledgeAsync(FaultCode.LinkLost);
            await stand.ReachAsync(DeviceState.Parked);
            stand.Judge($"accepted treatment after replugging {i + 1}", (await stand.Device.GetStatusAsync()).Token, "token", most: 0);
        }

        stand.Judge("tips after the line was back, with the trigger held", deepestAfter, "µm", most: 0);
    });
}
