// Switches and contacts of a device that is not a drawing: hysteresis, repeatability, bounce.

using Microneedling.SimulatedBoard.Mechanics;
using Xunit.Abstractions;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class ContactTests(ITestOutputHelper output)
{
    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6, 7, 8];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_home_switch_closes_at_its_place_and_opens_a_few_micrometres_later(int seed)
    {
        output.WriteLine($"Seed {seed}.");
        DepthStage stage = NewStage(ImperfectionLevel.Static, seed, -1_100);
        Assert.False(stage.AtHome);
        MoveTo(stage, -1_199_999);
        Assert.False(stage.AtHome);
        MoveTo(stage, -1_200_000);
        Assert.True(stage.AtHome);
        MoveTo(stage, -1_197_001);
        Assert.True(stage.AtHome);
        MoveTo(stage, -1_191_999);
        Assert.False(stage.AtHome);
        MoveTo(stage, -1_199_999);
        Assert.False(stage.AtHome);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_limit_switch_opens_at_its_place_and_closes_a_few_micrometres_before(int seed)
    {
        output.WriteLine($"Seed {seed}.");
        DepthStage stage = NewStage(ImperfectionLevel.Static, seed, 2_500);
        MoveTo(stage, 2_599_999);
        Assert.False(stage.AtLimit);
        MoveTo(stage, 2_600_000);
        Assert.True(stage.AtLimit);
        MoveTo(stage, 2_597_001);
        Assert.True(stage.AtLimit);
        MoveTo(stage, 2_591_999);
        Assert.False(stage.AtLimit);
    }

    [Fact]
    public void The_home_switch_of_a_noisy_device_closes_within_3_micrometres_with_a_sigma_of_1()
    {
        Imperfections device = new(ImperfectionLevel.Dynamic, 11);
        output.WriteLine("Seed 11.");
        double[] places = [.. Enumerable.Range(0, 10_000).Select(closing => device.HomeClosingNanometers(closing) / 1_000.0)];
        Assert.All(places, place => Assert.InRange(place, -3, 3));
        Assert.InRange(places.Average(), -0.05, 0.05);
        Assert.InRange(Math.Sqrt(places.Average(place => place * place)), 0.95, 1.05);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_contact_of_a_noisy_device_shows_its_new_state_at_once_bounces_for_up_to_5_ms_and_rests(int seed)
    {
        output.WriteLine($"Seed {seed}.");
        Contact contact = new(false, new Imperfections(ImperfectionLevel.Dynamic, seed), ChanceStream.TriggerBounce, 5_000);
        bool closed = false;
        int most = 0;
        for (long change = 1; change <= 50; change++)
        {
            long at = change * 100_000;
            closed = !closed;
            contact.Set(closed, at);
            Assert.Equal(closed, contact.Shows(at));
            int edges = Enumerable.Range(0, 10_000).Count(i => contact.Shows(at + i) != contact.Shows(at + i + 1));
            Assert.InRange(edges, 2, 8);
            Assert.Equal(0, edges % 2);
            Assert.Equal(closed, contact.Shows(at + 5_000));
            most = Math.Max(most, edges);
        }

        Assert.True(most > 4);
    }

    [Fact]
    public void Contacts_of_an_ideal_and_of_a_static_device_do_not_bounce()
    {
        foreach (ImperfectionLevel level in new[] { ImperfectionLevel.Ideal, ImperfectionLevel.Static })
        {
            Contact contact = new(false, new Imperfections(level, 3), ChanceStream.TriggerBounce, 5_000);
            contact.Set(true, 1_000);
            Assert.All(Enumerable.Range(1_000, 6_000), at => Assert.True(contact.Shows(at)));
        }
    }

    [Theory]
    [InlineData(Signal.Trigger)]
    [InlineData(Signal.CartridgeSeated)]
    [InlineData(Signal.EmergencyStop)]
    [InlineData(Signal.HomeSwitch)]
    [InlineData(Signal.LimitSwitch)]
    public void Whoever_reads_the_wire_of_a_noisy_device_sees_the_bounce(Signal wire)
    {
        output.WriteLine("Seed 5.");
        Mechanism mechanism = new(0, 0, 0, new Imperfections(ImperfectionLevel.Dynamic, 5));
        WireLevel before = mechanism.LevelOf(wire, 999);
        switch (wire)
        {
            case Signal.Trigger:
                mechanism.SetTrigger(true, 1_000);
                break;
            case Signal.CartridgeSeated:
                mechanism.SetCartridge(true, 1_000);
                break;
            case Signal.EmergencyStop:
                mechanism.SetEmergencyStop(true, 1_000);
                break;
            case Signal.HomeSwitch:
                mechanism.DisplaceStage(-1_250_000, 1_000);
                break;
            default:
                mechanism.DisplaceStage(2_650_000, 1_000);
                break;
        }

        WireLevel[] seen = [.. Enumerable.Range(1_000, 6_000).Select(at => mechanism.LevelOf(wire, at))];
        Assert.NotEqual(before, seen[0]);
        Assert.Contains(before, seen);
        Assert.All(seen[5_000..], level => Assert.Equal(seen[0], level));
    }

    [Fact]
    public void The_gates_in_hardware_do_not_bounce()
    {
        output.WriteLine("Seed 5.");
        Mechanism mechanism = new(0, 0, 0, new Imperfections(ImperfectionLevel.Dynamic, 5));
        mechanism.Drive(Signal.WatchdogToggle, true, 10);
        mechanism.Drive(Signal.NeedleEnable, true, 20);
        mechanism.SetEmergencyStop(true, 1_000);
        Assert.All(Enumerable.Range(1_000, 6_000), at =>
        {
            mechanism.Advance(at);
            Assert.False(mechanism.Needles.Powered);
        });
    }

    private static DepthStage NewStage(ImperfectionLevel level, int seed, int micrometers) =>
        new(micrometers, new Imperfections(level, seed));

    private static void MoveTo(DepthStage stage, int nanometers) => stage.Displace(nanometers - stage.Nanometers, 0);
}
