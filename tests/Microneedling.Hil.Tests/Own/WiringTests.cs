// The wiring files against the pin maps and the safety circuits, and the pictures and netlists that are made from them.
// MICRONEEDLING_UPDATE_PICTURES=1 makes these anew.

using System.Globalization;
using Microneedling.Qa.Wiring;
using Microneedling.SimulatedBoard;

namespace Microneedling.Hil.Tests;

public sealed class WiringTests
{
    private const string Controller = "U1";

    private static readonly Dictionary<BoardChip, (string File, string Title)> Boards = new()
    {
        [BoardChip.Esp32S3] = ("esp32-s3", "Wiring of the ESP32-S3 board"),
        [BoardChip.Esp32Rev3] = ("esp32-rev3", "Wiring of the ESP32_REV3 board"),
    };

    private static readonly PartPin NeedleDriverEnable = new("U2", "ENN");
    private static readonly PartPin DepthDriverEnable = new("U3", "NENBL");
    private static readonly PartPin DepthDriverStep = new("U3", "STEP");

    public static TheoryData<BoardChip> Chips => [.. Boards.Keys];

    [Theory]
    [MemberData(nameof(Chips))]
    public void Every_pin_of_the_pin_map_is_wired_and_no_other(BoardChip chip) => Assert.Equal(
        Wiring.Pins(chip).Keys.Order().Select(pin => string.Create(CultureInfo.InvariantCulture, $"GPIO{pin}")),
        Plan(chip).Connections.SelectMany(one => new[] { one.From, one.To }).Where(pin => pin.Part == Controller && pin.Pin.StartsWith("GPIO", StringComparison.Ordinal))
            .Select(pin => pin.Pin).Distinct().OrderBy(pin => int.Parse(pin[4..], CultureInfo.InvariantCulture)));

    [Theory]
    [MemberData(nameof(Chips))]
    public void Every_part_is_in_the_parts_list(BoardChip chip)
    {
        string parts = File.ReadAllText(PathOf("bom.md"));
        string[] missing = [.. Plan(chip).Connections.SelectMany(one => new[] { one.From.Part, one.To.Part }).Distinct().Where(part => part != "GND" && !IsListed(parts, part))];

        Assert.True(missing.Length == 0, $"bom.md does not name {string.Join(", ", missing)}.");
    }

    [Theory]
    [MemberData(nameof(Chips))]
    [Trait("Requirement", "ESTOP-1")]
    [Trait("Requirement", "WDOG-1")]
    public void Both_enables_pass_a_gate_with_watchdog_and_emergency_stop(BoardChip chip)
    {
        var plan = Plan(chip);
        foreach (var (signal, gate, enable) in new[] { (Signal.NeedleEnable, "U5A", NeedleDriverEnable), (Signal.DepthEnable, "U5B", DepthDriverEnable) })
        {
            PartPin[] sources = [Gpio(chip, signal), Gpio(chip, Signal.WatchdogToggle), new("SW5", "2")];
            Assert.All(sources, source =>
            {
                Assert.True(plan.Reaches(source, enable, Controller), $"{source} does not reach {enable}.");
                Assert.False(plan.Reaches(source, enable, Controller, without: gate), $"{source} reaches {enable} past the gate {gate}.");
            });
        }
    }

    [Theory]
    [MemberData(nameof(Chips))]
    [Trait("Requirement", "DEPTH-8")]
    public void The_limit_switch_and_the_direction_gate_the_steps_of_the_stage(BoardChip chip)
    {
        var plan = Plan(chip);
        PartPin[] sources = [new("SW3", "1"), Gpio(chip, Signal.DepthDirection), Gpio(chip, Signal.DepthStep)];
        Assert.All(sources, source =>
        {
            Assert.True(plan.Reaches(source, DepthDriverStep, Controller), $"{source} does not reach {DepthDriverStep}.");
            Assert.False(plan.Reaches(source, DepthDriverStep, Controller, without: "U5C"), $"{source} reaches {DepthDriverStep} past the gate U5C.");
        });
    }

    [Theory]
    [MemberData(nameof(Chips))]
    public void What_the_firmware_must_see_reaches_it(BoardChip chip)
    {
        var plan = Plan(chip);
        foreach (var (source, signal) in new[] { (new PartPin("SW5", "3"), Signal.EmergencyStop), (new PartPin("SW1", "1"), Signal.Trigger), (new PartPin("SW4", "1"), Signal.CartridgeSeated), (new PartPin("SW3", "1"), Signal.LimitSwitch), (new PartPin("U9", "OUT"), Signal.SupplyGood) })
        {
            Assert.Contains(plan.Nets(), net => net.Pins.Contains(source) && net.Pins.Contains(Gpio(chip, signal)));
        }
    }

    [Theory]
    [InlineData("U1.GPIO5 -> U5A.A", "is not 'FROM.PIN -> TO.PIN : NET : KIND'")]
    [InlineData("U1.GPIO5 -> U5A.A : X : magic", "is not 'FROM.PIN -> TO.PIN : NET : KIND'")]
    [InlineData("U1.GPIO5 -> U5A.A : X : safety\nU1.GPIO5 -> R1.1 : Y : safety", "U1.GPIO5 is on two nets: X, Y.")]
    [InlineData("U1.GPIO5 -> U5A.A : X : safety\nU1.GPIO5 -> R1.1 : X : signal", "X is of two kinds: Safety, Signal.")]
    public void A_line_that_will_not_do_is_refused(string text, string words) =>
        Assert.Contains(words, Assert.Throws<FormatException>(() => WiringPlan.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_way_round_a_gate_is_found()
    {
        const string Gated = "U1.GPIO5 -> U5A.A : A : safety\nU5A.Y -> U2.ENN : B : safety\n";
        PartPin source = new("U1", "GPIO5");

        Assert.False(WiringPlan.Parse(Gated).Reaches(source, NeedleDriverEnable, Controller, without: "U5A"));
        Assert.True(WiringPlan.Parse(Gated + "U1.GPIO5 -> R9.1 : A : safety\nR9.2 -> U2.ENN : B : safety").Reaches(source, NeedleDriverEnable, Controller, without: "U5A"));
    }

    [Theory]
    [MemberData(nameof(Chips))]
    public void Picture_and_netlist_are_those_of_the_wiring(BoardChip chip)
    {
        var (file, title) = Boards[chip];
        IsMade($"images/wiring-{file}.svg", WiringDiagram.Draw(Plan(chip), title));
        IsMade($"wiring/{file}-netlist.md", $"# {title}: nets\nMade from [{file}.wiring]({file}.wiring); a prototype platform, not a cleared medical device.\n\n{Plan(chip).Netlist()}");
    }

    private static void IsMade(string document, string text)
    {
        string path = PathOf(document);
        if (Environment.GetEnvironmentVariable("MICRONEEDLING_UPDATE_PICTURES") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == text, $"hardware-docs/{document} is not what the wiring says. Make it anew: MICRONEEDLING_UPDATE_PICTURES=1 dotnet test tests/Microneedling.Hil.Tests --filter WiringTests");
    }

    private static bool IsListed(string parts, string part) =>
        System.Text.RegularExpressions.Regex.IsMatch(parts, $@"\b{part.TrimEnd('A', 'B', 'C', 'D', 'E', 'F')}\b") || System.Text.RegularExpressions.Regex.IsMatch(parts, $@"\b{part}\b");

    private static PartPin Gpio(BoardChip chip, Signal signal) => new(Controller, string.Create(CultureInfo.InvariantCulture, $"GPIO{Wiring.Pins(chip).Single(pin => pin.Value == signal).Key}"));

    private static WiringPlan Plan(BoardChip chip) => WiringPlan.Parse(File.ReadAllText(PathOf($"wiring/{Boards[chip].File}.wiring")));

    private static string PathOf(string document) => Path.Combine(QaSettings.Repository(), "hardware-docs", document);
}
