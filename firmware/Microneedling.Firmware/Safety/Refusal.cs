using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>What the refusal of the command at hand says of its reason: a limit, a state, a fault; else 0.</summary>
    public sealed class Refusal
    {
        /// <summary>The detail.</summary>
        public int Detail;

        /// <summary>Refuses, with a detail.</summary>
        public RejectionReason Because(RejectionReason reason, int detail)
        {
            Detail = detail;
            return reason;
        }

        /// <summary>Refuses, because of the state.</summary>
        public RejectionReason WrongState(DeviceState state)
        {
            return Because(RejectionReason.WrongState, (int)state);
        }
    }
}
