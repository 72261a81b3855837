using Microneedling.Simulator;

namespace Microneedling.Client.Tests.Transports;

public sealed class PseudoTerminalTests : IDisposable
{
    private static readonly byte[] Ping = [0x7E, 0x03, 0x0D, 0x0A, 0x11, 0x13, 0x1A, 0x00, 0xFF];

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("pseudo-terminal-");

    public void Dispose() => directory.Delete(recursive: true);

    [UnixFact]
    public void Bytes_pass_unchanged_both_ways_from_the_first_on()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using RawHost host = new(terminal.SlavePath);

        Assert.Equal(Ping.Length, terminal.Write(Ping));
        Assert.Equal(Ping, host.Read(Ping.Length));
        host.Write(Ping);
        Assert.Equal(Ping, Read(terminal, Ping.Length));
        Assert.False(host.HasSomething());
    }

    [UnixFact]
    public void Hosts_come_and_go()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        for (byte visit = 0; visit < 20; visit++)
        {
            using RawHost host = new(terminal.SlavePath);
            host.Write([visit]);
            Assert.Equal([visit], Read(terminal, 1));
            terminal.Write([visit]);
            Assert.Equal([visit], host.Read(1));
        }
    }

    [UnixFact]
    public void A_host_that_comes_while_the_device_waits_is_heard()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using Reader reader = new(terminal);
        using RawHost host = new(terminal.SlavePath);
        host.Write(Ping);
        Assert.Equal(Ping, reader.Take(Ping.Length));
    }

    [UnixFact]
    public void What_is_sent_while_no_host_is_there_is_lost_and_counted()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        Assert.Equal(0, terminal.Write(Ping));
        Assert.Equal(Ping.Length, terminal.DroppedBytes);

        using RawHost host = new(terminal.SlavePath);
        terminal.Write([0x55]);
        Assert.Equal([0x55], host.Read(1));
    }

    [UnixFact]
    public void A_host_that_reads_nothing_costs_bytes_but_never_stops_the_device()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using RawHost host = new(terminal.SlavePath);
        byte[] frame = new byte[256];
        long taken = 0;
        for (int frames = 0; frames < 4096; frames++)
        {
            taken += terminal.Write(frame);
        }

        Assert.InRange(terminal.DroppedBytes, 1, (4096 * 256) - 1);
        Assert.Equal(4096 * 256, taken + terminal.DroppedBytes);
    }

    [UnixFact]
    public void Disposing_ends_a_read_and_hangs_up()
    {
        PseudoTerminal terminal = PseudoTerminal.Open();
        using RawHost host = new(terminal.SlavePath);
        using (Reader reader = new(terminal))
        {
            terminal.Dispose();
            reader.WaitForTheEnd();
        }

        Assert.Empty(host.Read(1));
        terminal.Dispose();
        Assert.Equal(0, terminal.Write(Ping));
    }

    [UnixFact]
    public void Cancelling_ends_a_read_and_nothing_else()
    {
        using PseudoTerminal terminal = PseudoTerminal.Open();
        using RawHost host = new(terminal.SlavePath);
        for (int round = 0; round < 100; round++)
        {
            using CancellationTokenSource cancellation = new();
            Thread canceller = new(cancellation.Cancel);
            canceller.Start();
            Assert.ThrowsAny<OperationCanceledException>(() => terminal.Read(new byte[1], cancellation.Token));
            canceller.Join();
        }

        host.Write([0x55]);
        Assert.Equal([0x55], Read(terminal, 1));
    }

    [UnixFact]
    public void The_link_leads_to_the_terminal_replaces_an_old_link_and_goes_with_the_terminal()
    {
        string link = Path.Combine(directory.FullName, "device");
        File.CreateSymbolicLink(link, "/dev/pts/a-terminal-long-gone");
        using (PseudoTerminal terminal = PseudoTerminal.Open(link))
        {
            using RawHost host = new(link);
            terminal.Write([0x55]);
            Assert.Equal([0x55], host.Read(1));
        }

        Assert.Null(new FileInfo(link).LinkTarget);
    }

    [UnixFact]
    public void The_link_of_another_terminal_is_left_alone_at_the_end()
    {
        string link = Path.Combine(directory.FullName, "device");
        PseudoTerminal first = PseudoTerminal.Open(link);
        using PseudoTerminal second = PseudoTerminal.Open(link);
        first.Dispose();
        Assert.Equal(second.SlavePath, new FileInfo(link).LinkTarget);
    }

    [UnixFact]
    public void A_file_or_directory_in_the_place_of_the_link_is_not_replaced()
    {
        string file = Path.Combine(directory.FullName, "notes");
        File.WriteAllText(file, "precious");
        Assert.Contains(file, Assert.Throws<IOException>(() => PseudoTerminal.Open(file)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(file));
        Assert.Throws<IOException>(() => PseudoTerminal.Open(directory.FullName));
    }

    private static byte[] Read(PseudoTerminal terminal, int count)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        byte[] bytes = new byte[count];
        for (int read = 0; read < count;)
        {
            read += terminal.Read(bytes.AsSpan(read), patience.Token);
        }

        return bytes;
    }

    /// <summary>Reads on a thread of its own, from before the host comes.</summary>
    private sealed class Reader : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

        private readonly System.Collections.Concurrent.BlockingCollection<byte> bytes = [];
        private readonly CancellationTokenSource ending = new();
        private readonly Thread thread;

        public Reader(PseudoTerminal terminal)
        {
            thread = new Thread(() =>
            {
                byte[] buffer = new byte[16];
                try
                {
                    for (int count; (count = terminal.Read(buffer, ending.Token)) > 0;)
                    {
                        foreach (byte value in buffer.AsSpan(0, count))
                        {
                            bytes.Add(value);
                        }
                    }
                }
                catch (OperationCanceledException)
                {
                }
            });
            thread.Start();
        }

        public byte[] Take(int count)
        {
            byte[] taken = new byte[count];
            for (int index = 0; index < count; index++)
            {
                Assert.True(bytes.TryTake(out taken[index], Patience), $"Only {index} of {count} bytes came.");
            }

            return taken;
        }

        public void WaitForTheEnd() => Assert.True(thread.Join(Patience));

        public void Dispose()
        {
            ending.Cancel();
            WaitForTheEnd();
            ending.Dispose();
            bytes.Dispose();
        }
    }
}
