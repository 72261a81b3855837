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

        private readonly Device device;
        private readonly SerialLink link;
        private readonly EventLog events;
        private readonly Lifecycle life;
        private readonly StatusReport status = new StatusReport();
        private readonly EventReport report = new EventReport();
        private readonly EventsAvailable available = new EventsAvailable();
        private readonly SettingsReport settings = new SettingsReport();
        private readonly CountersReport counters = new CountersReport();
        private readonly SelfTestReport selfTest = new SelfTestReport();
        private uint nextEvent;
        private long statusSentAt;
        private DeviceState reportedState;
        private ushort droppedReports;

        public Reporter(Device device)
        {
            this.device = device;
            link = device.Link;
            events = device.Events;
            life = device.Life;
        }

        /// <summary>A host has greeted: events from now on are sent by themselves, earlier ones when it asks.</summary>
        public void Begin()
        {
            nextEvent = events.LatestNumber + 1;
        }

        /// <summary>Sends what is due, within the tick's bound.</summary>
        public void Tick(long now)
        {
            if (!device.LinkWatchdog.IsGreeted)
            {
                return;
            }

            long spacing = IsBusy() ? Limits.RunningStatusMilliseconds * 1000L : Limits.IdleStatusMilliseconds * 1000L;
            bool due = now - statusSentAt >= spacing || life.State != reportedState;
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
            status.State = (byte)life.State;
            status.Fault = (ushort)life.Fault;
            status.Inputs = device.Inputs.Bits;
            status.Flags = Flags(now);
            status.StagePositionMicrometers = (short)StageUnits.MicrometersAt(device.Stage.PositionSteps, device.Settings.ZeroOffsetMicrometers);
            status.DepthMicrometers = (ushort)device.Treatment.DepthMicrometers;
            status.DepthCapMicrometers = (ushort)device.Treatment.DepthCapMicrometers;
            status.RateMillihertz = (uint)device.Treatment.RateMillihertz;
            status.DrivenRateMillihertz = (uint)NeedleUnits.MillihertzAt(device.Needle.Hertz);
            status.MeasuredRateMillihertz = (uint)device.Strokes.MeasuredMillihertz;
            status.StrokeCount = device.Strokes.StrokeCount;
            status.Token = device.Treatment.Token;
            status.LatestEventNumber = events.LatestNumber;
            status.DroppedReports = droppedReports;
            status.TickGaps = device.Supervisor.TickGaps;
            status.DamagedFrames = device.Dispatcher.DamagedFrames;
            status.BurstStrokes = (ushort)device.Treatment.BurstStrokes;
            status.Alarm = (byte)device.Alarm.Priority;
            status.SessionNumber = device.Session.Number;
            if (!link.Send(status, replyTo))
            {
                return false;
            }

            statusSentAt = now;
            reportedState = life.State;
            return true;
        }

        /// <summary>Answers a settings request.</summary>
        public void SendSettings(ushort replyTo)
        {
            device.Settings.Fill(settings);
            link.Send(settings, replyTo);
        }

        /// <summary>Answers a counters request.</summary>
        public void SendCounters(ushort replyTo)
        {
            device.Counters.Fill(counters);
            link.Send(counters, replyTo);
        }

        /// <summary>Answers a self-test request.</summary>
        public void SendSelfTest(ushort replyTo)
        {
            selfTest.Failed = device.SelfTest.Failed;
            selfTest.Tested = device.SelfTest.Tested;
            link.Send(selfTest, replyTo);
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
            return life.State == DeviceState.Armed
                || life.State == DeviceState.Running
                || life.State == DeviceState.Homing
                || life.State == DeviceState.Service
                || device.Motion.IsParking;
        }

        private byte Flags(long now)
        {
            int flags = device.Stage.IsHomed ? StatusFlags.Homed : 0;
            if (device.Stage.IsMoving)
            {
                flags |= StatusFlags.StageMoving;
            }

            if (device.Needle.IsMoving)
            {
                flags |= StatusFlags.NeedlesMoving;
            }

            if (device.Motion.IsParking)
            {
                flags |= StatusFlags.Parking;
            }

            if (device.LinkWatchdog.IsAlive(now))
            {
                flags |= StatusFlags.LinkAlive;
            }

            if (device.Session.CartridgeUsedBefore)
            {
                flags |= StatusFlags.CartridgeUsedBefore;
            }

            if (device.Alarm.IsSilenced)
            {
                flags |= StatusFlags.AlarmSilenced;
            }

            return (byte)flags;
        }
    }
}
