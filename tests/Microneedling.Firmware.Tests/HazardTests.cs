using Microneedling.Firmware;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>Single failures and odd sequences that could bring tips out deeper than accepted, or out unasked.</summary>
public sealed class HazardTests(ITestOutputHelper output)
{
    private static byte[] Framed(Message message, ushort sequence)
    {
        byte[] frame = new byte[Framing.MaximumFrameLength];
        return frame[..new FrameEncoder().Encode(message, sequence, 0, frame)];
    }

    [Fact]
    public void A_command_that_came_just_before_the_stop_byte_does_not_outlive_it()
    {
        using var rig = Treating.Homed(output);
        uint token = rig.Configure(1500, 60000).Token;
        rig.SendRaw([.. Framed(new Arm { Token = token }, 40001), Framing.Stop]);
        for (int i = 0; i < 200; i++)
        {
            rig.RunFor(TimeSpan.FromMilliseconds(10));
            Assert.True(rig.Bench.StageMicrometers <= -1000);
        }

        Assert.Equal((byte)DeviceState.Parked, rig.Status().State);
        rig.SendRaw([.. Framed(new EmptyMessage(MessageId.Home), 40002), Framing.Stop]);
        rig.RunFor(TimeSpan.FromMilliseconds(200));
        Assert.Equal((byte)DeviceState.Unhomed, rig.Status().State);
    }
}
