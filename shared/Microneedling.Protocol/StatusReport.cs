namespace Microneedling.Protocol
{
    /// <summary>Periodic report, and the answer to a status request. May be lost, is never wrong.</summary>
    public sealed class StatusReport : Message
    {
        /// <summary>Device time since start, milliseconds; wraps after 49.7 days.</summary>
        public uint UptimeMilliseconds;

        /// <summary>The <see cref="DeviceState"/>.</summary>
        public byte State;

        /// <summary>The latched <see cref="FaultCode"/>, or 0.</summary>
        public ushort Fault;

        /// <summary>Bits of <see cref="Protocol.Inputs"/>.</summary>
        public ushort Inputs;

        /// <summary>Bits of <see cref="StatusFlags"/>.</summary>
        public byte Flags;

        /// <summary>Where the depth stage stands by its counted steps: the deepest point of a stroke, micrometres. Meaningless unless homed.</summary>
        public short StagePositionMicrometers;

        /// <summary>Depth of the accepted treatment, micrometres, or 0.</summary>
        public ushort DepthMicrometers;

        /// <summary>Cap of the accepted treatment, micrometres, or 0.</summary>
        public ushort DepthCapMicrometers;

        /// <summary>Stroke rate of the accepted treatment, millihertz, or 0.</summary>
        public uint RateMillihertz;

        /// <summary>Stroke rate that the needle drive is given now, millihertz.</summary>
        public uint DrivenRateMillihertz;

        /// <summary>Stroke rate measured at the index flag, millihertz: the mean of the last 0.4 to 1 s; 0 when the needles stand still.</summary>
        public uint MeasuredRateMillihertz;

        /// <summary>
        /// Strokes of the cam since the firmware started, counted at the index flag; those behind the nosecone too, by which
        /// arming and parking prove the index. A press made as many as the counts in the statuses while armed, before and
        /// after it, differ by: the needles slow down behind the release.
        /// </summary>
        public uint StrokeCount;

        /// <summary>Token of the accepted treatment, or 0.</summary>
        public uint Token;

        /// <summary>Number of the latest event, or 0.</summary>
        public uint LatestEventNumber;

        /// <summary>Reports that could not be sent since the start; wraps.</summary>
        public ushort DroppedReports;

        /// <summary>Ticks that came more than 50 ms late since the start; wraps.</summary>
        public ushort TickGaps;

        /// <summary>Frames received damaged since the start; wraps.</summary>
        public ushort DamagedFrames;

        /// <summary>Strokes of a press under the accepted treatment; 0: as long as the trigger is held. Since 1.1.</summary>
        public ushort BurstStrokes;

        /// <summary>The <see cref="AlarmPriority"/>. Since 1.1.</summary>
        public byte Alarm;

        /// <summary>Number of the session, or 0. Since 1.1.</summary>
        public uint SessionNumber;

        /// <inheritdoc/>
        public override MessageId Id
        {
            get { return MessageId.Status; }
        }

        /// <inheritdoc/>
        public override int MinimumLength
        {
            get { return 46; }
        }

        /// <inheritdoc/>
        public override void Transfer(PayloadCursor cursor)
        {
            UptimeMilliseconds = cursor.UInt32(UptimeMilliseconds);
            State = cursor.Byte(State);
            Fault = cursor.UInt16(Fault);
            Inputs = cursor.UInt16(Inputs);
            Flags = cursor.Byte(Flags);
            StagePositionMicrometers = cursor.Int16(StagePositionMicrometers);
            DepthMicrometers = cursor.UInt16(DepthMicrometers);
            DepthCapMicrometers = cursor.UInt16(DepthCapMicrometers);
            RateMillihertz = cursor.UInt32(RateMillihertz);
            DrivenRateMillihertz = cursor.UInt32(DrivenRateMillihertz);
            MeasuredRateMillihertz = cursor.UInt32(MeasuredRateMillihertz);
            StrokeCount = cursor.UInt32(StrokeCount);
            Token = cursor.UInt32(Token);
            LatestEventNumber = cursor.UInt32(LatestEventNumber);
            DroppedReports = cursor.UInt16(DroppedReports);
            TickGaps = cursor.UInt16(TickGaps);
            DamagedFrames = cursor.UInt16(DamagedFrames);
            BurstStrokes = cursor.UInt16(BurstStrokes);
            Alarm = cursor.Byte(Alarm);
            SessionNumber = cursor.UInt32(SessionNumber);
        }
    }
}
