using System.Threading;
using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// The control loop, one tick at a time: read inputs → safety → plan → move → publish → watchdog. One thread, bounded
    /// work, no allocation of its own. What the library's pin and counter reads allocate is bounded: 17 small objects a tick
    /// at rest, counted by the gates.
    /// </summary>
    public sealed class ControlLoop
    {
        // With stepping, a tick stays under 20 ms; the rest of it is for everything else.
        private const int SteppingMicrosecondsPerTick = 17000;

        private readonly Board board;
        private readonly BoardInputs inputs;
        private readonly NeedleDrive needle;
        private readonly DepthStage stage;
        private readonly StrokeMonitor strokes;
        private readonly MotionSequencer motion;
        private readonly TreatmentController controller;
        private readonly SerialLink link;
        private readonly CommandDispatcher dispatcher;
        private readonly Reporter reporter;
        private long tickBegunAt;
        private bool failedBefore;

        /// <summary>Joins the parts. Nothing moves.</summary>
        public ControlLoop(Board board, uint bootId)
        {
            this.board = board;
            inputs = new BoardInputs(board);
            needle = new NeedleDrive(board);
            stage = new DepthStage(board);
            strokes = new StrokeMonitor(board);
            motion = new MotionSequencer(needle, stage, inputs);
            link = new SerialLink(board);
            EventLog events = new EventLog();
            LinkWatchdog watchdog = new LinkWatchdog();
            Treatment treatment = new Treatment(bootId);
            controller = new TreatmentController(inputs, motion, needle, stage, strokes, watchdog, treatment, events);
            reporter = new Reporter(link, inputs, needle, stage, motion, strokes, treatment, watchdog, events, controller);
            dispatcher = new CommandDispatcher(link, watchdog, controller, treatment, reporter, new DeviceIdentity(bootId));
            reporter.Observe(dispatcher);
        }

        /// <summary>Tests the inputs and leaves the device unhomed and still.</summary>
        public void Start()
        {
            inputs.Read();
            tickBegunAt = board.NowMicroseconds();
            controller.Start(tickBegunAt);
        }

        /// <summary>One tick.</summary>
        public void Tick()
        {
            long now = board.NowMicroseconds();
            int gapMilliseconds = (int)((now - tickBegunAt) / 1000);
            tickBegunAt = now;

            inputs.Read();
            if (link.Receive())
            {
                controller.Stop(StopSource.StopByte, now);
            }

            controller.Supervise(now, gapMilliseconds);

            dispatcher.Process(now);
            controller.FollowTrigger(now);

            MotionResult result = motion.Tick(now, now + SteppingMicrosecondsPerTick);
            strokes.Tick(now);
            controller.Apply(result, now);

            reporter.Tick(now);
            board.WatchdogToggle.Toggle();
        }

        /// <summary>
        /// Waits for the next tick; not at all while the stage steps, whose spacing is waited out inside the tick.
        /// </summary>
        public void Wait()
        {
            if (!stage.IsMoving)
            {
                Thread.Sleep(1);
            }
        }

        /// <summary>A programming error has surfaced: pulses are cut and the fault latched; the second time everything is let go.</summary>
        public void Fail()
        {
            needle.Cut();
            if (failedBefore)
            {
                motion.Halt();
            }

            failedBefore = true;
            controller.RaiseFault(FaultCode.InternalError, board.NowMicroseconds());
        }
    }
}
