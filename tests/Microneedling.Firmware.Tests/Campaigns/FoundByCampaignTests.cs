using Microneedling.SimulatedBoard;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>What campaigns have found, kept as the short scenarios that they printed, or as the family of them.</summary>
public sealed class FoundByCampaignTests(ITestOutputHelper output)
{
    private const long Second = 1_000_000;

    public static TheoryData<int> OffsetsInATick => [.. Enumerable.Range(0, 12)];

    [Theory]
    [MemberData(nameof(OffsetsInATick))]
    public void A_STOP_byte_right_behind_an_arming_command_leaves_nothing_armed(int milliseconds)
    {
        long armed = (7 * Second) + (milliseconds * 1_000);
        Scenario.Replay(output, 1, new BoardOptions(),
        [
            new Deed(Second / 2, DeedKind.Hello),
            new Deed(Second, DeedKind.Home),
            new Deed(6 * Second, DeedKind.Configure, 500, 60000, 1500),
            new Deed(armed, DeedKind.Arm),
            new Deed(armed + 1_000, DeedKind.StopByte),
            new Deed(10 * Second, DeedKind.Press),
            new Deed(12 * Second, DeedKind.Release),
        ]);
    }

    [Theory]
    [InlineData(10, 36_700)]
    [InlineData(10, 41_300)]
    [InlineData(22, 47_900)]
    [InlineData(22, 53_100)]
    public void Pauses_at_any_moment_of_a_move_make_the_stage_lose_no_step(int milliseconds, int spacingMicroseconds)
    {
        List<Deed> deeds =
        [
            new(Second / 2, DeedKind.Hello),
            new(Second, DeedKind.Home),
            new(10 * Second, DeedKind.Configure, 1500, 60000, 1500),
            new(11 * Second, DeedKind.Arm),
            new(20 * Second, DeedKind.Stop),
        ];
        for (long at = Second - 1; at < 26 * Second; at += spacingMicroseconds)
        {
            deeds.Add(new Deed(at, DeedKind.Pause, milliseconds));
        }

        Scenario.Replay(output, 1, new BoardOptions(), [.. deeds]);
    }
}
