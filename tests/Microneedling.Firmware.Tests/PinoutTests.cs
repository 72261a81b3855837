using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microneedling.Firmware;
using Microneedling.SimulatedBoard;

namespace Microneedling.Firmware.Tests;

/// <summary>For each board three tables of pins, written independently, that must agree: firmware, document, simulated wiring.</summary>
public sealed partial class PinoutTests
{
    private static readonly Dictionary<BoardChip, (string Heading, Func<BoardProfile> Profile, int[] Forbidden)> Boards = new()
    {
        [BoardChip.Esp32S3] = ("## Reference board: ESP32-S3", Esp32S3.Profile, [0, 3, 45, 46, 19, 20, .. Enumerable.Range(26, 12), .. Enumerable.Range(39, 4), 43, 44]),
        [BoardChip.Esp32Rev3] = ("## Second board: ESP32_REV3", Esp32Rev3.Profile, [0, 2, 5, 12, 15, .. Enumerable.Range(6, 6), .. Enumerable.Range(12, 4), 1, 3]),
    };

    public static TheoryData<BoardChip> Chips => [.. Boards.Keys];

    private static Dictionary<string, int> Firmware(BoardChip chip)
    {
        var profile = Boards[chip].Profile();
        return typeof(BoardProfile)
            .GetFields(BindingFlags.Public | BindingFlags.Instance)
            .Where(field => field.FieldType == typeof(int) && (int)field.GetValue(profile)! != BoardProfile.NotWired)
            .ToDictionary(field => field.Name, field => (int)field.GetValue(profile)!);
    }

    private static Dictionary<string, int> Document(BoardChip chip, [CallerFilePath] string here = "")
    {
        string text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "hardware-docs", "pinout.md"));
        int from = text.IndexOf(Boards[chip].Heading, StringComparison.Ordinal);
        Assert.True(from >= 0, $"pinout.md has no heading '{Boards[chip].Heading}'.");
        int to = text.IndexOf("\n## ", from + 1, StringComparison.Ordinal);
        return Row().Matches(text[from..(to < 0 ? text.Length : to)]).ToDictionary(
            row => row.Groups["name"].Value,
            row => int.Parse(row.Groups["pin"].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^\| (?<pin>\d+) \| (?<name>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [Theory]
    [MemberData(nameof(Chips))]
    public void The_document_lists_exactly_the_firmwares_pins(BoardChip chip) =>
        Assert.Equal(Firmware(chip).OrderBy(pin => pin.Key), Document(chip).OrderBy(pin => pin.Key));

    [Theory]
    [MemberData(nameof(Chips))]
    public void The_simulated_board_is_wired_as_the_document_says(BoardChip chip) =>
        Assert.Equal(
            Wiring.Pins(chip).ToDictionary(pin => pin.Value.ToString(), pin => pin.Key).OrderBy(pin => pin.Key),
            Document(chip).OrderBy(pin => pin.Key));

    [Theory]
    [MemberData(nameof(Chips))]
    public void No_pin_is_used_twice(BoardChip chip) => Assert.Equal(Firmware(chip).Count, Firmware(chip).Values.Distinct().Count());

    [Theory]
    [MemberData(nameof(Chips))]
    public void No_strapping_usb_flash_debugger_or_console_pin_is_used(BoardChip chip) =>
        Assert.Empty(Firmware(chip).Values.Intersect(Boards[chip].Forbidden));

    [Theory]
    [InlineData("ESP32_S3", true)]
    [InlineData("ESP32_S3_QUAD", true)]
    [InlineData("ESP32_REV3", true)]
    [InlineData("ESP32_C3", false)]
    [InlineData("", false)]
    [InlineData("STM32F769I_DISCO", false)]
    public void A_board_is_known_by_its_target_name_or_not_at_all(string target, bool known) =>
        Assert.Equal(known, BoardProfile.ForTarget(target) is not null);
}
