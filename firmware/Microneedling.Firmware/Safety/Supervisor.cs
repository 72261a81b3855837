using Microneedling.Protocol;

namespace Microneedling.Firmware
{
    /// <summary>
    /// What must hold before and while anything moves: link, supply, switches, drivers, cartridge, the loop's own
    /// punctuality, the needles' rate. The first that does not becomes a fault. Looked at first in every tick.
    /// </summary>
    public sealed class Supervisor
    {
        private const int MostLooksWithoutWatchdog = 2;

        private readonly BoardInputs inputs;
        private readonly Lifecycle life;
        private readonly NeedleDrive needle;
        private readonly DepthStage stage;
        private readonly StrokeMonitor strokes;
        private readonly LinkWatchdog link;
        private readonly Settings settings;
        private readonly EventLog events;
        private readonly Refusal refusal;
        private ushort inputsBefore = Inputs.SupplyGood;
        private int watchdogLooks;

        public Supervisor(
            BoardInputs inputs,
            Lifecycle life,
            NeedleDrive needle,
            DepthStage stage,
            StrokeMonitor strokes,
            LinkWatchdog link,
            Settings settings,
            EventLog events,
            Refusal refusal)
        {
            this.inputs = inputs;
            this.life = life;
            this.needle = needle;
            this.stage = stage;
            this.strokes = strokes;
            this.link = link;
            this.settings = settings;
            this.events = events;
            this.refusal = refusal;
        }

        /// <summary>Late ticks since the start.</summary>
        public ushort TickGaps { get; private set; }

        /// <summary>Looks at everything that must hold now, and latches a fault when something does not.</summary>
        public void Supervise(long now, int tickGapMilliseconds)
        {
            if (tickGapMilliseconds > Limits.TickGapCountedMilliseconds)
            {
                TickGaps++;
            }

            NoteChanges(now);
            watchdogLooks = inputs.WatchdogHolds ? 0 : watchdogLooks + 1;
            if (inputs.Has(Inputs.EmergencyStop))
            {
                life.MeetEmergencyStop(now);
                return;
            }

            FaultCode fault = FirstBroken(now, tickGapMilliseconds);
            if (fault != FaultCode.None)
            {
                life.RaiseFault(fault, now);
            }
        }

        /// <summary>Why nothing may begin to move; None when it may.</summary>
        public RejectionReason WhyMotionIsRefused(long now)
        {
            if (life.Fault != FaultCode.None)
            {
                return refusal.Because(RejectionReason.FaultLatched, (int)life.Fault);
            }

            if (!link.IsAlive(now))
            {
                return RejectionReason.NoHeartbeat;
            }

            if (inputs.Has(Inputs.EmergencyStop))
            {
                return RejectionReason.EmergencyStopPressed;
            }

            if (!inputs.Has(Inputs.SupplyGood))
            {
                return RejectionReason.SupplyLow;
            }

            FaultCode driver = DriverFault();
            return driver == FaultCode.None ? RejectionReason.None : refusal.Because(RejectionReason.DriverFault, (int)driver);
        }

        /// <summary>Whether what caused a fault is still there, so that it must not be cleared.</summary>
        public bool CauseIsPresent(FaultCode fault)
        {
            switch (fault)
            {
                case FaultCode.SupplyLow:
                    return !inputs.Has(Inputs.SupplyGood);
                case FaultCode.LimitSwitchOpen:
                    // While the position is unknown, homing is what brings the stage off the switch.
                    return stage.IsHomed && inputs.Has(Inputs.LimitSwitchOpen);
                case FaultCode.ImplausibleInputs:
                    return inputs.Has(Inputs.HomeSwitchClosed) && inputs.Has(Inputs.LimitSwitchOpen);
                case FaultCode.CartridgeRemoved:
                    return !inputs.Has(Inputs.CartridgeSeated);
                case FaultCode.CartridgeInService:
                    return inputs.Has(Inputs.CartridgeSeated);
                case FaultCode.NeedleDriverFault:
                    return inputs.Has(Inputs.NeedleDriverFault);
                case FaultCode.DepthDriverFault:
                    return inputs.Has(Inputs.DepthDriverFault);
                case FaultCode.SettingsLost:
                    return !settings.IsGood;
                case FaultCode.WatchdogNotWorking:
                    return !inputs.WatchdogHolds;
                default:
                    return false;
            }
        }

        /// <summary>A driver that reports a fault of its own, or None.</summary>
        public FaultCode DriverFault()
        {
            if (inputs.Has(Inputs.NeedleDriverFault))
            {
                return FaultCode.NeedleDriverFault;
            }

            return inputs.Has(Inputs.DepthDriverFault) ? FaultCode.DepthDriverFault : FaultCode.None;
        }

        private FaultCode FirstBroken(long now, int tickGapMilliseconds)
        {
            switch (life.State)
            {
                case DeviceState.Parked:
                    return FirstBrokenOfSupplyAndLimit();
                case DeviceState.Retracting:
                    return WatchdogFault();
                case DeviceState.Homing:
                    return FirstBrokenWhileMoving(now, false);
                case DeviceState.Service:
                    return inputs.Has(Inputs.CartridgeSeated) ? FaultCode.CartridgeInService : FirstBrokenWhileMoving(now, false);
                case DeviceState.Armed:
                    return FirstBrokenWhileTreating(now);
                case DeviceState.Running:
                    FaultCode fault = FirstBrokenWhileTreating(now);
                    return fault != FaultCode.None ? fault : FirstBrokenWhileRunning(now, tickGapMilliseconds);
                default:
                    return FaultCode.None;
            }
        }

        private FaultCode FirstBrokenOfSupplyAndLimit()
        {
            if (!inputs.Has(Inputs.SupplyGood))
            {
                return FaultCode.SupplyLow;
            }

            return inputs.Has(Inputs.LimitSwitchOpen) ? FaultCode.LimitSwitchOpen : FaultCode.None;
        }

        // Homing brings the stage off the limit switch, a jog may: for them it only gates.
        private FaultCode FirstBrokenWhileMoving(long now, bool limitSwitchCounts)
        {
            if (!link.IsAlive(now))
            {
                return FaultCode.LinkLost;
            }

            if (!inputs.Has(Inputs.SupplyGood))
            {
                return FaultCode.SupplyLow;
            }

            if (limitSwitchCounts && inputs.Has(Inputs.LimitSwitchOpen))
            {
                return FaultCode.LimitSwitchOpen;
            }

            FaultCode fault = WatchdogFault();
            return fault != FaultCode.None ? fault : DriverFault();
        }

        // After a late tick the drivers are back with its edge. Longer without them, steps would be counted that are not made.
        private FaultCode WatchdogFault()
        {
            return watchdogLooks > MostLooksWithoutWatchdog ? FaultCode.WatchdogNotWorking : FaultCode.None;
        }

        private FaultCode FirstBrokenWhileTreating(long now)
        {
            FaultCode fault = FirstBrokenWhileMoving(now, true);
            if (fault != FaultCode.None)
            {
                return fault;
            }

            return inputs.Has(Inputs.CartridgeSeated) ? FaultCode.None : FaultCode.CartridgeRemoved;
        }

        private FaultCode FirstBrokenWhileRunning(long now, int tickGapMilliseconds)
        {
            if (tickGapMilliseconds > Limits.TickGapFaultMilliseconds)
            {
                return FaultCode.TickGap;
            }

            if (strokes.IsStalled(now))
            {
                return FaultCode.NeedleStalled;
            }

            if (strokes.HasSurplus())
            {
                return FaultCode.RateOutOfBand;
            }

            return strokes.IsInBand(needle.Hertz, needle.IsSteady, now) ? FaultCode.None : FaultCode.RateOutOfBand;
        }

        private void NoteChanges(long now)
        {
            int changed = inputs.Bits ^ inputsBefore;
            inputsBefore = inputs.Bits;
            if ((changed & Inputs.SupplyGood) != 0)
            {
                events.Add(now, EventCode.SupplyChanged, inputs.Has(Inputs.SupplyGood) ? 1 : 0, 0);
            }

            if ((changed & Inputs.EmergencyStop) != 0)
            {
                events.Add(now, EventCode.EmergencyStopChanged, inputs.Has(Inputs.EmergencyStop) ? 1 : 0, 0);
            }
        }
    }
}
