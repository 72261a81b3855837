namespace Microneedling.Protocol
{
    /// <summary>How soon a person must act, after IEC 60601-1-8.</summary>
    public enum AlarmPriority : byte
    {
        /// <summary>No alarm.</summary>
        None = 0,

        /// <summary>Be aware.</summary>
        Low = 1,

        /// <summary>Act promptly.</summary>
        Medium = 2,

        /// <summary>Act at once: needles may be out, or the device cannot be sure where they are.</summary>
        High = 3,
    }

    /// <summary>The one table of priorities, for the device's LED and buzzer and for every screen.</summary>
    public static class Alarms
    {
        /// <summary>The priority of a fault; what is not known is high.</summary>
        public static AlarmPriority PriorityOf(FaultCode fault)
        {
            switch (fault)
            {
                case FaultCode.None:
                    return AlarmPriority.None;
                case FaultCode.CartridgeInService:
                case FaultCode.SettingsLost:
                case FaultCode.SettingsNotStored:
                    return AlarmPriority.Low;
                case FaultCode.LinkLost:
                case FaultCode.CartridgeRemoved:
                case FaultCode.HomeSwitchNotFound:
                case FaultCode.HomeSwitchStuckClosed:
                case FaultCode.ImplausibleInputs:
                case FaultCode.NeedleDriverFault:
                case FaultCode.DepthDriverFault:
                case FaultCode.NeedleStalled:
                case FaultCode.TickGap:
                    return AlarmPriority.Medium;
                default:
                    return AlarmPriority.High;
            }
        }
    }
}
