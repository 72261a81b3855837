using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// What is tested before anything may move: inputs plausible, drivers well, settings good, and that the external
    /// watchdog, where it can be read back, really lets the enables go without edges and holds them with edges.
    /// <code>
    ///   edges   ______________________|‾|_|‾|_|‾
    ///   good                           ‾‾‾‾‾‾‾‾‾
    ///           |--- 250 ms: low -----|- 60 ms: high |
    /// </code>
    /// </summary>
    public sealed class SelfTest
    {
        // The external watchdog's window is 200 ms.
        private const long SilentMicroseconds = 250000;
        private const long EdgesMicroseconds = 60000;

        private readonly Board board;
        private readonly BoardInputs inputs;
        private readonly Settings settings;
        private readonly Lifecycle life;
        private readonly EventLog events;
        private bool running;
        private long begunAt;

        public SelfTest(Board board, BoardInputs inputs, Settings settings, Lifecycle life, EventLog events)
        {
            this.board = board;
            this.inputs = inputs;
            this.settings = settings;
            this.life = life;
            this.events = events;
        }

        /// <summary>Bits of <see cref="SelfTestItems"/> that failed in the last test.</summary>
        public ushort Failed { get; private set; }

        /// <summary>Bits of <see cref="SelfTestItems"/> that were tested.</summary>
        public ushort Tested { get; private set; }

        /// <summary>Whether the external watchdog is to get no edges now.</summary>
        public bool WithholdsWatchdogEdges { get; private set; }

        /// <summary>Goes on with the test while the state asks for it.</summary>
        public void Tick(long now)
        {
            if (life.State != DeviceState.SelfTest)
            {
                running = false;
                WithholdsWatchdogEdges = false;
                return;
            }

            if (!running)
            {
                Begin(now);
            }

            if (board.WatchdogGood == null || WatchdogTestIsOver(now))
            {
                End(now);
            }
        }

        private void Begin(long now)
        {
            running = true;
            begunAt = now;
            Failed = 0;
            Tested = 0;
            WithholdsWatchdogEdges = board.WatchdogGood != null;
        }

        private bool WatchdogTestIsOver(long now)
        {
            if (WithholdsWatchdogEdges)
            {
                if (now - begunAt < SilentMicroseconds)
                {
                    return false;
                }

                Note(SelfTestItems.WatchdogDrops, !(bool)board.WatchdogGood.Read());
                WithholdsWatchdogEdges = false;
                begunAt = now;
                return false;
            }

            if (now - begunAt < EdgesMicroseconds)
            {
                return false;
            }

            Note(SelfTestItems.WatchdogHolds, (bool)board.WatchdogGood.Read());
            return true;
        }

        private void End(long now)
        {
            running = false;
            Note(SelfTestItems.InputsPlausible, !(inputs.Has(Inputs.HomeSwitchClosed) && inputs.Has(Inputs.LimitSwitchOpen)));
            Note(SelfTestItems.SettingsGood, settings.IsGood);
            if (board.NeedleDiagnosis != null)
            {
                Note(SelfTestItems.NeedleDriverWell, !inputs.Has(Inputs.NeedleDriverFault));
            }

            if (board.DepthDiagnosis != null)
            {
                Note(SelfTestItems.DepthDriverWell, !inputs.Has(Inputs.DepthDriverFault));
            }

            events.Add(now, EventCode.SelfTestDone, Failed, Tested);
            FaultCode fault = FirstFault();
            if (fault == FaultCode.None)
            {
                life.Move(StateInput.SelfTestPassed, now);
            }
            else
            {
                life.RaiseFault(fault, now);
            }
        }

        private FaultCode FirstFault()
        {
            if ((Failed & (SelfTestItems.WatchdogDrops | SelfTestItems.WatchdogHolds)) != 0)
            {
                return FaultCode.WatchdogNotWorking;
            }

            if ((Failed & SelfTestItems.InputsPlausible) != 0)
            {
                return FaultCode.ImplausibleInputs;
            }

            if ((Failed & SelfTestItems.NeedleDriverWell) != 0)
            {
                return FaultCode.NeedleDriverFault;
            }

            if ((Failed & SelfTestItems.DepthDriverWell) != 0)
            {
                return FaultCode.DepthDriverFault;
            }

            return (Failed & SelfTestItems.SettingsGood) != 0 ? FaultCode.SettingsLost : FaultCode.None;
        }

        private void Note(ushort item, bool passed)
        {
            Tested |= item;
            if (!passed)
            {
                Failed |= item;
            }
        }
    }
}
