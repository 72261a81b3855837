using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>Who this device is, and what this start of it is called.</summary>
    public sealed class DeviceIdentity
    {
        /// <summary>Firmware version.</summary>
        public const byte FirmwareMajor = 0;

        /// <summary>Firmware version.</summary>
        public const byte FirmwareMinor = 3;

        /// <summary>Firmware version.</summary>
        public const byte FirmwarePatch = 1;

        /// <summary>Random number of this start, not 0.</summary>
        public readonly uint BootId;

        private readonly uint capabilities;
        private readonly Settings settings;

        public DeviceIdentity(uint bootId, uint capabilities, Settings settings)
        {
            BootId = bootId;
            this.capabilities = capabilities;
            this.settings = settings;
        }

        /// <summary>Fills the answer to a greeting.</summary>
        public void Fill(HelloReply reply)
        {
            reply.ProtocolMajor = ProtocolVersion.Major;
            reply.ProtocolMinor = ProtocolVersion.Minor;
            reply.FirmwareMajor = FirmwareMajor;
            reply.FirmwareMinor = FirmwareMinor;
            reply.FirmwarePatch = FirmwarePatch;
            reply.SerialNumber = settings.SerialNumber;
            reply.BootId = BootId;
            reply.Capabilities = capabilities;
            reply.MinimumDepthMicrometers = Limits.MinimumDepthMicrometers;
            reply.UnsupervisedDepthMicrometers = Limits.UnsupervisedDepthMicrometers;
            reply.AbsoluteDepthMicrometers = (ushort)StageUnits.DeepestMicrometers(settings.ZeroOffsetMicrometers);
            reply.MinimumRateMillihertz = Limits.MinimumRateMillihertz;
            reply.MaximumRateMillihertz = Limits.MaximumRateMillihertz;
            reply.LinkTimeoutMilliseconds = Limits.LinkTimeoutMilliseconds;
        }
    }
}
