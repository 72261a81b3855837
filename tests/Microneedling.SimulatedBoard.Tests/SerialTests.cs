// The serial line from both ends: timing, buffers, noise, cut, and misuse of the port.

using System.IO.Ports;
using nanoFramework.Hardware.Esp32;
using Xunit.Abstractions;

namespace Microneedling.SimulatedBoard.Tests;

public sealed class SerialTests(ITestOutputHelper output)
{
    private const double ByteMicroseconds = 10e6 / 115_200;

    [Fact]
    public void Bytes_from_the_host_arrive_one_after_the_other_each_in_ten_bit_times()
    {
        using VirtualBoard board = new();
        List<long> arrivals = [];
        board.PowerOn(() =>
        {
            SerialPort port = Open();
            byte[] one = new byte[1];
            while (true)
            {
                while (port.BytesToRead == 0)
                {
                }

                arrivals.Add((long)HighResTimer.GetCurrent());
                port.Read(one, 0, 1);
            }
        });
        using SerialHostEnd host = board.Serial.Attach(_ => { });
        board.Run(20_000);
        host.Write([1, 2, 3]);
        board.Run(20_000);

        Assert.Equal(3, arrivals.Count);
        Assert.InRange(arrivals[0], 20_000 + ByteMicroseconds, 20_000 + ByteMicroseconds + 200);
        Assert.InRange(arrivals[2], 20_000 + (3 * ByteMicroseconds), 20_000 + (3 * ByteMicroseconds) + 400);
    }

    [Fact]
    public void Bytes_that_have_not_begun_to_pass_are_counted_and_can_be_taken_back()
    {
        using VirtualBoard board = new();
        List<byte> arrived = [];
        board.PowerOn(() =>
        {
            SerialPort port = Open();
            byte[] one = new byte[1];
            while (true)
            {
                if (port.BytesToRead > 0)
                {
                    port.Read(one, 0, 1);
                    arrived.Add(one[0]);
                }
            }
        });
        using SerialHostEnd host = board.Serial.Attach(_ => { });
        board.Run(20_000);
        host.Write([.. Enumerable.Range(0, 100).Select(i => (byte)i)]);
        Assert.Equal(100, host.BytesWaiting);
        board.Run((long)(10.5 * ByteMicroseconds));
        Assert.Equal(89, host.BytesWaiting);
        Assert.Equal(89, host.Discard());
        Assert.Equal(0, host.BytesWaiting);
        host.Write([200]);
        board.Run(20_000);

        Assert.Equal([.. Enumerable.Range(0, 11).Select(i => (byte)i), 200], arrived);
    }

    [Fact]
    public void Bytes_to_the_host_come_in_order_at_the_line_rate_within_one_usb_frame()
    {
        using VirtualBoard board = new();
        List<(long At, byte Value)> received = [];
        long written = 0;
        board.PowerOn(() =>
        {
            SerialPort port = Open();
            written = (long)HighResTimer.GetCurrent();
            port.Write([.. Enumerable.Range(0, 100).Select(i => (byte)i)], 0, 100);
            FirmwareRuntime.Sleep(Timeout.Infinite);
        });
        using SerialHostEnd host = board.Serial.Attach(bytes => received.AddRange(bytes.ToArray().Select(value => (board.NowMicroseconds, value))));
        board.Run(50_000);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (byte)i), received.Select(one => one.Value));
        long start = written + ApiCosts.SerialWrite + 100;
        for (int i = 0; i < 100; i++)
        {
            double leaves = start + ((i + 1) * ByteMicroseconds);
            Assert.InRange(received[i].At, leaves - 1, leaves + 1_000);
        }
    }

    [Fact]
    public void A_write_beyond_the_hardwares_128_bytes_waits_for_the_line()
    {
        using VirtualBoard board = new();
        long small = 0;
        long large = 0;
        board.RunToEnd(() =>
        {
            SerialPort port = Open();
            long start = (long)HighResTimer.GetCurrent();
            port.Write(new byte[128], 0, 128);
            small = (long)HighResTimer.GetCurrent() - start;
            FirmwareRuntime.Sleep(100);
            start = (long)HighResTimer.GetCurrent();
            port.Write(new byte[256], 0, 256);
            large = (long)HighResTimer.GetCurrent() - start;
        });
        Assert.True(small < 500, $"{small} µs");
        Assert.InRange(large, 128 * ByteMicroseconds, (130 * ByteMicroseconds) + 600);
    }

    [Fact]
    public void Reading_waits_for_the_whole_count_and_then_times_out()
    {
        using VirtualBoard board = new();
        long waited = 0;
        Assert.Throws<TimeoutException>(() => board.RunToEnd(() =>
        {
            SerialPort port = Open();
            port.ReadTimeout = 50;
            long start = (long)HighResTimer.GetCurrent();
            try
            {
                port.Read(new byte[1], 0, 1);
            }
            finally
            {
                waited = (long)HighResTimer.GetCurrent() - start;
            }
        }));
        Assert.InRange(waited, 50_000, 51_000);
    }

    [Fact]
    public void Reading_more_than_is_there_without_a_time_out_explains_itself_instead_of_hanging()
    {
        using VirtualBoard board = new();
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(
            () => board.RunToEnd(() => Open().Read(new byte[1], 0, 1)));
        Assert.Contains("BytesToRead", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_needs_its_pins_opens_once_and_is_not_the_debuggers()
    {
        using VirtualBoard board = new();
        board.RunToEnd(() =>
        {
            Assert.Throws<InvalidOperationException>(() => new SerialPort("COM1").Open());
            Assert.Throws<InvalidOperationException>(() => new SerialPort("COM2").Open());
            Assert.Throws<ArgumentException>(() => new SerialPort("COM9").Open());
            SerialPort port = Open();
            Assert.Throws<InvalidOperationException>(port.Open);
            Assert.Throws<InvalidOperationException>(() => port.ReadBufferSize = 512);
            Assert.Throws<NotSupportedException>(() => port.DataReceived += (_, _) => { });
            port.Close();
            Assert.Throws<InvalidOperationException>(() => port.BytesToRead);
            port.Open();
            Assert.True(port.IsOpen);
        });
    }

    [Fact]
    public void A_port_on_other_pins_than_the_wired_ones_reaches_nobody()
    {
        using VirtualBoard board = new();
        int received = 0;
        int read = -1;
        board.PowerOn(() =>
        {
            Configuration.SetPinFunction(18, DeviceFunction.COM2_TX);
            Configuration.SetPinFunction(17, DeviceFunction.COM2_RX);
            SerialPort port = new("COM2", 115_200);
            port.Open();
            port.Write([1, 2, 3], 0, 3);
            FirmwareRuntime.Sleep(50);
            read = port.BytesToRead;
        });
        using SerialHostEnd host = board.Serial.Attach(bytes => received += bytes.Length);
        board.Run(10_000);
        host.Write([1, 2, 3]);
        board.Run(100_000);
        Assert.Equal((0, 0), (received, read));
    }

    [Fact]
    public void At_another_baud_rate_neither_side_understands_the_other()
    {
        using VirtualBoard board = new();
        byte[] sent = [.. Enumerable.Repeat((byte)0x55, 40)];
        List<byte> received = [];
        byte[] read = new byte[40];
        board.PowerOn(() =>
        {
            SerialPort port = Open(baudRate: 57_600);
            port.Write(sent, 0, sent.Length);
            FirmwareRuntime.Sleep(100);
            port.Read(read, 0, port.BytesToRead);
        });
        using SerialHostEnd host = board.Serial.Attach(bytes => received.AddRange(bytes.ToArray()));
        board.Run(10_000);
        host.Write(sent);
        board.Run(200_000);
        Assert.NotEqual(sent, received);
        Assert.NotEqual(sent, read);
    }

    [Fact]
    public void With_nobody_attached_what_the_device_sends_is_lost_and_only_one_host_attaches_at_a_time()
    {
        using VirtualBoard board = new();
        board.PowerOn(() =>
        {
            SerialPort port = Open();
            for (byte i = 0; ; i++)
            {
                port.Write([i], 0, 1);
                FirmwareRuntime.Sleep(1);
            }
        });
        board.Run(105_000);
        List<byte> received = [];
        SerialHostEnd host = board.Serial.Attach(bytes => received.AddRange(bytes.ToArray()));
        Assert.Throws<InvalidOperationException>(() => board.Serial.Attach(_ => { }));
        board.Run(50_000);
        host.Dispose();
        board.Run(50_000);

        Assert.Equal(5, received.Count);
        Assert.True(received[0] >= 9);
        Assert.Throws<ObjectDisposedException>(() => host.Write([1]));
        board.Serial.Attach(_ => { }).Dispose();
    }

    [Fact]
    public void A_cut_line_passes_nothing_either_way_and_a_mended_one_everything_again()
    {
        using VirtualBoard board = new();
        int received = 0;
        int read = 0;
        board.PowerOn(() => EchoCounting(() => read++));
        using SerialHostEnd host = board.Serial.Attach(bytes => received += bytes.Length);
        board.Run(10_000);
        host.Write(new byte[10]);
        board.Run(100_000);
        Assert.Equal((10, 10), (read, received));

        board.Serial.Cut = true;
        host.Write(new byte[10]);
        board.Run(100_000);
        Assert.Equal((10, 10), (read, received));

        board.Serial.Cut = false;
        host.Write(new byte[10]);
        board.Run(100_000);
        Assert.Equal((20, 20), (read, received));
    }

    [Theory]
    [InlineData(0.1, 0, 0)]
    [InlineData(0, 0.1, 0)]
    [InlineData(0, 0, 0.1)]
    public void Noise_flips_drops_and_inserts_bytes_at_its_probability(double flip, double drop, double insert)
    {
        const int Seed = 11;
        const int Count = 5_000;
        output.WriteLine($"Seed {Seed}.");
        using VirtualBoard board = new(new BoardOptions { Seed = Seed });
        List<byte> received = [];
        board.PowerOn(() =>
        {
            SerialPort port = Open();
            for (int i = 0; i < Count / 100; i++)
            {
                port.Write(new byte[100], 0, 100);
            }
        });
        board.Serial.Noise = new LineNoise(flip, drop, insert);
        using SerialHostEnd host = board.Serial.Attach(bytes => received.AddRange(bytes.ToArray()));
        board.Run(FakeFirmware.Seconds);

        int expectedCount = (int)(Count * (1 - drop + insert));
        Assert.InRange(received.Count, expectedCount - 100, expectedCount + 100);
        int changed = received.Count(value => value != 0);
        Assert.InRange(changed, (Count * (flip + insert)) - 100, (Count * (flip + insert)) + 100);
    }

    [Fact]
    public void Power_off_in_the_middle_of_a_write_sends_no_more_than_had_left()
    {
        using VirtualBoard board = new();
        List<byte> received = [];
        board.PowerOn(() =>
        {
            SerialPort port = Open();
            port.Write([.. Enumerable.Range(1, 100).Select(i => (byte)i)], 0, 100);
            FirmwareRuntime.Sleep(Timeout.Infinite);
        });
        using SerialHostEnd host = board.Serial.Attach(bytes => received.AddRange(bytes.ToArray()));
        Assert.True(board.RunUntil(() => received.Count > 20, 100_000));
        board.PowerOff();
        board.RunFor(100_000);
        Assert.InRange(received.Count, 21, 50);
        Assert.Equal(Enumerable.Range(1, received.Count).Select(i => (byte)i), received);
    }

    private static SerialPort Open(int bufferSize = 256, int baudRate = 115_200)
    {
        Configuration.SetPinFunction(17, DeviceFunction.COM2_TX);
        Configuration.SetPinFunction(18, DeviceFunction.COM2_RX);
        SerialPort port = new("COM2", baudRate);
        if (bufferSize > 0)
        {
            port.ReadBufferSize = bufferSize;
        }

        port.Open();
        return port;
    }

    private static void EchoCounting(Action countOne)
    {
        SerialPort port = Open();
        byte[] one = new byte[1];
        while (true)
        {
            while (port.BytesToRead > 0)
            {
                port.Read(one, 0, 1);
                countOne();
                port.Write(one, 0, 1);
            }

            FirmwareRuntime.Sleep(10);
        }
    }
}
