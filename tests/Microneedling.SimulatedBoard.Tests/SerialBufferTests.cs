// What the chip does with bytes that nobody takes: a full ring drops the rest, an overflowing FIFO loses all that is in it.

using System.IO.Ports;
using nanoFramework.Hardware.Esp32;
using Xunit.Abstractions;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class SerialBufferTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(null, 256)]
    [InlineData(1_024, 262)]
    [InlineData(16, 129)]
    public void A_full_ring_keeps_what_it_has_and_silently_drops_the_rest(int? ringSize, int expectedKept)
    {
        using VirtualBoard board = new();
        byte[] kept = [];
        board.PowerOn(() =>
        {
            SerialPort port = Open(ringSize);
            FirmwareRuntime.Sleep(100);
            kept = new byte[port.BytesToRead];
            port.Read(kept, 0, kept.Length);
        });
        using SerialHostEnd host = board.Serial.Attach(_ => { });
        board.Run(10_000);
        byte[] sent = [.. Enumerable.Range(0, 262).Select(i => (byte)i)];
        host.Write(sent);
        board.Run(200_000);

        Assert.Equal(sent.Take(expectedKept), kept);
        Assert.Equal(262 - expectedKept, board.Serial.BytesDropped);
        Assert.Equal(0, board.Serial.Overflows);
    }

    [Fact]
    public void The_ring_takes_bytes_again_as_soon_as_some_were_read_and_keeps_their_order()
    {
        using VirtualBoard board = new();
        List<byte> read = [];
        board.PowerOn(() =>
        {
            SerialPort port = Open(200);
            byte[] buffer = new byte[64];
            while (true)
            {
                int count = Math.Min(port.BytesToRead, buffer.Length);
                if (count > 0)
                {
                    port.Read(buffer, 0, count);
                    read.AddRange(buffer.AsSpan(0, count));
                }

                FirmwareRuntime.Sleep(1);
            }
        });
        using SerialHostEnd host = board.Serial.Attach(_ => { });
        board.Run(10_000);
        byte[] sent = [.. Enumerable.Range(0, 1_000).Select(i => (byte)(i * 7))];
        host.Write(sent.AsSpan(0, 500));
        board.Run(60_000);
        host.Write(sent.AsSpan(500));
        board.Run(300_000);

        // 64 bytes in 10 ms is slower than the line: the ring fills and then loses some, but never their order.
        Assert.InRange(read.Count, 700, 1_000);
        Assert.Equal(1_000 - read.Count, board.Serial.BytesDropped);
        Assert.Equal(sent.Take(300), read.Take(300));
    }

    [Fact]
    public void While_flash_is_erased_128_bytes_are_kept_and_one_more_loses_all_of_them()
    {
        const int Seed = 3;
        output.WriteLine($"Seed {Seed}.");
        using VirtualBoard board = new(new BoardOptions { Seed = Seed });
        using SerialHostEnd host = board.Serial.Attach(_ => { });
        List<(bool Erased, int Sent, int Kept, bool Overflowed)> rounds = [];
        board.RunToEnd(() =>
        {
            SerialPort port = Open(1_024);
            for (int round = 0; round < 100; round++)
            {
                int sent = round % 2 == 0 ? 200 : 400;
                long overflows = board.Serial.Overflows;
                host.Write(new byte[sent]);
                long start = (long)HighResTimer.GetCurrent();
                FlashFile file = FlashRuntime.Open(@"I:\a.bin", FileMode.Create, FileAccess.Write);
                file.Write([1], 0, 1);
                file.Close();
                bool erased = (long)HighResTimer.GetCurrent() - start > ApiCosts.FlashErase;
                FirmwareRuntime.Sleep(100);
                byte[] kept = new byte[port.BytesToRead];
                port.Read(kept, 0, kept.Length);
                rounds.Add((erased, sent, kept.Length, board.Serial.Overflows > overflows));
            }
        });

        Assert.All(rounds.Where(round => !round.Erased), round => Assert.Equal((round.Sent, false), (round.Kept, round.Overflowed)));
        Assert.All(rounds.Where(round => round is { Erased: true, Sent: 200 }), round => Assert.Equal((200, false), (round.Kept, round.Overflowed)));
        Assert.All(rounds.Where(round => round is { Erased: true, Sent: 400 }), round =>
        {
            Assert.True(round.Overflowed);
            Assert.InRange(round.Kept, 60, 100);
        });
        Assert.Contains(rounds, round => round is { Erased: true, Sent: 200 });
        Assert.Contains(rounds, round => round is { Erased: true, Sent: 400 });
        Assert.InRange(rounds.Count(round => round.Erased), 5, 20);
    }

    private static SerialPort Open(int? ringSize)
    {
        Configuration.SetPinFunction(17, DeviceFunction.COM2_TX);
        Configuration.SetPinFunction(18, DeviceFunction.COM2_RX);
        SerialPort port = new("COM2", 115_200);
        if (ringSize is { } size)
        {
            port.ReadBufferSize = size;
        }

        port.Open();
        return port;
    }
}
