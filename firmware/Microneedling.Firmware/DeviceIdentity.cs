using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>Who this device is, and what this start of it is called.</summary>
    public sealed class DeviceIdentity
    {
        /// <summary>Firmware version.</summary>
        public const byte FirmwareMajor = 0;

        /// <summary>Firmware version.</summary>
        public const byte FirmwareMinor = 1;

        /// <summary>Firmware version.</summary>
        public const byte FirmwarePatch = 0;

        /// <summary>Serial number of the board; set it before flashing each board.</summary>
        public const uint SerialNumber = 1;

        /// <summary>Random number of this start, not 0.</summary>
        public readonly uint BootId;

        public DeviceIdentity(uint bootId)
        {
            BootId = bootId;
        }

        /// <summary>Fills the answer to a greeting.</summary>
        public void Fill(HelloReply reply)
        {
            reply.ProtocolMajor = ProtocolVersion.Major;
            reply.ProtocolMinor = ProtocolVersion.Minor;
            reply.FirmwareMajor = FirmwareMajor;
            reply.FirmwareMinor = FirmwareMinor;
            reply.FirmwarePatch = FirmwarePatch;
            reply.SerialNumber = SerialNumber;
            reply.BootId = BootId;
            reply.Capabilities = 0;
            reply.MinimumDepthMicrometers = Limits.MinimumDepthMicrometers;
            reply.UnsupervisedDepthMicrometers = Limits.UnsupervisedDepthMicrometers;
            reply.AbsoluteDepthMicrometers = Limits.AbsoluteDepthMicrometers;
            reply.MinimumRateMillihertz = Limits.MinimumRateMillihertz;
            reply.MaximumRateMillihertz = Limits.MaximumRateMillihertz;
            reply.LinkTimeoutMilliseconds = Limits.LinkTimeoutMilliseconds;
        }
    }
}
