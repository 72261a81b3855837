// The device as its page shows it: groups of lines, each with words and a tone. The page is built from it and brought up to
// date with it, so that both always say the same.

using System.Globalization;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Device;

/// <summary>One line: a name and what is true of it.</summary>
/// <param name="Key">Names the line on the page.</param>
/// <param name="Label">What it is.</param>
/// <param name="Value">What is true.</param>
/// <param name="Tone"><c>good</c>, <c>bad</c>, <c>on</c>, or empty.</param>
public sealed record SheetLine(string Key, string Label, string Value, string Tone = "");

/// <summary>Something that can be asked of the device.</summary>
/// <param name="Key">Which.</param>
/// <param name="WhyNot">Why not now, or null: it can.</param>
public sealed record SheetAction(string Key, string? WhyNot);

/// <summary>Everything that the device page shows, beside the log.</summary>
public sealed record DeviceSheet(
    string Address,
    string LinkWords,
    string LinkTone,
    string StateWords,
    bool IsSimulated,
    IReadOnlyList<SheetLine> Identity,
    IReadOnlyList<SheetLine> Limits,
    IReadOnlyList<SheetLine> Inputs,
    IReadOnlyList<SheetLine> Motion,
    IReadOnlyList<SheetLine> Settings,
    IReadOnlyList<SheetLine> Counters,
    IReadOnlyList<SheetLine> SelfTest,
    IReadOnlyList<SheetAction> Actions)
{
    private const string Dash = "–";

    // Bit, name of its texts device.input-NAME, -on, -off; the tone of each.
    private static readonly (ushort Bit, string Name, string ToneOn, string ToneOff, DeviceCapabilities Needs)[] InputTable =
    [
        (Protocol.Inputs.TriggerPressed, "trigger", "on", "", DeviceCapabilities.None),
        (Protocol.Inputs.EmergencyStop, "emergencyStop", "bad", "good", DeviceCapabilities.None),
        (Protocol.Inputs.CartridgeSeated, "cartridge", "on", "", DeviceCapabilities.None),
        (Protocol.Inputs.SupplyGood, "supply", "good", "bad", DeviceCapabilities.None),
        (Protocol.Inputs.HomeSwitchClosed, "homeSwitch", "on", "", DeviceCapabilities.None),
        (Protocol.Inputs.LimitSwitchOpen, "limitSwitch", "bad", "good", DeviceCapabilities.None),
        (Protocol.Inputs.IndexFlag, "index", "on", "", DeviceCapabilities.None),
        (Protocol.Inputs.NeedleDriverFault, "needleDriver", "bad", "good", DeviceCapabilities.NeedleDriverDiagnosis),
        (Protocol.Inputs.DepthDriverFault, "depthDriver", "bad", "good", DeviceCapabilities.DepthDriverDiagnosis),
        (Protocol.Inputs.WatchdogGood, "watchdog", "good", "", DeviceCapabilities.WatchdogReadBack),
    ];

    private static readonly (ushort Bit, string Name)[] SelfTestTable =
    [
        (SelfTestItems.InputsPlausible, "inputs"),
        (SelfTestItems.SettingsGood, "settings"),
        (SelfTestItems.NeedleDriverWell, "needleDriver"),
        (SelfTestItems.DepthDriverWell, "depthDriver"),
        (SelfTestItems.WatchdogHolds, "watchdogHolds"),
        (SelfTestItems.WatchdogDrops, "watchdogDrops"),
    ];

    /// <summary>What is true now.</summary>
    public static DeviceSheet Of(DeviceService device, ConnectionChoice choice, DeviceAnswers? answers, bool mayServe, Texts texts)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(choice);
        ArgumentNullException.ThrowIfNull(texts);
        var client = device.Live;
        var status = client?.LatestStatus;
        return new DeviceSheet(
            choice.IsSimulated ? texts["device.simulatedAddress"] : choice.Address,
            texts.Of(device.Link),
            device.Link.State switch { LinkState.Online => "good", LinkState.Connecting => "", _ => "bad" },
            status is null ? texts["common.notConnected"] : texts.Of(status.State),
            device.IsSimulated,
            IdentityOf(client?.Identity, texts),
            LimitsOf(client?.Identity.Limits, texts),
            InputsOf(client?.Identity.Capabilities ?? DeviceCapabilities.None, status, texts),
            MotionOf(status, texts),
            SettingsOf(answers?.Settings, texts),
            CountersOf(answers?.Counters, texts),
            SelfTestOf(answers?.SelfTest, texts),
            [new SheetAction("home", WhyNoHoming(status, texts)), new SheetAction("self-test", WhyNoSelfTest(client, status, mayServe, texts))]);
    }

    private static SheetLine[] IdentityOf(DeviceIdentity? device, Texts texts) =>
    [
        new("serial", texts["device.serial"], device?.SerialNumber.ToString(CultureInfo.InvariantCulture) ?? Dash),
        new("firmware", texts["device.firmware"], device?.FirmwareVersion.ToString() ?? Dash),
        new("protocol", texts["device.protocol"], device is null ? Dash : texts["device.protocolBoth", device.ProtocolVersion, $"{ProtocolVersion.Major}.{ProtocolVersion.Minor}"]),
        new("boot", texts["device.boot"], device?.BootId.ToString("X8", CultureInfo.InvariantCulture) ?? Dash),
        new("capabilities", texts["device.capabilities"], device is null ? Dash : CapabilitiesOf(device.Capabilities, texts)),
    ];

    private static string CapabilitiesOf(DeviceCapabilities has, Texts texts)
    {
        string[] words = [.. Enum.GetValues<DeviceCapabilities>().Where(one => one != DeviceCapabilities.None && has.HasFlag(one)).Select(one => texts[$"device.can-{one}"])];
        return words.Length == 0 ? texts["device.can-None"] : string.Join(", ", words);
    }

    private static SheetLine[] LimitsOf(DeviceLimits? limits, Texts texts) =>
    [
        new("depths", texts["device.depths"], limits is null ? Dash : texts["device.fromTo", limits.MinimumDepth, limits.AbsoluteDepth]),
        new("unsupervised", texts["device.unsupervised"], limits?.UnsupervisedDepth.ToString() ?? Dash),
        new("rates", texts["device.rates"], limits is null ? Dash : texts["device.fromTo", limits.MinimumRate, limits.MaximumRate]),
        new("linkTimeout", texts["device.linkTimeout"], limits is null ? Dash : $"{limits.LinkTimeout.TotalMilliseconds:0} ms"),
    ];

    private static SheetLine[] InputsOf(DeviceCapabilities has, DeviceStatus? status, Texts texts) =>
    [
        .. InputTable.Select(input =>
        {
            bool? on = status is null || !has.HasFlag(input.Needs) ? null : status.Has(input.Bit);
            string value = on switch
            {
                null => status is null ? Dash : texts["device.notWired"],
                true => texts[$"device.input-{input.Name}-on"],
                false => texts[$"device.input-{input.Name}-off"],
            };
            return new SheetLine(input.Name, texts[$"device.input-{input.Name}"], value, on switch { null => "", true => input.ToneOn, false => input.ToneOff });
        }),
    ];

    private static SheetLine[] MotionOf(DeviceStatus? status, Texts texts) =>
    [
        new("homed", texts["device.homed"], status is null ? Dash : texts[status.Is(StatusFlags.Homed) ? "device.yes" : "device.no"], status?.Is(StatusFlags.Homed) == true ? "good" : ""),
        new("stage", texts["device.stage"], status?.Is(StatusFlags.Homed) == true ? NumberWords.Of(status.StagePosition) : Dash),
        new("strokes", texts["device.strokesSinceStart"], status?.StrokeCount.ToString(CultureInfo.InvariantCulture) ?? Dash),
        new("uptime", texts["device.uptime"], status is null ? Dash : DateWords.Length(status.DeviceTime)),
        new("gaps", texts["device.tickGaps"], status?.TickGaps.ToString(CultureInfo.InvariantCulture) ?? Dash),
        new("dropped", texts["device.droppedReports"], status?.DroppedReports.ToString(CultureInfo.InvariantCulture) ?? Dash),
    ];

    private static SheetLine[] SettingsOf(DeviceSettings? settings, Texts texts) =>
    [
        new("storedSerial", texts["device.serial"], settings?.SerialNumber.ToString(CultureInfo.InvariantCulture) ?? Dash),
        new("zero", texts["device.zero"], settings is null ? Dash : NumberWords.Of(settings.ZeroOffset)),
        new("copies", texts["device.copies"], settings is null ? Dash : texts["device.copiesOfTwo", settings.GoodCopies], settings is null ? "" : settings.GoodCopies == 2 ? "good" : "bad"),
        new("writes", texts["device.writes"], settings is null ? Dash : settings.IsPending ? texts["device.writesPending", settings.Writes] : settings.Writes.ToString(CultureInfo.InvariantCulture)),
    ];

    private static SheetLine[] CountersOf(DeviceCounters? counters, Texts texts) =>
    [
        new("lifeStrokes", texts["device.lifeStrokes"], counters?.Strokes.ToString(CultureInfo.InvariantCulture) ?? Dash),
        new("runTime", texts["device.runTime"], counters is null ? Dash : DateWords.Length(counters.RunTime)),
        new("starts", texts["device.starts"], counters?.Starts.ToString(CultureInfo.InvariantCulture) ?? Dash),
        new("faults", texts["device.faults"], counters?.Faults.ToString(CultureInfo.InvariantCulture) ?? Dash),
    ];

    private static SheetLine[] SelfTestOf(SelfTestOutcome? outcome, Texts texts) =>
    [
        .. SelfTestTable.Select(part =>
        {
            string label = texts[$"device.part-{part.Name}"];
            return outcome is null ? new SheetLine(part.Name, label, Dash)
                : (outcome.Tested & part.Bit) == 0 ? new SheetLine(part.Name, label, texts["device.partNotTested"])
                : (outcome.Failed & part.Bit) != 0 ? new SheetLine(part.Name, label, texts["device.partFailed"], "bad")
                : new SheetLine(part.Name, label, texts["device.partPassed"], "good");
        }),
    ];

    private static string? WhyNoHoming(DeviceStatus? status, Texts texts) => status switch
    {
        null => texts["device.whyNotConnected"],
        { Fault: not FaultCode.None } => texts["device.whyFault"],
        { State: DeviceState.Unhomed or DeviceState.Parked } => null,
        _ => texts["device.whyState", texts.Of(status.State)],
    };

    private static string? WhyNoSelfTest(DeviceClient? client, DeviceStatus? status, bool mayServe, Texts texts) => status switch
    {
        null => texts["device.whyNotConnected"],
        _ when !mayServe => texts["device.whyNoRight"],
        _ when !client!.Identity.Capabilities.HasFlag(DeviceCapabilities.Service) => texts["device.whyTooOld"],
        { State: DeviceState.Unhomed } => null,
        _ => texts["device.whySelfTest"],
    };
}
