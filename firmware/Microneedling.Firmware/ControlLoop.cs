using System.Threading;
using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// The control loop, one tick at a time: read inputs → safety → plan → move → publish → watchdog. One thread, bounded
    /// work, no allocation of its own. What the library's pin and counter reads allocate is bounded: some twenty small
    /// objects a tick, counted by the gates. Between ticks, at rest, it writes to flash and sleeps.
    /// </summary>
    public sealed class ControlLoop
    {
        // With stepping, a tick stays under 20 ms; the rest of it is for everything else.
        private const int SteppingMicrosecondsPerTick = 17000;

        // Half the external watchdog's window.
        private const int LateMicroseconds = 100000;

        private readonly Device device;
        private readonly Board board;
        private readonly DepthStage stage;
        private readonly NeedleDrive needle;
        private readonly ExternalWatchdog watchdog;
        private long tickBegunAt;
        private bool failedBefore;

        /// <summary>Runs a device. Nothing moves.</summary>
        public ControlLoop(Board board, uint bootId)
        {
            this.board = board;
            device = new Device(board, bootId);
            stage = device.Stage;
            needle = device.Needle;
            watchdog = device.ExternalWatchdog;
        }

        /// <summary>Reads what is stored, and begins the self test.</summary>
        public void Start()
        {
            long now = board.NowMicroseconds();
            device.Events.Add(now, EventCode.Started, ProtocolVersion.Major, ProtocolVersion.Minor);
            device.Storage.Load(now);
            device.Inputs.Read();
            device.Session.Start(now);
            int zeroOffset = device.Settings.ZeroOffsetMicrometers;
            stage.SetDeepest(StageUnits.StepsForDepth(StageUnits.DeepestMicrometers(zeroOffset), zeroOffset));
            device.Life.Move(StateInput.Started, now);
            tickBegunAt = board.NowMicroseconds();
        }

        /// <summary>One tick.</summary>
        public void Tick()
        {
            long now = board.NowMicroseconds();
            int gap = (int)(now - tickBegunAt);
            tickBegunAt = now;

            device.Inputs.Read();
            if (gap > LateMicroseconds || !device.Inputs.WatchdogHolds)
            {
                stage.HoldSteps(now + SteppingMicrosecondsPerTick);
            }

            watchdog.Ran(ExternalWatchdog.InputsRead);
            if (device.Link.Receive())
            {
                device.TreatmentCommands.Stop(StopSource.StopByte, now);
            }

            device.Supervisor.Supervise(now, gap / 1000);
            device.SelfTest.Tick(now);
            watchdog.Ran(ExternalWatchdog.Supervised);

            device.Dispatcher.Process(now);
            device.Trigger.Follow(now);
            device.Session.Tick(now, needle.IsMoving && device.Life.State == DeviceState.Running, gap);
            device.Counters.Count(device.Strokes.StrokeCount, needle.IsMoving ? gap : 0);
            watchdog.Ran(ExternalWatchdog.Planned);

            MotionResult result = device.Motion.Tick(now, now + SteppingMicrosecondsPerTick);
            long movedAt = board.NowMicroseconds();
            device.Strokes.Tick(movedAt, needle.PulsesGiven(movedAt));
            Apply(result, now);
            watchdog.Ran(ExternalWatchdog.Moved);

            device.Reporter.Tick(now);
            device.Alarm.Tick(now);
            watchdog.Ran(ExternalWatchdog.Published);
            watchdog.EndTick(device.SelfTest.WithholdsWatchdogEdges);
        }

        /// <summary>Writes what has changed to flash, at rest only. The time it takes is not a late tick.</summary>
        public void Store()
        {
            if (device.Storage.Store(board.NowMicroseconds()))
            {
                tickBegunAt = board.NowMicroseconds();
            }
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
                // Wherever the stage stands now, it is not parked: it must be homed before anything else.
                device.Motion.Halt();
                stage.ForgetHome();
            }

            failedBefore = true;
            device.Life.RaiseFault(FaultCode.InternalError, board.NowMicroseconds());
        }

        private void Apply(MotionResult result, long now)
        {
            if (result == MotionResult.None)
            {
                return;
            }

            if (result == MotionResult.StrokesEnded)
            {
                device.Trigger.StrokesEnded(now);
            }
            else if (result == MotionResult.JogDone)
            {
                device.ServiceCommands.JogDone(now);
            }

            device.Life.Apply(result, now);
        }
    }
}
