namespace Microneedling.Protocol
{
    /// <summary>Version of the serial protocol. Additions raise the minor number; anything else raises the major.</summary>
    public static class ProtocolVersion
    {
        /// <summary>A different major number refuses motion and still answers status.</summary>
        public const byte Major = 1;

        /// <summary>A higher minor number only appends payload fields and messages.</summary>
        public const byte Minor = 2;
    }
}
