// The command line as a process, against the simulator as another: signals, serial ports, stop. What a device really does is
// asked of the simulator's console.

using Microneedling.Client.Discovery;

namespace Microneedling.Cli.Tests;

public sealed class ProcessTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-cli-");
    private readonly List<RunningProgram> programs = [];

    [UnixFact]
    public async Task Ctrl_C_stops_a_running_device_before_the_program_ends()
    {
        var (simulator, address) = await StartAsync("--tcp", "0");
        var run = Cli("run", "--device", address, "--depth", "0.8", "--rate", "80", "--strokes", "100000", "--yes", "--home");
        await run.Errors.NextAsync("Press the trigger");
        await simulator.TellAsync("trigger");
        await run.Output.NextAsync("running");
        await TruthAsync(simulator, truth => Number(truth, "strokes_per_s") > 0);
        run.Interrupt();

        Assert.Equal(130, await run.ExitCodeAsync());
        await run.Errors.NextAsync("the device has confirmed it");
        await TruthAsync(simulator, truth => Number(truth, "strokes_per_s") == 0 && Number(truth, "tip_um") < 0 && Number(truth, "stage_um") < -900);
    }

    [UnixFact]
    public async Task A_shell_that_ends_disarms_a_device_at_a_serial_port()
    {
        var (simulator, address) = await StartAsync("--pty", "./microneedling0");
        var arm = Cli("arm", "--device", address, "--depth", "0.5", "--rate", "60", "--yes", "--home", "--json");
        await arm.Errors.NextAsync("Armed:");
        await TruthAsync(simulator, truth => Number(truth, "stage_um") > 400);
        arm.Terminate();

        Assert.Equal(130, await arm.ExitCodeAsync());
        await TruthAsync(simulator, truth => Number(truth, "stage_um") < -900);
        Assert.All(arm.Output.All, line => System.Text.Json.JsonDocument.Parse(line).Dispose());
    }

    [UnixFact]
    public async Task A_second_Ctrl_C_ends_at_once_when_the_stop_is_not_confirmed()
    {
        var (simulator, address) = await StartAsync("--tcp", "0");
        var arm = Cli("arm", "--device", address, "--depth", "0.5", "--rate", "60", "--yes", "--home");
        await arm.Errors.NextAsync("Armed:");
        await simulator.TellAsync("cut");
        await simulator.Output.NextAsync("cable cut");
        arm.Interrupt();
        await arm.Errors.NextAsync("Stopping the device.");
        arm.Interrupt();

        await arm.ExitCodeAsync();
        Assert.DoesNotContain("NOT CONFIRMED", arm.Errors.Text, StringComparison.Ordinal);
        await TruthAsync(simulator, truth => Number(truth, "stage_um") < -900);
    }

    [UnixFact]
    public async Task Ctrl_C_at_a_question_in_service_stops_the_device_and_waits_for_no_answer()
    {
        var (simulator, address) = await StartAsync("--tcp", "0");
        await simulator.TellAsync("pull");
        await simulator.Output.NextAsync("cartridge pulled");
        var jog = Cli("jog", "0.1", "--stay", "--device", address);
        await jog.Errors.NextAsync("Next jog in mm");
        jog.Interrupt();

        Assert.Equal(130, await jog.ExitCodeAsync());
        await jog.Errors.NextAsync("the device has confirmed it");
        using var info = await Typed.RunAsync(0, $"info --device {address} --json");
        Assert.Equal("None", info.Json.GetProperty("status").GetProperty("fault").GetString());
    }

    [Fact]
    public async Task A_latched_fault_refuses_motion_until_it_is_cleared_by_name()
    {
        var (simulator, address) = await StartAsync("--tcp", "0");
        await simulator.TellAsync("estop");
        await simulator.Output.NextAsync("emergency stop pressed");
        using var monitor = Typed.Begin($"monitor --device {address}");
        await monitor.Output.NextAsync("FAULT 502");
        monitor.CtrlC();
        Assert.Equal(130, await monitor.Ending);

        using var pressed = await Typed.RunAsync(3, $"faults clear 502 --device {address} --json");
        Assert.Equal("EmergencyStopPressed", pressed.Json.GetProperty("reason").GetString());
        await simulator.TellAsync("estop release");
        await simulator.Output.NextAsync("emergency stop released");
        using var refused = await Typed.RunAsync(3, $"home --device {address} --json");
        Assert.Equal("FaultLatched", refused.Json.GetProperty("reason").GetString());
        using var cleared = await Typed.RunAsync(0, $"faults clear EmergencyStop --device {address}");
        using var home = await Typed.RunAsync(0, $"home --device {address}");
    }

    [Fact]
    public async Task Stop_says_whether_it_is_confirmed()
    {
        var (simulator, address) = await StartAsync("--tcp", "0");
        using var confirmed = await Typed.RunAsync(0, $"stop --device {address} --json");
        Assert.True(confirmed.Json.GetProperty("confirmed").GetBoolean());

        await simulator.TellAsync("cut");
        await simulator.Output.NextAsync("cable cut");
        using var unconfirmed = await Typed.RunAsync(4, $"stop --device {address}");
        Assert.Contains("STOP was sent and is NOT CONFIRMED.", unconfirmed.Output.Text, StringComparison.Ordinal);

        using var nowhere = await Typed.RunAsync(2, "stop --device tcp://127.0.0.1:1");
        Assert.Contains("STOP WAS NOT SENT.", nowhere.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_device_is_found_several_are_listed_and_stop_reaches_them_all()
    {
        var simulator = Start("--tcp", "0", "--count", "2");
        string[] addresses = [AddressIn(await simulator.Output.NextAsync("device 1  ")), AddressIn(await simulator.Output.NextAsync("device 2  "))];
        await simulator.Output.NextAsync("ready");
        SerialPortInfo[] ports = [.. addresses.Select(address => new SerialPortInfo(address, "/dev/ttyUSB0", new UsbIdentity(0x10C4, 0xEA60), "cp210x"))];

        using var one = await Typed.RunAsync(0, "info --json", new Typed.Setting { Ports = [ports[1]] });
        Assert.Equal(2, one.Json.GetProperty("serialNumber").GetInt32());

        using var several = await Typed.RunAsync(2, "info", new Typed.Setting { Ports = ports });
        Assert.Contains($"--device {addresses[1]}  is device 2", several.Errors.Text, StringComparison.Ordinal);

        using var stop = await Typed.RunAsync(0, "stop --json", new Typed.Setting { Ports = ports });
        Assert.Equal([1, 2], stop.Json.GetProperty("devices").EnumerateArray().Select(device => device.GetProperty("device").GetInt32()));
    }

    [Fact]
    public async Task A_trigger_of_a_real_device_is_not_pressed_by_the_program()
    {
        var (_, address) = await StartAsync("--tcp", "0");
        using var told = await Typed.RunAsync(2, $"run --device {address} --depth 0.5 --rate 60 --strokes 1 --press --yes --home");
        Assert.Contains("--press is for --device sim: only.", told.Errors.Text, StringComparison.Ordinal);

        using var unhomed = await Typed.RunAsync(3, $"run --device {address} --depth 0.5 --rate 60 --strokes 1 --yes --json");
        Assert.Equal("NotHomed", unhomed.Json.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task What_is_beyond_the_limits_is_refused_with_3_and_the_reason()
    {
        var (_, address) = await StartAsync("--tcp", "0");
        using var home = await Typed.RunAsync(0, $"home --device {address}");
        foreach (var (values, reason) in new[]
        {
            ("--depth 1.6 --rate 60", "SupervisorRequired"),
            ("--depth 2.6 --rate 60 --unlock", "DepthAboveAbsolute"),
            ("--depth 1 --rate 60 --cap 0.5", "DepthAboveCap"),
            ("--depth 0.5 --rate 101", "RateTooHigh"),
        })
        {
            using var told = await Typed.RunAsync(3, $"configure --device {address} {values} --json");
            Assert.Equal(reason, told.Json.GetProperty("reason").GetString());
            Assert.NotEmpty(told.Errors.Text);
        }

        using var wrongOrder = await Typed.RunAsync(3, $"selftest --device {address} --json");
        Assert.Equal("WrongState", wrongOrder.Json.GetProperty("reason").GetString());
    }

    [UnixFact]
    public async Task Simulate_runs_the_simulator()
    {
        var simulate = Cli("simulate", "--tcp", "0", "--seed", "42");
        var address = AddressIn(await simulate.Output.NextAsync("device 1  "));
        await simulate.Output.NextAsync("ready");
        var info = Cli("info", "--device", address, "--json", "--trace", "frames.txt");
        Assert.Equal(0, await info.ExitCodeAsync());
        await info.Output.NextAsync("\"serialNumber\": 42");
        Assert.Contains("HelloReply", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "frames.txt")), StringComparison.Ordinal);
        simulate.Interrupt();
        Assert.Equal(0, await simulate.ExitCodeAsync());

        var impossible = Cli("simulate", "--count", "1000000");
        Assert.Equal(2, await impossible.ExitCodeAsync());
    }

    public void Dispose()
    {
        programs.ForEach(program => program.Dispose());
        folder.Delete(recursive: true);
    }

    private RunningProgram Start(params string[] arguments) => Kept(RunningProgram.Simulator(folder.FullName, arguments));

    private RunningProgram Cli(params string[] arguments) => Kept(RunningProgram.Cli(folder.FullName, arguments));

    private RunningProgram Kept(RunningProgram program)
    {
        programs.Add(program);
        return program;
    }

    private async Task<(RunningProgram Simulator, string Address)> StartAsync(params string[] arguments)
    {
        var simulator = Start(arguments);
        var address = AddressIn(await simulator.Output.NextAsync("device 1  "));
        await simulator.Output.NextAsync("ready");
        return (simulator, address);
    }

    private static string AddressIn(string line) => line.Split("  ")[1];

    private static double Number(string truth, string name) => double.Parse(
        truth.Split(' ').First(part => part.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Asks the simulator until its bench is as it should be: stopping and parking take their time.</summary>
    private static async Task TruthAsync(RunningProgram simulator, Func<string, bool> isSo)
    {
        var truth = "";
        for (var asked = 0; asked < 200; asked++)
        {
            await simulator.TellAsync("status");
            truth = await simulator.Output.NextAsync("tip_um=");
            if (isSo(truth))
            {
                return;
            }

            await Task.Delay(20);
        }

        Assert.Fail($"It did not come to be so: {truth}");
    }
}
