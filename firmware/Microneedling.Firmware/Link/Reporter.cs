using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Tells the greeted host how things are: status at its rate and whenever the state has changed, events in order as the line has room. Decides only what
    /// is sent when.
    /// </summary>
    public sealed class Reporter
    {
        private const int MostEventsPerTick = 2;

        private readonly SerialLink link;
        private readonly BoardInputs inputs;
        private readonly NeedleDrive needle;
        private readonly DepthStage stage;
        private readonly MotionSequencer motion;
        private readonly StrokeMonitor strokes;
        private readonly Treatment treatment;
        private readonly LinkWatchdog watchdog;
        private readonly EventLog events;
        private readonly StatusReport status = new StatusReport();
        private readonly EventReport report = new EventReport();
        private readonly EventsAvailable available = new EventsAvailable();
        private readonly TreatmentController controller;
        private CommandDispatcher dispatcher;
        private uint nextEvent;
        private long statusSentAt;
        private DeviceState reportedState;
        private ushort droppedReports;

        public Reporter(
            SerialLink link,
            BoardInputs inputs,
            NeedleDrive needle,
            DepthStage stage,
            MotionSequencer motion,
            StrokeMonitor strokes,
            Treatment treatment,
            LinkWatchdog watchdog,
            EventLog events,
            TreatmentController controller)
        {
            this.link = link;
            this.inputs = inputs;
            this.needle = needle;
            this.stage = stage;
            this.motion = motion;
            this.strokes = strokes;
            this.treatment = treatment;
            this.watchdog = watchdog;
            this.events = events;
            this.controller = controller;
        }

        /// <summary>Where the count of damaged frames comes from.</summary>
        public void Observe(CommandDispatcher observed)
        {
            dispatcher = observed;
        }

        /// <summary>A host has greeted: events from now on are sent by themselves, earlier ones when it asks.</summary>
        public void Begin()
        {
            nextEvent = events.LatestNumber + 1;
        }

        /// <summary>Sends what is due, within the tick's bound.</summary>
        public void Tick(long now)
        {
            if (!watchdog.IsGreeted)
            {
                return;
            }

            long spacing = IsBusy() ? Limits.RunningStatusMilliseconds * 1000L : Limits.IdleStatusMilliseconds * 1000L;
            bool due = now - statusSentAt >= spacing || controller.State != reportedState;
            if (due && !SendStatus(now, 0))
            {
                droppedReports++;
                statusSentAt = now;
            }

            SendEvents();
        }

        /// <summary>Sends one status report, as the answer to a request or by itself (0); false when the tick's bound is reached.</summary>
        public bool SendStatus(long now, ushort replyTo)
        {
            status.UptimeMilliseconds = (uint)(now / 1000);
            status.State = (byte)controller.State;
            status.Fault = (ushort)controller.Fault;
            status.Inputs = inputs.Bits;
            status.Flags = Flags(now);
            status.StagePositionMicrometers = (short)StageUnits.MicrometersAt(stage.PositionSteps);
            status.DepthMicrometers = (ushort)treatment.DepthMicrometers;
            status.DepthCapMicrometers = (ushort)treatment.DepthCapMicrometers;
            status.RateMillihertz = (uint)treatment.RateMillihertz;
            status.DrivenRateMillihertz = (uint)NeedleUnits.MillihertzAt(needle.Hertz);
            status.MeasuredRateMillihertz = (uint)strokes.MeasuredMillihertz;
            status.StrokeCount = strokes.StrokeCount;
            status.Token = treatment.Token;
            status.LatestEventNumber = events.LatestNumber;
            status.DroppedReports = droppedReports;
            status.TickGaps = controller.TickGaps;
            status.DamagedFrames = dispatcher.DamagedFrames;
            if (!link.Send(status, replyTo))
            {
                return false;
            }

            statusSentAt = now;
            reportedState = controller.State;
            return true;
        }

        /// <summary>Says which events are kept, and sends them again from the given number on.</summary>
        public void SendEventsFrom(uint firstNumber, ushort replyTo)
        {
            available.OldestNumber = events.OldestNumber;
            available.LatestNumber = events.LatestNumber;
            if (link.Send(available, replyTo))
            {
                nextEvent = firstNumber > events.LatestNumber ? events.LatestNumber + 1 : firstNumber;
            }
        }

        private void SendEvents()
        {
            if (nextEvent < events.OldestNumber)
            {
                nextEvent = events.OldestNumber;
            }

            for (int i = 0; i < MostEventsPerTick && nextEvent <= events.LatestNumber; i++)
            {
                events.Fill(report, nextEvent);
                if (!link.Send(report, 0))
                {
                    return;
                }

                nextEvent++;
            }
        }

        private bool IsBusy()
        {
            return controller.State == DeviceState.Armed
                || controller.State == DeviceState.Running
                || controller.State == DeviceState.Homing
                || motion.IsParking;
        }

        private byte Flags(long now)
        {
            int flags = stage.IsHomed ? StatusFlags.Homed : 0;
            if (stage.IsMoving)
            {
                flags |= StatusFlags.StageMoving;
            }

            if (needle.IsMoving)
            {
                flags |= StatusFlags.NeedlesMoving;
            }

            if (motion.IsParking)
            {
                flags |= StatusFlags.Parking;
            }

            if (watchdog.IsAlive(now))
            {
                flags |= StatusFlags.LinkAlive;
            }

            return (byte)flags;
        }
    }
}
