using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microneedling.Client.Transports;
using Microneedling.Client.Transports.Native;
using Microneedling.Simulator;
using Microsoft.Win32.SafeHandles;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Transports;

/// <summary>Serial ports, on pseudo-terminals.</summary>
public sealed class SerialTransportTests(ITestOutputHelper output) : TransportContract(output), IDisposable
{
    private const int TerminalQueueBytes = 4096;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("serial-");

    public void Dispose() => directory.Delete(recursive: true);

    [UnixFact]
    public async Task A_terminal_as_the_system_makes_it_becomes_a_plain_wire()
    {
        using CookedTerminal terminal = new();
        if (OperatingSystem.IsLinux())
        {
            Run("stty", "-F", terminal.SlavePath, "9600", "hupcl", "cstopb", "crtscts", "ixoff", "-clocal");
        }

        await using ITransport transport = await OpenAsync(terminal.SlavePath);
        byte[] signals = [0x03, 0x04, 0x0D, 0x0A, 0x11, 0x13, 0x15, 0x1A, 0x1C, 0x7F, 0x80, 0xFF, 0x00];

        terminal.Write(signals);
        Assert.Equal(signals, await ReadAsync(transport, signals.Length));
        await transport.WriteAsync(signals, default);
        Assert.Equal(signals, terminal.Read(signals.Length));
        if (OperatingSystem.IsLinux())
        {
            string settings = Settings(terminal.SlavePath);
            Assert.Contains("speed 115200 baud", settings, StringComparison.Ordinal);
            string[] words = settings.Split([' ', ';', '\n'], StringSplitOptions.RemoveEmptyEntries);
            string[] wanted = ["cs8", "-parenb", "-cstopb", "-crtscts", "-hupcl", "clocal", "cread", "-ixon", "-ixoff", "-icanon", "-isig", "-echo", "-opost"];
            Assert.Empty(wanted.Except(words));
        }
    }

    [UnixFact]
    public async Task Bytes_that_came_before_opening_are_not_read()
    {
        using SerialPeer peer = new();
        using (RawHost earlier = new(peer.Terminal.SlavePath))
        {
            peer.Write("an old frame"u8);
            Assert.Equal("an old", Encoding.ASCII.GetString(earlier.Read(6)));
            await using ITransport transport = await peer.OpenAsync();
            peer.Write([0x55]);
            Assert.Equal([0x55], await ReadAsync(transport, 1));
        }
    }

    [UnixFact]
    public async Task A_device_that_is_plugged_in_again_is_opened_by_the_same_name()
    {
        string link = Path.Combine(directory.FullName, "device");
        for (byte round = 0; round < 10; round++)
        {
            SerialPeer peer = new(link);
            await using ITransport transport = await peer.OpenAsync();
            peer.Write([round]);
            Assert.Equal([round], await ReadAsync(transport, 1));
            ValueTask<int> reading = transport.ReadAsync(new byte[1], default);
            peer.Dispose();
            Assert.Equal(0, await WithinPatience(reading));
            Assert.Contains("Plug the device in", (await RefusedAsync(link)).Message, StringComparison.Ordinal);
        }
    }

    [UnixFact]
    public async Task A_port_in_use_is_refused_and_the_message_says_by_whom()
    {
        using SerialPeer peer = new();
        await using (await peer.OpenAsync())
        {
            LinkException refused = await RefusedAsync(peer.Terminal.SlavePath);
            Assert.True(refused.IsTransient);
            Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
            if (OperatingSystem.IsLinux())
            {
                Assert.Contains($"this program itself", refused.Message, StringComparison.Ordinal);
                Assert.Contains(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
            }
        }

        await using ITransport again = await peer.OpenAsync();
    }

    [UnixFact]
    public void The_program_that_has_a_port_open_is_found_by_name()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string link = Path.Combine(directory.FullName, "device");
        using SerialPeer peer = new(link);
        ProcessStartInfo shell = new("sh") { RedirectStandardInput = true, RedirectStandardOutput = true, ArgumentList = { "-c", "exec 3<\"$0\"; echo ready; exec cat", link } };
        using Process other = Process.Start(shell)!;
        Assert.Equal("ready", other.StandardOutput.ReadLine());
        Assert.Equal(other.Id, PortHolder.Find(link)?.ProcessId);

        // The shell becomes cat, which then answers.
        other.StandardInput.WriteLine("here");
        Assert.Equal("here", other.StandardOutput.ReadLine());
        Assert.Equal(("cat", other.Id), PortHolder.Find(link));
        other.StandardInput.Close();
        other.WaitForExit();
        Assert.Null(PortHolder.Find(link));
    }

    [UnixFact]
    public void Without_permission_the_message_names_the_group_and_how_to_join_it()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using SerialPeer peer = new();

        if (Environment.IsPrivilegedProcess)
        {
            Run("chgrp", "dialout", peer.Terminal.SlavePath);
        }

        // The owner himself is shut out, but its group is not.
        File.SetUnixFileMode(peer.Terminal.SlavePath, UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        LinkException refused = RefusedToNobody(peer.Terminal.SlavePath);
        Assert.False(refused.IsTransient);
        string group = GroupOf(peer.Terminal.SlavePath);
        Assert.Contains($"'sudo usermod -aG {group} $USER', then sign out and in again", refused.Message, StringComparison.Ordinal);

        File.SetUnixFileMode(peer.Terminal.SlavePath, UnixFileMode.None);
        Assert.Contains($"Nor may its group, {group}", RefusedToNobody(peer.Terminal.SlavePath).Message, StringComparison.Ordinal);
        if (Environment.IsPrivilegedProcess)
        {
            Run("chgrp", "root", peer.Terminal.SlavePath);
            Assert.Contains("administrator's alone", RefusedToNobody(peer.Terminal.SlavePath).Message, StringComparison.Ordinal);
        }
    }

    [UnixFact]
    public async Task A_port_that_is_not_there_is_answered_with_what_to_do()
    {
        LinkException refused = await RefusedAsync("/dev/ttyUSB-not-here");
        Assert.True(refused.IsTransient);
        Assert.Contains("There is no serial port '/dev/ttyUSB-not-here'. Plug the device in and switch it on.", refused.Message, StringComparison.Ordinal);
        Assert.Matches("Found: /dev/|No serial port was found", refused.Message);
    }

    [UnixFact]
    public async Task A_file_a_directory_and_a_device_of_another_kind_are_not_serial_ports()
    {
        string file = Path.Combine(directory.FullName, "notes");
        File.WriteAllText(file, "precious");
        foreach (string path in new[] { file, directory.FullName, "/dev/null" })
        {
            LinkException refused = await RefusedAsync(path);
            Assert.False(refused.IsTransient);
            Assert.Contains($"'{path}' is not a serial port", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal("precious", File.ReadAllText(file));
    }

    [UnixFact]
    public async Task A_port_name_of_Windows_is_answered_with_an_example()
    {
        foreach (string name in new[] { "COM5", "ttyUSB0", "" })
        {
            LinkException refused = await RefusedAsync(name);
            Assert.False(refused.IsTransient);
            Assert.Contains("serial:/dev/ttyUSB0", refused.Message, StringComparison.Ordinal);
        }
    }

    private protected override Peer CreatePeer() => new SerialPeer();

    protected override int LongestBeforeUrgent => TerminalQueueBytes;

    private static Task<ITransport> OpenAsync(string path) => TransportRegistry.CreateStandard().OpenAsync("serial:" + path);

    private static Task<LinkException> RefusedAsync(string path) => Assert.ThrowsAsync<LinkException>(() => OpenAsync(path));

    /// <summary>Opens as nobody: root is refused nothing. Only the thread changes who it is, and ends.</summary>
    private static LinkException RefusedToNobody(string path)
    {
        Exception? refused = null;
        Thread thread = new(() =>
        {
            if (Environment.IsPrivilegedProcess)
            {
                const uint Nobody = 65534;
                _ = SetFileUser(Nobody);
            }

            refused = Record.Exception(() => TermiosLine.Open(path).Dispose());
        });
        thread.Start();
        thread.Join();
        return Assert.IsType<LinkException>(refused);
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    private static extern int SetFileUser(uint user);

    private static string Settings(string path) => Run("stty", "-F", path, "-a");

    private static string GroupOf(string path) => Run("stat", "-c", "%G", path).Trim();

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return printed;
    }

    /// <summary>A pseudo-terminal with the settings that every terminal begins with: for people, with echo and signals.</summary>
    private sealed class CookedTerminal : IDisposable
    {
        private readonly SafeFileHandle master = Posix.OpenPseudoTerminal(Posix.TerminalFlags & ~NonBlocking);

        public CookedTerminal()
        {
            Assert.False(master.IsInvalid);
            Assert.Equal(0, Posix.Grant(master));
            Assert.Equal(0, Posix.Unlock(master));
            byte[] name = new byte[256];
            Assert.Equal(0, Posix.GetSlaveName(master, name, (nuint)name.Length));
            SlavePath = Encoding.UTF8.GetString(name.AsSpan(0, Array.IndexOf(name, (byte)0)));
        }

        public string SlavePath { get; }

        private static int NonBlocking => OperatingSystem.IsMacOS() ? 0x4 : 0x800;

        public void Write(ReadOnlySpan<byte> bytes) => Assert.Equal(bytes.Length, (int)Posix.Write(master, bytes, (nuint)bytes.Length));

        public byte[] Read(int count)
        {
            byte[] bytes = new byte[count];
            for (int read = 0, got; read < count; read += got)
            {
                got = (int)Posix.Read(master, bytes.AsSpan(read), (nuint)(count - read));
                Assert.True(got > 0);
            }

            return bytes;
        }

        public void Dispose() => master.Dispose();
    }
}
