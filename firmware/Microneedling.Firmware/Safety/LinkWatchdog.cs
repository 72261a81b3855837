using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>Says whether the greeted host is still there. Only its own heartbeat counts.</summary>
    public sealed class LinkWatchdog
    {
        private uint hostNonce;
        private long heardAt;

        /// <summary>Whether any host has greeted since the start, of this protocol or of another major version.</summary>
        public bool IsGreeted
        {
            get { return hostNonce != 0; }
        }

        /// <summary>A host has greeted; from now on only it counts.</summary>
        public void Greet(uint nonce, long now)
        {
            hostNonce = nonce;
            heardAt = now;
        }

        /// <summary>Whether a greeting comes from the host that is greeted already.</summary>
        public bool Knows(uint nonce)
        {
            return hostNonce != 0 && hostNonce == nonce;
        }

        /// <summary>A heartbeat has come.</summary>
        public void Hear(uint nonce, long now)
        {
            if (Knows(nonce))
            {
                heardAt = now;
            }
        }

        /// <summary>Whether the greeted host has been heard within the link time-out.</summary>
        public bool IsAlive(long now)
        {
            return hostNonce != 0 && now - heardAt <= Limits.LinkTimeoutMilliseconds * 1000L;
        }
    }
}
