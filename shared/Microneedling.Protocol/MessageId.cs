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

        /// <summary>Ask for one status report. <see cref="EmptyMessage"/>.</summary>
        StatusRequest = 0x30,

        /// <summary>Ask for events again. <see cref="Protocol.EventsRequest"/>.</summary>
        EventsRequest = 0x31,

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
    }
}
