using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;

namespace Microneedling.Tablet.Words;

/// <summary>The device's log and the outcome of sessions, in words.</summary>
public static class DeviceLogWords
{
    /// <summary>An entry of the device's log.</summary>
    public static string Of(DeviceLogEntry entry) => entry switch
    {
        DeviceEvent happened => Of(happened),
        MissingEvents missing => $"Events {missing.FirstNumber} to {missing.LastNumber} are missing.",
        _ => "",
    };

    /// <summary>How a session ended.</summary>
    public static string Of(SessionOutcome outcome) => outcome switch
    {
        SessionOutcome.Running => "Still running",
        SessionOutcome.Completed => "Completed",
        SessionOutcome.Stopped => "Stopped",
        SessionOutcome.AbortedByFault => "Aborted by a fault",
        SessionOutcome.LinkLost => "Link to the device lost",
        SessionOutcome.Interrupted => "Interrupted: this program ended",
        _ => $"Outcome {(int)outcome}",
    };

    private static string Of(DeviceEvent happened) => happened.Code switch
    {
        EventCode.Started => $"The device started, protocol {happened.Argument1}.{happened.Argument2}.",
        EventCode.StateChanged => $"Now {DeviceWords.Of((DeviceState)happened.Argument1)}, was {DeviceWords.Of((DeviceState)happened.Argument2)}.",
        EventCode.FaultRaised => $"Fault while {DeviceWords.Of((DeviceState)happened.Argument2)}: {DeviceWords.Of((FaultCode)happened.Argument1)}",
        EventCode.FaultCleared => "Fault acknowledged.",
        EventCode.TriggerPressed => "Trigger pressed.",
        EventCode.TriggerReleased => "Trigger released.",
        EventCode.TreatmentAccepted => $"Holding to {NumberWords.Of(Depth.FromMicrometers(happened.Argument1))} at {StrokeRate.FromMillihertz(happened.Argument2)}.",
        EventCode.StopRequested => (StopSource)happened.Argument1 switch
        {
            StopSource.DisarmCommand => "Disarmed.",
            _ => "STOP.",
        },
        EventCode.PressLimitReached => $"The trigger was held for {happened.Argument1 / 1000} s: needles paused.",
        EventCode.IdleDisarmed => $"No trigger press for {happened.Argument1 / 1000} s: disarmed by itself.",
        EventCode.CartridgeChanged => happened.Argument1 == 1 ? "Cartridge seated." : "Cartridge removed.",
        _ => $"Event {(int)happened.Code}.",
    };
}
