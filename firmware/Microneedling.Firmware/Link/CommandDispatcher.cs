using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// Turns received frames into calls and their outcomes into answers. Every command is answered, accepted or refused
    /// with a reason, and executed at most once. Decides nothing about motion.
    /// </summary>
    public sealed class CommandDispatcher
    {
        private readonly Board board;
        private readonly SerialLink link;
        private readonly LinkWatchdog watchdog;
        private readonly TreatmentCommands treating;
        private readonly ServiceCommands service;
        private readonly AlarmSignals alarm;
        private readonly Lifecycle life;
        private readonly Treatment treatment;
        private readonly Reporter reporter;
        private readonly EventLog events;
        private readonly Refusal refusal;
        private readonly DeviceIdentity identity;
        private readonly CommandMemory memory = new CommandMemory();
        private readonly FrameDecoder decoder = new FrameDecoder();

        private readonly HelloRequest helloRequest = new HelloRequest();
        private readonly HelloReply helloReply = new HelloReply();
        private readonly Heartbeat heartbeat = new Heartbeat();
        private readonly ConfigureTreatment configureTreatment = new ConfigureTreatment();
        private readonly Arm arm = new Arm();
        private readonly ClearFault clearFault = new ClearFault();
        private readonly EventsRequest eventsRequest = new EventsRequest();
        private readonly SettleCommand settleCommand = new SettleCommand();
        private readonly BeginSession beginSession = new BeginSession();
        private readonly Jog jog = new Jog();
        private readonly CalibrateZero calibrateZero = new CalibrateZero();
        private readonly WriteSettings writeSettings = new WriteSettings();
        private readonly EmptyMessage accepted = new EmptyMessage(MessageId.Accepted);
        private readonly Rejected rejected = new Rejected();
        private readonly TreatmentAccepted treatmentAccepted = new TreatmentAccepted();
        private readonly TimeReport timeReport = new TimeReport();
        private int hostMajor;

        public CommandDispatcher(Device device, DeviceIdentity identity)
        {
            board = device.Board;
            link = device.Link;
            watchdog = device.LinkWatchdog;
            treating = device.TreatmentCommands;
            service = device.ServiceCommands;
            alarm = device.Alarm;
            life = device.Life;
            treatment = device.Treatment;
            reporter = device.Reporter;
            events = device.Events;
            refusal = device.Refusal;
            this.identity = identity;
            hostMajor = ProtocolVersion.Major;
        }

        /// <summary>Frames received damaged since the start; wraps.</summary>
        public ushort DamagedFrames { get; private set; }

        /// <summary>Handles the frames that this tick's bytes have closed.</summary>
        public void Process(long now)
        {
            int at = 0;
            while (at < link.ReceivedCount)
            {
                at = decoder.Take(link.Received, at, link.ReceivedCount);
                switch (decoder.Result)
                {
                    case DecodeResult.Frame:
                        Handle(now);
                        break;
                    case DecodeResult.Damaged:
                        DamagedFrames++;
                        break;
                    case DecodeResult.Stop:
                        // Acted upon when it was read; once more, for what a frame in front of it has begun since.
                        treating.Stop(StopSource.StopByte, now);
                        break;
                    default:
                        break;
                }
            }
        }

        private void Handle(long now)
        {
            switch (decoder.Id)
            {
                case MessageId.Heartbeat:
                    if (decoder.TryRead(heartbeat) && watchdog.Knows(heartbeat.HostNonce))
                    {
                        watchdog.Hear(heartbeat.HostNonce, now);
                        if (decoder.Sequence != 0)
                        {
                            memory.NumberOf(decoder.Sequence);
                        }
                    }

                    break;
                case MessageId.HelloRequest:
                    Greet(now);
                    break;
                default:
                    // What this device itself says can only be an echo of the line; answering it would never end.
                    if (!MessageDirection.IsFromDevice(decoder.Id))
                    {
                        HandleNumbered(now);
                    }

                    break;
            }
        }

        private void HandleNumbered(long now)
        {
            int number = memory.NumberOf(decoder.Sequence);
            switch (decoder.Id)
            {
                case MessageId.StatusRequest:
                    reporter.SendStatus(now, decoder.Sequence);
                    break;
                case MessageId.TimeRequest:
                    // Read anew: the tick may have been held up since it began.
                    timeReport.UptimeMilliseconds = (uint)(board.NowMicroseconds() / 1000);
                    link.Send(timeReport, decoder.Sequence);
                    break;
                case MessageId.SettingsRequest:
                    reporter.SendSettings(decoder.Sequence);
                    break;
                case MessageId.CountersRequest:
                    reporter.SendCounters(decoder.Sequence);
                    break;
                case MessageId.SelfTestRequest:
                    reporter.SendSelfTest(decoder.Sequence);
                    break;
                case MessageId.EventsRequest:
                    if (decoder.TryRead(eventsRequest))
                    {
                        reporter.SendEventsFrom(eventsRequest.FirstNumber, decoder.Sequence);
                    }
                    else
                    {
                        Answer(RejectionReason.MalformedPayload, 0);
                    }

                    break;
                case MessageId.SettleCommand:
                    Settle();
                    break;
                default:
                    HandleCommand(number, now);
                    break;
            }
        }

        private void HandleCommand(int number, long now)
        {
            int slot = memory.Find(decoder.Id, number);
            if (slot >= 0)
            {
                link.Resend(memory.Frame(slot), memory.Length(slot));
                return;
            }

            // A command that could not be answered is not executed: the host repeats it. STOP is.
            if (!link.MaySend && decoder.Id != MessageId.Stop)
            {
                return;
            }

            RejectionReason reason = WhyHostIsRefused();
            if (reason != RejectionReason.None)
            {
                Answer(reason, reason == RejectionReason.VersionMismatch ? ProtocolVersion.Major : 0);
                return;
            }

            if (memory.IsOutOfDate(number) && decoder.Id != MessageId.Stop)
            {
                Answer(RejectionReason.OutOfDate, memory.LatestExecuted);
                return;
            }

            memory.Executed(number);
            refusal.Detail = 0;
            reason = Execute(now);
            bool answered = reason == RejectionReason.None && decoder.Id == MessageId.ConfigureTreatment
                ? AnswerWithTreatment()
                : Answer(reason, refusal.Detail);
            if (answered)
            {
                memory.Keep(decoder.Id, number, link.SentFrame, link.SentLength);
            }
        }

        private void Settle()
        {
            if (!link.MaySend)
            {
                return;
            }

            RejectionReason reason = decoder.TryRead(settleCommand) ? WhyHostIsRefused() : RejectionReason.MalformedPayload;
            if (reason != RejectionReason.None)
            {
                Answer(reason, reason == RejectionReason.VersionMismatch ? ProtocolVersion.Major : 0);
                return;
            }

            MessageId id = (MessageId)settleCommand.CommandId;
            int number = memory.NumberOf(settleCommand.CommandSequence);
            int slot = memory.Find(id, number);
            if (slot >= 0)
            {
                link.Resend(memory.Frame(slot), memory.Length(slot));
            }
            else if (memory.IsOutOfDate(number))
            {
                Reject(RejectionReason.OutOfDate, memory.LatestExecuted, settleCommand.CommandSequence);
            }
            else
            {
                memory.Executed(number);
                Reject(RejectionReason.NotExecuted, 0, settleCommand.CommandSequence);
                memory.Keep(id, number, link.SentFrame, link.SentLength);
            }
        }

        private RejectionReason Execute(long now)
        {
            switch (decoder.Id)
            {
                case MessageId.Home:
                    return treating.Home(now);
                case MessageId.BeginSession:
                    return decoder.TryRead(beginSession) ? treating.BeginSession(beginSession.SessionNumber, now) : RejectionReason.MalformedPayload;
                case MessageId.ConfigureTreatment:
                    return decoder.TryRead(configureTreatment) ? treating.Configure(configureTreatment, now) : RejectionReason.MalformedPayload;
                case MessageId.Arm:
                    return decoder.TryRead(arm) ? treating.Arm(arm.Token, now) : RejectionReason.MalformedPayload;
                case MessageId.Start:
                    return treating.StartStrokes(now);
                case MessageId.Disarm:
                    return treating.Disarm(now);
                case MessageId.Stop:
                    treating.Stop(StopSource.StopCommand, now);
                    return RejectionReason.None;
                case MessageId.ClearFault:
                    return decoder.TryRead(clearFault) ? treating.ClearFault((FaultCode)clearFault.Fault, now) : RejectionReason.MalformedPayload;
                case MessageId.SelfTest:
                    return treating.TestAgain(now);
                case MessageId.SilenceAlarm:
                    return SilenceAlarm(now);
                default:
                    return ExecuteService(now);
            }
        }

        private RejectionReason ExecuteService(long now)
        {
            switch (decoder.Id)
            {
                case MessageId.EnterService:
                    return service.Enter(now);
                case MessageId.LeaveService:
                    return service.Leave(now);
                case MessageId.Jog:
                    return decoder.TryRead(jog) ? service.Jog(jog.Micrometers) : RejectionReason.MalformedPayload;
                case MessageId.CalibrateZero:
                    return decoder.TryRead(calibrateZero) ? service.CalibrateZero(calibrateZero.MeasuredMicrometers, now) : RejectionReason.MalformedPayload;
                case MessageId.WriteSettings:
                    return decoder.TryRead(writeSettings) ? service.Write(writeSettings) : RejectionReason.MalformedPayload;
                default:
                    return refusal.Because(RejectionReason.UnknownMessage, (int)decoder.Id);
            }
        }

        private RejectionReason SilenceAlarm(long now)
        {
            if (life.Fault == FaultCode.None)
            {
                return RejectionReason.NothingToClear;
            }

            alarm.Silence(now);
            events.Add(now, EventCode.AlarmSilenced, Limits.AlarmSilenceMilliseconds, 0);
            return RejectionReason.None;
        }

        private RejectionReason WhyHostIsRefused()
        {
            if (decoder.Id == MessageId.Stop)
            {
                return RejectionReason.None;
            }

            if (hostMajor != ProtocolVersion.Major)
            {
                return RejectionReason.VersionMismatch;
            }

            return watchdog.IsGreeted ? RejectionReason.None : RejectionReason.NotGreeted;
        }

        private void Greet(long now)
        {
            if (!decoder.TryRead(helloRequest) || helloRequest.HostNonce == 0)
            {
                Answer(RejectionReason.MalformedPayload, 0);
                return;
            }

            if (!watchdog.Knows(helloRequest.HostNonce))
            {
                // A new host begins from rest: what another one set in motion does not go on under it.
                memory.Begin(decoder.Sequence);
                hostMajor = helloRequest.ProtocolMajor;
                treating.TakeOver(now);
                watchdog.Greet(helloRequest.HostNonce, now);
                reporter.Begin();
            }

            identity.Fill(helloReply);
            helloReply.HostNonce = helloRequest.HostNonce;
            link.Send(helloReply, decoder.Sequence);
        }

        private bool Answer(RejectionReason reason, int detail)
        {
            if (reason == RejectionReason.None)
            {
                return link.Send(accepted, decoder.Sequence);
            }

            return Reject(reason, detail, decoder.Sequence);
        }

        private bool Reject(RejectionReason reason, int detail, ushort replyTo)
        {
            rejected.Reason = (byte)reason;
            rejected.Detail = detail;
            return link.Send(rejected, replyTo);
        }

        private bool AnswerWithTreatment()
        {
            treatmentAccepted.DepthMicrometers = (ushort)treatment.DepthMicrometers;
            treatmentAccepted.DepthCapMicrometers = (ushort)treatment.DepthCapMicrometers;
            treatmentAccepted.RateMillihertz = (uint)treatment.RateMillihertz;
            treatmentAccepted.Token = treatment.Token;
            treatmentAccepted.BurstStrokes = (ushort)treatment.BurstStrokes;
            return link.Send(treatmentAccepted, decoder.Sequence);
        }
    }
}
