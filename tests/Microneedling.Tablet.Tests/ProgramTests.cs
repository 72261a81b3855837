// The command line, the port, and the pages' own tests.

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Microneedling.Tablet.Tests;

public sealed class ProgramTests
{
    [Fact]
    public void Without_options_the_device_is_simulated_and_the_record_is_in_the_users_local_data()
    {
        var options = TabletOptions.Parse([]);

        Assert.True(options.IsSimulated);
        Assert.Null(options.Port);
        Assert.True(Path.IsPathFullyQualified(options.DatabasePath));
        Assert.EndsWith(Path.Combine("Microneedling", "microneedling.db"), options.DatabasePath, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_given_as_pairs_or_with_an_equals_sign()
    {
        var options = TabletOptions.Parse(["--database=x.db", "--port", "5099", "--device", "device:1042", "--trace=line.txt"]);

        Assert.Equal(Path.GetFullPath("x.db"), options.DatabasePath);
        Assert.Equal(5099, options.Port);
        Assert.Equal(("device:1042", Path.GetFullPath("line.txt")), (options.Device, options.TracePath));
    }

    [Theory]
    [InlineData("--databse", "x")]
    [InlineData("--port", "99999")]
    [InlineData("--port", "-1")]
    [InlineData("--database")]
    [InlineData("--help")]
    public void What_cannot_be_understood_is_told_with_what_can(params string[] arguments) =>
        Assert.Contains("--", Assert.Throws<TabletOptionException>(() => TabletOptions.Parse(arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_port_that_is_taken_is_refused_when_asked_for_and_passed_over_when_not()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bool preferredWasFree = TryBind(other, 5080);
        if (!preferredWasFree)
        {
            other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }

        other.Listen();
        int taken = ((IPEndPoint)other.LocalEndPoint!).Port;

        Assert.Contains($"{taken} is taken", Assert.Throws<TabletOptionException>(() => LoopbackPort.Choose(taken)).Message, StringComparison.Ordinal);
        var (port, remark) = LoopbackPort.Choose(null);
        Assert.InRange(port, 5081, 5099);
        Assert.Equal($"Port 5080 is taken by another program; using {port}.", remark);
    }

    [Fact]
    public async Task Nothing_but_loopback_is_listened_on()
    {
        await using var tablet = await RunningTablet.StartAsync();

        Assert.Equal("127.0.0.1", tablet.Address.Host);
    }

    [Fact]
    public async Task The_pages_own_tests_pass()
    {
        string web = Path.GetFullPath(Path.Combine(ThisFile(), "../../../host/Microneedling.Tablet/web"));
        var (command, arguments) = OperatingSystem.IsWindows() ? ("cmd", "/c npm test --silent") : ("npm", "test --silent");
        using var vitest = Process.Start(new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = web,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = vitest.StandardError.ReadToEndAsync();
        string output = await vitest.StandardOutput.ReadToEndAsync();
        await vitest.WaitForExitAsync();

        Assert.True(vitest.ExitCode == 0, output + await errors);
        Assert.Contains("passed", output, StringComparison.Ordinal);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static bool TryBind(Socket socket, int port)
    {
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
