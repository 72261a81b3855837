namespace Microneedling.Protocol
{
    /// <summary>In service, moves the depth stage by so much and not beyond its travel. Accepted when the move begins; <see cref="EventCode.Jogged"/> tells its end.</summary>
    public sealed class Jog : Message
    {
        /// <summary>How far, micrometres, −500 … 500; positive is towards the skin.</summary>
        public short Micrometers;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.Jog; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 2; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            Micrometers = cursor.Int16(Micrometers);
        }
    }

    /// <summary>In service, with the stage standing still: where a gauge found the deepest point of a stroke. The device corrects its zero offset by the difference and stores it.</summary>
    public sealed class CalibrateZero : Message
    {
        /// <summary>Needle tips at the bottom of a stroke, micrometres out of the nosecone; negative: behind it.</summary>
        public short MeasuredMicrometers;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.CalibrateZero; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 2; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            MeasuredMicrometers = cursor.Int16(MeasuredMicrometers);
        }
    }

    /// <summary>Writes the device's settings; at rest only. The accepted treatment is forgotten. Stored when <see cref="EventCode.SettingsStored"/> tells it.</summary>
    public sealed class WriteSettings : Message
    {
        /// <summary>Serial number of the device, 1 or more.</summary>
        public uint SerialNumber;

        /// <summary>Where the tips are when the stage counts 0, micrometres, −300 … 300; positive: out of the nosecone.</summary>
        public short ZeroOffsetMicrometers;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.WriteSettings; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 6; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            SerialNumber = cursor.UInt32(SerialNumber);
            ZeroOffsetMicrometers = cursor.Int16(ZeroOffsetMicrometers);
        }
    }

    /// <summary>Answer to a settings request.</summary>
    public sealed class SettingsReport : Message
    {
        /// <summary>Good copies on the device: 0, 1 or 2. With 0 the values below are worthless and nothing moves.</summary>
        public byte GoodCopies;

        /// <summary>Serial number of the device.</summary>
        public uint SerialNumber;

        /// <summary>Where the tips are when the stage counts 0, micrometres.</summary>
        public short ZeroOffsetMicrometers;

        /// <summary>How often settings have been written.</summary>
        public uint Writes;

        /// <summary>1 while a change is not stored yet.</summary>
        public byte Pending;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.Settings; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 12; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            GoodCopies = cursor.Byte(GoodCopies);
            SerialNumber = cursor.UInt32(SerialNumber);
            ZeroOffsetMicrometers = cursor.Int16(ZeroOffsetMicrometers);
            Writes = cursor.UInt32(Writes);
            Pending = cursor.Byte(Pending);
        }
    }

    /// <summary>Answer to a counters request: since the device was made, the present start included.</summary>
    public sealed class CountersReport : Message
    {
        /// <summary>Strokes.</summary>
        public uint Strokes;

        /// <summary>Seconds of stroking.</summary>
        public uint RunSeconds;

        /// <summary>Starts of the firmware.</summary>
        public uint Starts;

        /// <summary>Faults latched.</summary>
        public uint Faults;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.Counters; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 16; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            Strokes = cursor.UInt32(Strokes);
            RunSeconds = cursor.UInt32(RunSeconds);
            Starts = cursor.UInt32(Starts);
            Faults = cursor.UInt32(Faults);
        }
    }

    /// <summary>Answer to a self-test request: the last self test.</summary>
    public sealed class SelfTestReport : Message
    {
        /// <summary>Bits of <see cref="SelfTestItems"/> that failed.</summary>
        public ushort Failed;

        /// <summary>Bits of <see cref="SelfTestItems"/> that were tested; what the board has no wire for is not.</summary>
        public ushort Tested;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.SelfTestOutcome; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 4; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            Failed = cursor.UInt16(Failed);
            Tested = cursor.UInt16(Tested);
        }
    }
}
