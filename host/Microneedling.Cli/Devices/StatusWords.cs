// A status as scripts and people read it: one shape of JSON, one line, one table.

using Microneedling.Client;
using Microneedling.Protocol;
using Spectre.Console;

namespace Microneedling.Cli.Devices;

internal static class StatusWords
{
    /// <summary>For scripts: integers with their units.</summary>
    internal static object Json(DeviceStatus status, LinkState link) => new
    {
        Kind = "status",
        ReceivedAtUtc = status.ReceivedAt.UtcDateTime,
        DeviceTimeMilliseconds = (long)status.DeviceTime.TotalMilliseconds,
        status.State,
        status.Fault,
        status.Alarm,
        Link = link,
        StagePositionMicrometers = status.StagePosition.Micrometers,
        ActiveDepthMicrometers = status.ActiveDepth.Micrometers,
        ActiveDepthCapMicrometers = status.ActiveDepthCap.Micrometers,
        ActiveRateMillihertz = status.ActiveRate.Millihertz,
        DrivenRateMillihertz = status.DrivenRate.Millihertz,
        MeasuredRateMillihertz = status.MeasuredRate.Millihertz,
        status.ActiveBurstStrokes,
        status.StrokeCount,
        status.SessionNumber,
        Homed = status.Is(StatusFlags.Homed),
        StageMoving = status.Is(StatusFlags.StageMoving),
        NeedlesMoving = status.Is(StatusFlags.NeedlesMoving),
        TriggerPressed = status.Has(Inputs.TriggerPressed),
        CartridgeSeated = status.Has(Inputs.CartridgeSeated),
        EmergencyStop = status.Has(Inputs.EmergencyStop),
        SupplyGood = status.Has(Inputs.SupplyGood),
        status.LatestEventNumber,
        status.DroppedReports,
        status.TickGaps,
    };

    internal static string Line(DeviceStatus status, LinkState link) => Voice.Line(
        $"{status.ReceivedAt.UtcDateTime:HH:mm:ss.f}  {DeviceWords.Of(status.State)}  set {status.ActiveDepth} {status.ActiveRate}  stage {Stage(status)}  measured {status.MeasuredRate}  {status.StrokeCount} strokes  {InputsOf(status)}  link {LinkOf(link)}{FaultOf(status)}");

    internal static Table Table(DeviceStatus status, LinkReport link, DeviceIdentity identity)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");
        Row("device", Voice.Line($"{identity.SerialNumber}, firmware {identity.FirmwareVersion}"));
        Row("state", DeviceWords.Of(status.State));
        Row("fault", status.Fault == FaultCode.None ? "none" : Voice.Line($"{(int)status.Fault} {status.Fault}: {DeviceWords.Of(status.Fault)}"), status.Fault == FaultCode.None ? null : "red");
        Row("set", Voice.Line($"{status.ActiveDepth} at {status.ActiveRate}, cap {status.ActiveDepthCap}{(status.ActiveBurstStrokes > 0 ? Voice.Line($", bursts of {status.ActiveBurstStrokes}") : "")}"));
        Row("stage", Stage(status));
        Row("driven", status.DrivenRate.ToString());
        Row("measured", status.MeasuredRate.ToString());
        Row("strokes", Voice.Line($"{status.StrokeCount}"));
        Row("inputs", InputsOf(status));
        Row("link", link.State == LinkState.Online ? "online" : link.Words, link.State == LinkState.Online ? null : "yellow");
        return table;

        void Row(string name, string value, string? style = null) =>
            table.AddRow(new Text(name), style is null ? new Text(value) : new Text(value, Style.Parse(style)));
    }

    internal static string InputsOf(DeviceStatus status) => string.Join(", ", new[]
    {
        status.Has(Inputs.TriggerPressed) ? "trigger pressed" : "trigger released",
        status.Has(Inputs.CartridgeSeated) ? "cartridge seated" : "no cartridge",
        status.Has(Inputs.EmergencyStop) ? "EMERGENCY STOP" : null,
        status.Has(Inputs.SupplyGood) ? null : "SUPPLY LOW",
    }.OfType<string>());

    private static string Stage(DeviceStatus status) => status.Is(StatusFlags.Homed) ? status.StagePosition.ToString() : "not known";

    private static string LinkOf(LinkState link) => link switch
    {
        LinkState.Online => "online",
        LinkState.Degraded => "DEGRADED",
        LinkState.Lost => "LOST",
        _ => "connecting",
    };

    private static string FaultOf(DeviceStatus status) => status.Fault == FaultCode.None ? "" : Voice.Line($"  FAULT {(int)status.Fault}: {DeviceWords.Of(status.Fault)}");
}
