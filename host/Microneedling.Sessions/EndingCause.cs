using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions;

/// <summary>
/// What brought a device to rest, from its own words: the gravest cause told counts, fault or lost link, then a stop, then
/// a disarming by the practitioner, by idleness or by the session's limit. At rest without any cause told counts as stopped. Pure.
/// </summary>
public sealed class EndingCause
{
    private FaultCode fault;
    private bool stopped;
    private bool disarmed;

    /// <summary>Whether the device has told a cause.</summary>
    public bool IsTold => fault != FaultCode.None || stopped || disarmed;

    /// <summary>How it ended, by what has been told.</summary>
    public PassEnding Ending => this switch
    {
        { fault: FaultCode.LinkLost } => PassEnding.LinkLost,
        { fault: not FaultCode.None } => PassEnding.Fault,
        { stopped: true } => PassEnding.Stopped,
        { disarmed: true } => PassEnding.Disarmed,
        _ => PassEnding.Stopped,
    };

    /// <summary>Takes in a fault that is latched; the first one counts.</summary>
    public void See(FaultCode latched) => fault = fault == FaultCode.None ? latched : fault;

    /// <summary>Takes in an event.</summary>
    public void See(DeviceEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        switch (happened.Code)
        {
            case EventCode.FaultRaised:
                See((FaultCode)happened.Argument1);
                break;
            case EventCode.StopRequested when happened.Argument1 == (int)StopSource.DisarmCommand:
            case EventCode.IdleDisarmed:
            case EventCode.SessionLimitReached:
                disarmed = true;
                break;
            case EventCode.StopRequested:
                stopped = true;
                break;
        }
    }
}
