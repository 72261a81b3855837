// What simulating the mechanism costs: nothing of the heap in the steady state, and little of the time.

using System.Diagnostics;
using Microneedling.SimulatedBoard.Mechanics;
using Xunit.Abstractions;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class MechanismCostTests(ITestOutputHelper output)
{
    private const int CallsPerTick = 25;
    private const int Tick = 10_000;

    private static readonly Signal[] Read =
    [
        Signal.Index, Signal.HomeSwitch, Signal.LimitSwitch, Signal.Trigger, Signal.EmergencyStop, Signal.CartridgeSeated,
        Signal.SupplyGood, Signal.WatchdogGood, Signal.NeedleDiagnosis, Signal.DepthDiagnosis,
    ];

    [Theory]
    [InlineData(24_000)]
    [InlineData(40_000)]
    public void A_noisy_device_at_full_rate_in_skin_allocates_nothing(int hertz)
    {
        output.WriteLine("Seed 8.");
        Mechanism mechanism = new(800, 0, 0, new Imperfections(ImperfectionLevel.Dynamic, 8));
        mechanism.SetSkin(new Skin(1.8, 12), 0);
        mechanism.SetFault(BenchFault.WatchdogGateStuckClosed, true, 0);
        mechanism.Drive(Signal.NeedleEnable, true, 0);
        mechanism.Drive(Signal.DepthEnable, true, 0);
        for (int ramp = 2_000; ramp <= hertz; ramp += 2_000)
        {
            mechanism.DrivePulses(Signal.NeedleStep, ramp, ramp);
        }

        long now = RunTicks(mechanism, hertz, 100_000, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long began = Stopwatch.GetTimestamp();
        _ = RunTicks(mechanism, hertz, now, 6_000);
        double wallSeconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        output.WriteLine($"60 s with {CallsPerTick} calls in 10 ms took {wallSeconds * 1_000:0} ms: {60 / wallSeconds:0} times real time.");
        Assert.InRange(mechanism.Needles.TopsPassed, hertz / 400 * 60, hertz / 400 * 62);
        Assert.Equal(0, mechanism.Needles.Stalls);
    }

    private static long RunTicks(Mechanism mechanism, int hertz, long now, int ticks)
    {
        for (int tick = 0; tick < ticks; tick++)
        {
            for (int call = 0; call < CallsPerTick - 5; call++)
            {
                mechanism.LevelOf(Read[call % Read.Length], now + (call * 400));
            }

            long late = now + (CallsPerTick * 380);
            mechanism.IndexEdges(late);
            mechanism.Drive(Signal.WatchdogToggle, tick % 2 == 0, late);
            mechanism.Drive(Signal.DepthDirection, tick % 2 == 0, late);
            mechanism.Drive(Signal.DepthStep, true, late + 20);
            mechanism.Drive(Signal.DepthStep, false, late + 40);
            mechanism.DrivePulses(Signal.NeedleStep, hertz - (tick % 2), late + 50);
            now += Tick;
        }

        return now;
    }
}
