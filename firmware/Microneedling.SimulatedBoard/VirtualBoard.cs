// The board as a whole: chip, mechanism, serial line, power. Runs any firmware; knows none. What the parts do is theirs:
// Chip/ is the microcontroller, Mechanism/ what is wired to it, BoardClock the time.

using Microneedling.SimulatedBoard.Chip;
using Microneedling.SimulatedBoard.Mechanics;

namespace Microneedling.SimulatedBoard;

/// <summary>How the firmware fares.</summary>
public enum FirmwareState
{
    /// <summary>The board has no power.</summary>
    Off,

    /// <summary>Its thread runs, or waits for its turn.</summary>
    Running,

    /// <summary>Its main method returned; outputs stay as they were.</summary>
    Returned,

    /// <summary>Its main method threw; outputs stay as they were.</summary>
    Failed,
}

/// <summary>
/// A simulated board: runs a firmware written for nanoFramework on its own thread, in virtual or real time. All members
/// may be used from any thread.
/// </summary>
public sealed class VirtualBoard : IDisposable
{
    private readonly Mechanism mechanism;
    private readonly long timerAtPowerOn;
    private readonly TraceRecorder? recorder;
    private FirmwareRun? run;

    /// <summary>Makes a board without power.</summary>
    public VirtualBoard(BoardOptions? options = null)
        : this(options ?? new BoardOptions(), TimeProvider.System)
    {
    }

    internal VirtualBoard(BoardOptions options, TimeProvider wallClock)
    {
        Seed = options.Seed;
        timerAtPowerOn = options.TimerAtPowerOnMicroseconds;
        Interpreter = new Interpreter(options.Platform, options.Seed, options.StartMicroseconds);
        Clock = new BoardClock(options.StartMicroseconds, options.RealTime, wallClock);
        Trace = new BoardTrace(Clock.Gate);
        Random mechanics = new(options.Seed);
        mechanism = new Mechanism(
            options.StageMicrometers ?? mechanics.Next(-1_100, 501),
            options.CamMicrosteps ?? mechanics.Next(CamGeometry.MicrostepsPerRevolution),
            options.StartMicroseconds,
            new Imperfections(options.Imperfections, options.Seed));
        ChipRandom = new Random(options.Seed ^ 0x5EED);
        Chip = ChipProfile.Of(options.Chip);
        Pins = new PinBank(Clock, mechanism, Trace, ChipRandom, options.Chip);
        Pwm = new PwmUnit(Clock, Pins, mechanism, Trace, Chip);
        PulseCounters = new PulseCounterUnit(Clock, Pins, mechanism, Chip, options.Platform, options.Seed);
        Serial = new SerialLine(Clock, options.Seed);
        Uarts = new Uarts(Clock, Pins, Serial);
        Flash = new FlashStorage(Clock.Gate, options.Seed, () => run is not null);
        Bench = new Bench(Clock, mechanism, Trace);
        Clock.Add(mechanism.Safety);
        Clock.Add(mechanism.Supply);
        Clock.Add(Serial);
        if (options.TracePath is { } path)
        {
            recorder = new TraceRecorder(path, mechanism, options.Seed, options.StartMicroseconds);
            Trace.Recorder = recorder;
            Clock.Recorder = recorder;
        }
    }

    /// <summary>What chance is made of.</summary>
    public int Seed { get; }

    /// <summary>The board's physical side: hands, switches, and the truth about where things are.</summary>
    public Bench Bench { get; }

    /// <summary>The host's end of the serial line.</summary>
    public SerialLine Serial { get; }

    /// <summary>The chip's flash file system, which outlives power.</summary>
    public FlashStorage Flash { get; }

    /// <summary>The latest changes on the wires.</summary>
    public BoardTrace Trace { get; }

    /// <summary>The board's time, microseconds.</summary>
    public long NowMicroseconds
    {
        get
        {
            lock (Clock.Gate)
            {
                Clock.CatchUp();
                return Clock.Now;
            }
        }
    }

    /// <summary>How the firmware fares.</summary>
    public FirmwareState FirmwareState
    {
        get
        {
            lock (Clock.Gate)
            {
                return run?.State ?? FirmwareState.Off;
            }
        }
    }

    /// <summary>What the firmware's main method threw, or null.</summary>
    public Exception? FirmwareException
    {
        get
        {
            lock (Clock.Gate)
            {
                return run?.Exception;
            }
        }
    }

    /// <summary>
    /// What was thrown last on the firmware's thread since power-on, even if the firmware caught it; or null. On a device
    /// an exception is a programming error, and firmware that catches everything hides it.
    /// </summary>
    public Exception? LatestFirmwareThrow
    {
        get
        {
            lock (Clock.Gate)
            {
                return run?.LatestThrown;
            }
        }
    }

    /// <summary>Pauses that the firmware has gone through: those asked for and those of the platform's behaviour.</summary>
    public int PausesTaken
    {
        get
        {
            lock (Clock.Gate)
            {
                return Interpreter.PausesTaken;
            }
        }
    }

    /// <summary>The longest of them, microseconds.</summary>
    public long LongestPauseMicroseconds
    {
        get
        {
            lock (Clock.Gate)
            {
                return Interpreter.LongestPause;
            }
        }
    }

    internal BoardClock Clock { get; }

    internal ChipProfile Chip { get; }

    internal Interpreter Interpreter { get; }

    internal PinBank Pins { get; }

    internal PwmUnit Pwm { get; }

    internal PulseCounterUnit PulseCounters { get; }

    internal Uarts Uarts { get; }

    internal Random ChipRandom { get; }

    /// <summary>When the firmware of the moment got its power.</summary>
    internal long PoweredOnAt => run?.PoweredOnAt ?? Clock.Now;

    /// <summary>What the chip's microsecond timer shows.</summary>
    internal long UptimeMicroseconds => Clock.Now - PoweredOnAt + timerAtPowerOn;

    /// <summary>Gives power: the firmware begins. In virtual time its first instruction runs when the board is driven.</summary>
    /// <exception cref="InvalidOperationException">The board has power already.</exception>
    public void PowerOn(Action firmwareMain)
    {
        ArgumentNullException.ThrowIfNull(firmwareMain);
        lock (Clock.Gate)
        {
            if (run is not null)
            {
                throw new InvalidOperationException("The board has power already. Call PowerOff first.");
            }

            ThrowIfCalledByClock();
            Clock.CatchUp();
            run = new FirmwareRun(this, firmwareMain);
            Clock.BeginFirmware(run);
            run.Start();
        }
    }

    /// <summary>
    /// Takes the power away: every pin floats, pulses end, what was being sent is cut. The firmware's thread ends at its
    /// next call of the board. What is mechanical stays where it is. Without power already: does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">The firmware calls, or what looks at the board while it runs; an act of <see cref="At"/> may.</exception>
    public void PowerOff()
    {
        FirmwareRun? ending;
        lock (Clock.Gate)
        {
            if (run is null)
            {
                return;
            }

            ThrowIfCalledByClock();
            if (run.IsCurrentThread)
            {
                throw new InvalidOperationException("The firmware, or what it calls, cannot take its own power away.");
            }

            Clock.CatchUp();
            ending = run;
            run = null;
            ending.LosePower();
            Clock.EndFirmware(ending);
            Interpreter.LosePower();
            Pwm.LosePower();
            PulseCounters.LosePower();
            Uarts.LosePower();
            Flash.LosePower();
            Pins.LosePower();
            mechanism.Safety.LosePower(Clock.Now);
        }

        ending.Join();
    }

    /// <summary>Virtual time: lets the board run this long.</summary>
    /// <exception cref="InvalidOperationException">The board runs in real time, or the firmware loops without a call.</exception>
    public void RunFor(long microseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(microseconds);
        Clock.Drive(NowMicroseconds + microseconds, until: null);
    }

    /// <summary>
    /// Virtual time: lets the board run until the condition holds; false when it did not within the time-out. The
    /// condition is asked at first and then whenever something has happened, at the latest every 100 µs while the firmware
    /// runs and every millisecond while it sleeps.
    /// </summary>
    /// <inheritdoc cref="RunFor"/>
    public bool RunUntil(Func<bool> condition, long timeoutMicroseconds)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentOutOfRangeException.ThrowIfNegative(timeoutMicroseconds);
        return Clock.Drive(NowMicroseconds + timeoutMicroseconds, condition);
    }

    /// <summary>
    /// Looks at the board every so many microseconds of its time while it runs, first one spacing from now.
    /// The look comes on whichever thread moves the clock, while the board is held; it may read the bench and use its
    /// hands, but neither drive the board nor change its power. In virtual time what it throws ends the run and comes out of
    /// <see cref="RunFor"/>. In real time it must not throw; a look may come late by the wall clock, at its own time of the
    /// board, and of a board without firmware, on which nothing moves, only the last two seconds are looked at. Dispose ends the looking.
    /// </summary>
    public IDisposable Watch(long everyMicroseconds, Action<VirtualBoard> look)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(everyMicroseconds, 1);
        ArgumentNullException.ThrowIfNull(look);
        lock (Clock.Gate)
        {
            return Clock.Watch(everyMicroseconds, () => look(this));
        }
    }

    /// <summary>
    /// Virtual time: has something done at exactly this time of the board, by the thread that drives it, between two turns
    /// of the firmware: a hand on the bench, a fault, a loss of power. Calls of the firmware that end at the same time come
    /// first. What it throws comes out of <see cref="RunFor"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time has passed already.</exception>
    /// <exception cref="InvalidOperationException">The board runs in real time.</exception>
    public void At(long microseconds, Action act)
    {
        ArgumentNullException.ThrowIfNull(act);
        lock (Clock.Gate)
        {
            Clock.At(microseconds, act);
        }
    }

    /// <summary>
    /// Looks and hands at one and the same moment of the board's time, which is given: the clock stands still meanwhile. Neither
    /// drives the board nor changes its power.
    /// </summary>
    public T AtOneMoment<T>(Func<long, T> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        lock (Clock.Gate)
        {
            Clock.CatchUp();
            return Clock.Hold(() => act(Clock.Now));
        }
    }

    /// <summary>
    /// Makes the firmware lose so much time at its next call, all at once, as to a garbage collection or to another thread.
    /// Pulses, the serial line and the external watchdog go on meanwhile. Without power: nothing is lost.
    /// </summary>
    public void PauseFirmware(long microseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(microseconds, 1);
        lock (Clock.Gate)
        {
            if (run is not null)
            {
                Interpreter.AskForPause(microseconds);
                Clock.Disturb();
            }
        }
    }

    /// <summary>Takes the power away and closes the trace.</summary>
    public void Dispose()
    {
        PowerOff();
        lock (Clock.Gate)
        {
            recorder?.Close(Clock.Now);
        }
    }

    private void ThrowIfCalledByClock()
    {
        if (Clock.CallsDriver)
        {
            throw new InvalidOperationException("What looks at a running board cannot change its power. Use At.");
        }
    }
}
