namespace Microneedling.Protocol
{
    /// <summary>Host to device. Greets the device; the latest greeting owns the device.</summary>
    public sealed class HelloRequest : Message
    {
        /// <summary>Host's protocol major version.</summary>
        public byte ProtocolMajor;

        /// <summary>Host's protocol minor version.</summary>
        public byte ProtocolMinor;

        /// <summary>Random number of this connection, not 0: tells this host from any other and from an earlier run.</summary>
        public uint HostNonce;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.HelloRequest; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 6; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            ProtocolMajor = cursor.Byte(ProtocolMajor);
            ProtocolMinor = cursor.Byte(ProtocolMinor);
            HostNonce = cursor.UInt32(HostNonce);
        }
    }

    /// <summary>Device to host. Who the device is and which limits it holds to.</summary>
    public sealed class HelloReply : Message
    {
        /// <summary>Device's protocol major version.</summary>
        public byte ProtocolMajor;

        /// <summary>Device's protocol minor version.</summary>
        public byte ProtocolMinor;

        /// <summary>Firmware version, major.</summary>
        public byte FirmwareMajor;

        /// <summary>Firmware version, minor.</summary>
        public byte FirmwareMinor;

        /// <summary>Firmware version, patch.</summary>
        public byte FirmwarePatch;

        /// <summary>Serial number of the device.</summary>
        public uint SerialNumber;

        /// <summary>Random number of this start of the firmware, not 0.</summary>
        public uint BootId;

        /// <summary>Bits of <see cref="Protocol.Capabilities"/>: what this device has and can do.</summary>
        public uint Capabilities;

        /// <summary>Shallowest depth in force, micrometres.</summary>
        public ushort MinimumDepthMicrometers;

        /// <summary>Deepest depth in force without a supervisor's unlock, micrometres.</summary>
        public ushort UnsupervisedDepthMicrometers;

        /// <summary>Deepest depth in force, micrometres: less than 2 500 where the device's zero offset leaves less travel.</summary>
        public ushort AbsoluteDepthMicrometers;

        /// <summary>Slowest stroke rate in force, millihertz.</summary>
        public uint MinimumRateMillihertz;

        /// <summary>Fastest stroke rate in force, millihertz.</summary>
        public uint MaximumRateMillihertz;

        /// <summary>Silence of the host that stops the device, milliseconds.</summary>
        public ushort LinkTimeoutMilliseconds;

        /// <summary>The host's number as the greeting gave it, by which the host knows that it is meant. Since 1.2.</summary>
        public uint HostNonce;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.HelloReply; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 33; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            ProtocolMajor = cursor.Byte(ProtocolMajor);
            ProtocolMinor = cursor.Byte(ProtocolMinor);
            FirmwareMajor = cursor.Byte(FirmwareMajor);
            FirmwareMinor = cursor.Byte(FirmwareMinor);
            FirmwarePatch = cursor.Byte(FirmwarePatch);
            SerialNumber = cursor.UInt32(SerialNumber);
            BootId = cursor.UInt32(BootId);
            Capabilities = cursor.UInt32(Capabilities);
            MinimumDepthMicrometers = cursor.UInt16(MinimumDepthMicrometers);
            UnsupervisedDepthMicrometers = cursor.UInt16(UnsupervisedDepthMicrometers);
            AbsoluteDepthMicrometers = cursor.UInt16(AbsoluteDepthMicrometers);
            MinimumRateMillihertz = cursor.UInt32(MinimumRateMillihertz);
            MaximumRateMillihertz = cursor.UInt32(MaximumRateMillihertz);
            LinkTimeoutMilliseconds = cursor.UInt16(LinkTimeoutMilliseconds);
            HostNonce = cursor.UInt32(HostNonce);
        }
    }

    /// <summary>Host to device, every 100 ms, never answered. Feeds the link watchdog if it comes from the greeted host.</summary>
    public sealed class Heartbeat : Message
    {
        /// <summary>The number given in <see cref="HelloRequest"/>.</summary>
        public uint HostNonce;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.Heartbeat; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 4; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            HostNonce = cursor.UInt32(HostNonce);
        }
    }
}
