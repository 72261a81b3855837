// What the operator says, against boards that stand still in virtual time: every deed is looked for on the bench.

using Microneedling.SimulatedBoard;
using Microneedling.Simulator.Operating;
using Microneedling.Simulator.Plugs;

namespace Microneedling.Simulator.Tests;

public sealed class ConsoleTests : IDisposable
{
    private readonly List<string> said = [];
    private readonly OperatedDevice[] devices = [.. Enumerable.Range(1, 3).Select(Make)];
    private readonly OperatorConsole console;
    private bool quit;

    public ConsoleTests() => console = new OperatorConsole(devices, said.Add, () => quit = true);

    private static Dictionary<string, Func<Bench, bool>> Looks { get; } = new()
    {
        ["trigger"] = static bench => bench.TriggerPressed,
        ["release"] = static bench => !bench.TriggerPressed,
        ["estop"] = static bench => bench.EmergencyStopOpen,
        ["estop release"] = static bench => !bench.EmergencyStopOpen,
        ["seat"] = static bench => bench.CartridgeSeated,
        ["pull"] = static bench => !bench.CartridgeSeated,
    };

    public static TheoryData<string, string> Hands => new()
    {
        { "trigger", "release" },
        { "estop", "estop release" },
        { "seat", "pull" },
    };

    public static TheoryData<BenchFault> Faults => [.. Enum.GetValues<BenchFault>()];

    [Theory]
    [MemberData(nameof(Hands))]
    public void Hands_do_and_undo_at_the_first_device(string deed, string undoing)
    {
        Say(deed);
        Assert.True(Looks[deed](devices[0].Bench));
        Assert.False(Looks[deed](devices[1].Bench));
        Say(undoing);
        Assert.True(Looks[undoing](devices[0].Bench));
        Assert.All(said, line => Assert.StartsWith("device 1: ", line, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Every_fault_of_the_bench_has_a_name_words_and_both_directions(BenchFault fault)
    {
        string name = FaultWords.NameOf(fault);

        Say($"fault {name}");
        Assert.True(devices[0].Bench.HasFault(fault));
        Assert.Equal(fault.ToString(), name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
        said.Clear();
        Say("faults");
        Assert.Equal(Enum.GetValues<BenchFault>().Length, said.Count);
        Assert.Single(said, line => line.StartsWith($"device 1: on  {name} ", StringComparison.Ordinal));
        Say($"fault {fault} off");
        Assert.False(devices[0].Bench.HasFault(fault));
    }

    [Fact]
    public void Power_is_taken_and_given_and_the_firmware_starts_anew()
    {
        Say("power off");
        Assert.Equal(FirmwareState.Off, devices[0].Simulated.Board.FirmwareState);
        Say("power off");
        Say("power on");
        Assert.Equal(FirmwareState.Running, devices[0].Simulated.Board.FirmwareState);
        Assert.Equal(["device 1: power off", "device 1: power is off already", "device 1: power on"], said);
    }

    [Fact]
    public void Mains_feed_the_motors_until_they_are_cut_and_the_reservoir_is_empty()
    {
        Say("mains off");
        devices[0].Simulated.Board.RunFor(120_000_000);
        Assert.False(devices[0].Bench.MotorsHaveSupply);
        Say("mains on");
        Assert.True(devices[0].Bench.MotorsHaveSupply);
    }

    [Fact]
    public void A_supply_that_sags_and_recovers_shows_on_its_wire()
    {
        Say("supply low");
        Say("supply good");
        Assert.Equal([0, 1], devices[0].Simulated.Board.Trace.Entries.Where(static entry => entry.Signal == Signal.SupplyGood).Select(static entry => entry.Value));
    }

    [Fact]
    public void The_cable_is_cut_and_mended_and_made_noisy()
    {
        Say("cut");
        Assert.True(devices[0].Cable.Line.Cut);
        Say("uncut");
        Assert.False(devices[0].Cable.Line.Cut);
        Say("noise 0.25");
        Assert.Equal(0.25, devices[0].Cable.Line.Noise.Flip);
        Say("noise 0");
        Assert.Equal(new LineNoise(), devices[0].Cable.Line.Noise);
    }

    [Fact]
    public void Commands_go_to_the_chosen_device_to_a_named_one_or_to_all()
    {
        Say("device 2");
        Say("trigger");
        Say("3: seat");
        Say("all: estop");

        Assert.Equal([false, true, false], devices.Select(static device => device.Bench.TriggerPressed));
        Assert.Equal([false, false, true], devices.Select(static device => device.Bench.CartridgeSeated));
        Assert.All(devices, static device => Assert.True(device.Bench.EmergencyStopOpen));
        Assert.Equal(["device 2: commands go here", "device 2: trigger pressed", "device 3: cartridge seated"], said[..3]);
    }

    [Fact]
    public void Status_tells_the_physical_truth_in_names_and_values_on_one_line()
    {
        Say("trigger");
        Say("cut");
        Say("fault index-doubled");
        said.Clear();
        Say("STATUS");

        string status = Assert.Single(said);
        Assert.StartsWith("device 1: ", status, StringComparison.Ordinal);
        Dictionary<string, string> fields = status["device 1: ".Length..].Split(' ').Select(static field => field.Split('=')).ToDictionary(static pair => pair[0], static pair => pair[1]);
        Assert.Equal("running", fields["firmware"]);
        Assert.Equal("pressed", fields["trigger"]);
        Assert.Equal("released", fields["estop"]);
        Assert.Equal("none", fields["cartridge"]);
        Assert.Equal("cut", fields["cable"]);
        Assert.Equal("index-doubled", fields["faults"]);
        Assert.Equal("none", fields["host"]);
        Assert.Equal(devices[0].Bench.StageMicrometers, double.Parse(fields["stage_um"]), 0.06);
        Assert.Equal(devices[0].Bench.TipMicrometers, double.Parse(fields["tip_um"]), 0.06);
    }

    [Theory]
    [InlineData("tirgger", "There is no command tirgger. There are trigger, release,")]
    [InlineData("trigger hard", "Say trigger.")]
    [InlineData("estop now", "Say estop, or estop release.")]
    [InlineData("power", "Say power off, or power on.")]
    [InlineData("fault", "Say fault NAME [on|off].")]
    [InlineData("fault index-stuck-low perhaps", "Say fault NAME [on|off].")]
    [InlineData("fault gremlin", "Known are home-switch-stuck-open,")]
    [InlineData("noise 2", "noise needs a probability from 0 to 1")]
    [InlineData("noise", "noise needs a probability from 0 to 1")]
    [InlineData("device 4", "There are 1 to 3, and all.")]
    [InlineData("0: trigger", "There are 1 to 3, and all.")]
    [InlineData("2:", "Say what device 2 is to do")]
    public void A_wrong_command_is_answered_with_what_can_be_said_and_changes_nothing(string line, string words)
    {
        Say(line);

        string answer = Assert.Single(said);
        Assert.StartsWith("error: ", answer, StringComparison.Ordinal);
        Assert.Contains(words, answer, StringComparison.Ordinal);
        Assert.All(devices, static device => Assert.False(device.Bench.TriggerPressed || device.Bench.EmergencyStopOpen));
    }

    [Fact]
    public void Help_names_every_command()
    {
        Say("help");
        Assert.All(BenchCommands.All, row => Assert.Single(said, line => line.StartsWith($"{row.Usage}  ", StringComparison.Ordinal) && line.EndsWith(row.Help, StringComparison.Ordinal)));
    }

    [Fact]
    public void Empty_lines_and_remarks_are_nothing_and_quit_ends()
    {
        Say("");
        Say("   ");
        Say("# trigger");
        Assert.False(quit);
        Say("quit");
        Assert.True(quit);
        Assert.Empty(said);
    }

    public void Dispose() => Array.ForEach(devices, static device => device.Simulated.Board.Dispose());

    private static OperatedDevice Make(int number)
    {
        SimulatedDevice simulated = SimulatedDevice.Start(new BoardOptions { Seed = number });
        return new OperatedDevice(number, simulated, new DeviceCable(simulated.Board.Serial));
    }

    private void Say(string line) => console.Follow(line);
}
