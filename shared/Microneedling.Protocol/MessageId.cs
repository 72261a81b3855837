namespace Microneedling.Protocol
{
    /// <summary>Message numbers, spaced by family and never reused.</summary>
    public enum MessageId : byte
    {
        /// <summary>Not a message.</summary>
        None = 0x00,

        /// <summary>Host to device: who I am. <see cref="Protocol.HelloRequest"/>.</summary>
        HelloRequest = 0x01,

        /// <summary>Device to host: who I am, and my limits. <see cref="Protocol.HelloReply"/>.</summary>
        HelloReply = 0x02,

        /// <summary>Host to device, never answered: I am here. <see cref="Protocol.Heartbeat"/>.</summary>
        Heartbeat = 0x03,

        /// <summary>Find the home switch and park. <see cref="EmptyMessage"/>.</summary>
        Home = 0x20,

        /// <summary>Propose a treatment. <see cref="Protocol.ConfigureTreatment"/>.</summary>
        ConfigureTreatment = 0x21,

        /// <summary>Make ready for the trigger. <see cref="Protocol.Arm"/>.</summary>
        Arm = 0x22,

        /// <summary>Retract and park. <see cref="EmptyMessage"/>.</summary>
        Disarm = 0x23,

        /// <summary>Stop, retract and park, answered; the STOP byte does the same unanswered. <see cref="EmptyMessage"/>.</summary>
        Stop = 0x24,

        /// <summary>Acknowledge a latched fault. <see cref="Protocol.ClearFault"/>.</summary>
        ClearFault = 0x25,

        /// <summary>
        /// Start strokes: never accepted, while armed with <see cref="RejectionReason.TriggerRequired"/>. Only the trigger
        /// on the handpiece starts the needles; the number exists so that a host that asks is told so. <see cref="EmptyMessage"/>.
        /// </summary>
        Start = 0x26,

        /// <summary>A new client, or another session of one: a used cartridge must be exchanged. <see cref="Protocol.BeginSession"/>. Since 1.1.</summary>
        BeginSession = 0x27,

        /// <summary>Calibration and jog; refused with a cartridge seated. <see cref="EmptyMessage"/>. Since 1.1.</summary>
        EnterService = 0x28,

        /// <summary>End of service: park, if the position is known. <see cref="EmptyMessage"/>. Since 1.1.</summary>
        LeaveService = 0x29,

        /// <summary>In service, move the depth stage. <see cref="Protocol.Jog"/>. Since 1.1.</summary>
        Jog = 0x2A,

        /// <summary>In service, tell where the needle tips really are. <see cref="Protocol.CalibrateZero"/>. Since 1.1.</summary>
        CalibrateZero = 0x2B,

        /// <summary>Write the device's settings. <see cref="Protocol.WriteSettings"/>. Since 1.1.</summary>
        WriteSettings = 0x2C,

        /// <summary>Silence the buzzer for a while; the alarm stays. <see cref="EmptyMessage"/>. Since 1.1.</summary>
        SilenceAlarm = 0x2D,

        /// <summary>Test the device again, while unhomed. <see cref="EmptyMessage"/>. Since 1.1.</summary>
        SelfTest = 0x2E,

        /// <summary>Ask for one status report. <see cref="EmptyMessage"/>.</summary>
        StatusRequest = 0x30,

        /// <summary>Ask for events again. <see cref="Protocol.EventsRequest"/>.</summary>
        EventsRequest = 0x31,

        /// <summary>Ask for the settings. <see cref="EmptyMessage"/>. Since 1.1.</summary>
        SettingsRequest = 0x32,

        /// <summary>Ask for the life counters. <see cref="EmptyMessage"/>. Since 1.1.</summary>
        CountersRequest = 0x33,

        /// <summary>Ask for the outcome of the last self test. <see cref="EmptyMessage"/>. Since 1.1.</summary>
        SelfTestRequest = 0x34,

        /// <summary>Ask for the device's time. <see cref="EmptyMessage"/>. Since 1.2.</summary>
        TimeRequest = 0x35,

        /// <summary>
        /// Settle a command that was not answered: the device answers that command, with the answer that it has given
        /// before or with <see cref="RejectionReason.NotExecuted"/>, and in that case never executes it.
        /// <see cref="Protocol.SettleCommand"/>. Since 1.2.
        /// </summary>
        SettleCommand = 0x36,

        /// <summary>The command was accepted. <see cref="EmptyMessage"/>.</summary>
        Accepted = 0x40,

        /// <summary>The command was rejected and nothing changed. <see cref="Protocol.Rejected"/>.</summary>
        Rejected = 0x41,

        /// <summary>The treatment that the device will hold to. <see cref="Protocol.TreatmentAccepted"/>.</summary>
        TreatmentAccepted = 0x42,

        /// <summary>Which events the device still has; they follow as event messages. <see cref="Protocol.EventsAvailable"/>.</summary>
        EventsAvailable = 0x43,

        /// <summary>Periodic and on request. <see cref="StatusReport"/>.</summary>
        Status = 0x50,

        /// <summary>One numbered event. <see cref="EventReport"/>.</summary>
        Event = 0x51,

        /// <summary>The device's settings. <see cref="Protocol.SettingsReport"/>. Since 1.1.</summary>
        Settings = 0x52,

        /// <summary>The device's life counters. <see cref="Protocol.CountersReport"/>. Since 1.1.</summary>
        Counters = 0x53,

        /// <summary>The outcome of the last self test. <see cref="Protocol.SelfTestReport"/>. Since 1.1.</summary>
        SelfTestOutcome = 0x54,

        /// <summary>The device's time. <see cref="Protocol.TimeReport"/>. Since 1.2.</summary>
        TimeReport = 0x55,
    }

    /// <summary>Which side says which message, also of those that a newer minor version adds.</summary>
    public static class MessageDirection
    {
        /// <summary>Whether only a device says this: 0x02 and 0x40 … 0x5F. What comes back of it is an echo of the line.</summary>
        public static bool IsFromDevice(MessageId id)
        {
            return id == MessageId.HelloReply || ((int)id >= 0x40 && (int)id <= 0x5F);
        }
    }
}
