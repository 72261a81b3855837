using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microneedling.Firmware;
using Microneedling.SimulatedBoard;

namespace Microneedling.Firmware.Tests;

/// <summary>Three tables of pins, written independently, that must agree: firmware, document, simulated wiring.</summary>
public sealed partial class PinoutTests
{
    private static readonly int[] Forbidden = [0, 3, 45, 46, 19, 20, .. Enumerable.Range(26, 12), .. Enumerable.Range(39, 4), 43, 44];

    private static Dictionary<string, int> Constants(Type type) => type
        .GetFields(BindingFlags.Public | BindingFlags.Static | BindingFlags.NonPublic)
        .Where(field => field.IsLiteral && field.FieldType == typeof(int))
        .ToDictionary(field => field.Name, field => (int)field.GetRawConstantValue()!);

    private static Dictionary<string, int> Document([CallerFilePath] string here = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "hardware-docs", "pinout.md");
        return Row().Matches(File.ReadAllText(path)).ToDictionary(
            row => row.Groups["name"].Value,
            row => int.Parse(row.Groups["pin"].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^\| (?<pin>\d+) \| (?<name>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [Fact]
    public void The_document_lists_exactly_the_firmwares_pins() =>
        Assert.Equal(Constants(typeof(Esp32S3Pins)).OrderBy(pin => pin.Key), Document().OrderBy(pin => pin.Key));

    [Fact]
    public void The_simulated_board_is_wired_as_the_document_says() =>
        Assert.Equal(
            Wiring.Pins(BoardChip.Esp32S3).ToDictionary(pin => pin.Value.ToString(), pin => pin.Key).OrderBy(pin => pin.Key),
            Document().OrderBy(pin => pin.Key));

    [Fact]
    public void No_pin_is_used_twice() =>
        Assert.Equal(Constants(typeof(Esp32S3Pins)).Count, Constants(typeof(Esp32S3Pins)).Values.Distinct().Count());

    [Fact]
    public void No_strapping_usb_flash_debugger_or_console_pin_is_used() =>
        Assert.Empty(Constants(typeof(Esp32S3Pins)).Values.Intersect(Forbidden));
}
