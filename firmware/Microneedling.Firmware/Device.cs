namespace Microneedling.Firmware
{
    /// <summary>All parts of the device, joined. Decides nothing; nothing moves when it is made.</summary>
    public sealed class Device
    {
        public readonly Board Board;
        public readonly BoardInputs Inputs;
        public readonly EventLog Events = new EventLog();
        public readonly LinkWatchdog LinkWatchdog = new LinkWatchdog();
        public readonly Refusal Refusal = new Refusal();
        public readonly Settings Settings = new Settings();
        public readonly LifeCounters Counters = new LifeCounters();
        public readonly NeedleDrive Needle;
        public readonly DepthStage Stage;
        public readonly StrokeMonitor Strokes;
        public readonly MotionSequencer Motion;
        public readonly Lifecycle Life;
        public readonly Supervisor Supervisor;
        public readonly SelfTest SelfTest;
        public readonly SessionRules Session;
        public readonly Treatment Treatment;
        public readonly TriggerControl Trigger;
        public readonly TreatmentCommands TreatmentCommands;
        public readonly ServiceCommands ServiceCommands;
        public readonly AlarmSignals Alarm;
        public readonly StorageKeeper Storage;
        public readonly ExternalWatchdog ExternalWatchdog;
        public readonly SerialLink Link;
        public readonly Reporter Reporter;
        public readonly CommandDispatcher Dispatcher;

        public Device(Board board, uint bootId)
        {
            Board = board;
            Inputs = new BoardInputs(board);
            Needle = new NeedleDrive(board);
            Stage = new DepthStage(board);
            Strokes = new StrokeMonitor(board);
            Motion = new MotionSequencer(Needle, Stage, Inputs);
            Life = new Lifecycle(Motion, Stage, Counters, Events);
            Supervisor = new Supervisor(Inputs, Life, Needle, Stage, Strokes, LinkWatchdog, Settings, Events, Refusal);
            SelfTest = new SelfTest(board, Inputs, Settings, Life, Events);
            Session = new SessionRules(Inputs, Counters, Events, Refusal);
            Treatment = new Treatment(bootId, Settings, Refusal);
            Trigger = new TriggerControl(Inputs, Life, Motion, Needle, Strokes, Treatment, Session, Events);
            TreatmentCommands = new TreatmentCommands(Inputs, Life, Supervisor, Motion, Strokes, Treatment, Trigger, Session, Settings, Events, Refusal);
            ServiceCommands = new ServiceCommands(Inputs, Life, Supervisor, Motion, Stage, Treatment, Settings, Events, Refusal);
            Alarm = new AlarmSignals(board, Life);
            Storage = new StorageKeeper(Settings, Counters, Life, Events);
            ExternalWatchdog = new ExternalWatchdog(board);
            Link = new SerialLink(board);
            Reporter = new Reporter(this);
            Dispatcher = new CommandDispatcher(this, new DeviceIdentity(bootId, board.Capabilities, Settings));
        }
    }
}
