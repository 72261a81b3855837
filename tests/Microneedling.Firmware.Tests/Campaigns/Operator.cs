// Does the deeds of a list on one board: as the host at its line, as hands on its bench, as bad luck. Everything happens at
// board times, in the board's own run; nothing waits. What follows from a deed is judged in Invariants.cs.

using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>One board with its host and its hands.</summary>
internal sealed class Operator : IDisposable
{
    private const long Millisecond = 1_000;
    private const long HeartbeatMicroseconds = Limits.HeartbeatMilliseconds * Millisecond;
    private const uint FirstHost = 0x0B5E55ED;

    // A hand that exchanges a cartridge takes longer than half a second; the new contact settles.
    private const int ExchangeMilliseconds = 700;

    private static readonly string[] SettingsCopies = [@"I:\settings-0", @"I:\settings-1"];

    private readonly Action main;
    private uint sessionNumber;
    private uint token;
    private int fault;
    private ushort armWhenAccepted;
    private Message? latest;
    private ushort latestSequence;
    private long exchangedAt = long.MinValue;
    private bool powered;

    public Operator(BoardOptions options, Action? main = null)
    {
        this.main = main ?? Program.Main;
        Board = new VirtualBoard(options);
        Production.Calibrate(Board, 1, options.Chip);
        Promises = new Promises(Board, options.Platform.MostSliceDelayMicroseconds > 0);
        Host = new InlineHost(Board) { Sent = Sent, Answered = Answered, Reported = Reported, Told = Promises.Told };
        Board.Bench.SeatCartridge();
        PowerOn();
        Beat();
    }

    public VirtualBoard Board { get; }

    public Bench Bench => Board.Bench;

    public InlineHost Host { get; }

    /// <summary>What the device has promised, and what excuses it.</summary>
    public Promises Promises { get; }

    /// <summary>Tops that the cam had passed when the power came.</summary>
    public long TopsAtPowerOn { get; private set; }

    /// <summary>Why the device refused last.</summary>
    public RejectionReason LatestRefusal { get; private set; }

    private long Now => Board.NowMicroseconds;

    private bool LineIsGood => powered && !Board.Serial.Cut && Board.Serial.Noise == new LineNoise();

    /// <summary>Has a list of deeds done, from now on.</summary>
    public void Schedule(IEnumerable<Deed> deeds)
    {
        long begin = Now;
        foreach (Deed deed in deeds)
        {
            Board.At(begin + deed.AtMicroseconds, () => Do(deed));
        }
    }

    /// <summary>Does a deed now.</summary>
    public void Do(Deed deed)
    {
        switch (deed.Kind)
        {
            case DeedKind.Proceed:
                Proceed(deed.A, deed.B);
                break;
            case DeedKind.Hello:
                Greet(deed.A == 0 ? FirstHost : (uint)deed.A);
                break;
            case DeedKind.Silence:
                Host.Silent = true;
                Later(deed.A, () => Host.Silent = false);
                break;
            case DeedKind.Repeat when latest is not null:
                Host.Send(latest, latestSequence);
                break;
            case DeedKind.Garbage:
                byte[] garbage = new byte[deed.B];
                new Random(deed.A).NextBytes(garbage);
                Host.Write(garbage);
                break;
            case DeedKind.StopByte:
                Host.Write([Framing.Stop]);
                StopAsked();
                break;
            default:
                if (MessageOf(deed) is { } message)
                {
                    Host.Send(message);
                }
                else
                {
                    Handle(deed);
                }

                break;
        }
    }

    /// <summary>Everything is mended, seated, released and plugged in, with power.</summary>
    public void MendEverything()
    {
        Promises.NoteTrouble();
        foreach (BenchFault broken in Enum.GetValues<BenchFault>())
        {
            Bench.SetFault(broken, present: false);
        }

        Bench.ReleaseEmergencyStop();
        Bench.ReleaseTrigger();
        Bench.SeatCartridge();
        Bench.SetSupplyGood(true);
        Bench.RestoreMains();
        Board.Flash.WritesFail = false;
        Board.Serial.Cut = false;
        Board.Serial.Noise = new LineNoise();
        Host.Silent = false;
        PowerOn();
    }

    public void Dispose()
    {
        Board.Dispose();
        Host.Dispose();
    }

    private static EmptyMessage Empty(MessageId id) => new(id);

    private Message? MessageOf(Deed deed) => deed.Kind switch
    {
        DeedKind.Home => Empty(MessageId.Home),
        DeedKind.Configure => new ConfigureTreatment
        {
            DepthMicrometers = (ushort)deed.A,
            RateMillihertz = (uint)deed.B,
            DepthCapMicrometers = (ushort)deed.C,
            SupervisorUnlock = (byte)deed.D,
            BurstStrokes = (ushort)deed.E,
        },
        DeedKind.Arm => new Arm { Token = token },
        DeedKind.ArmToken => new Arm { Token = (uint)deed.A },
        DeedKind.Disarm => Empty(MessageId.Disarm),
        DeedKind.Stop => Empty(MessageId.Stop),
        DeedKind.ClearFault => new ClearFault { Fault = (ushort)fault },
        DeedKind.ClearNamed => new ClearFault { Fault = (ushort)deed.A },
        DeedKind.Start => Empty(MessageId.Start),
        DeedKind.BeginSession => new BeginSession { SessionNumber = (uint)deed.A },
        DeedKind.EnterService => Empty(MessageId.EnterService),
        DeedKind.LeaveService => Empty(MessageId.LeaveService),
        DeedKind.Jog => new Jog { Micrometers = (short)deed.A },
        DeedKind.CalibrateZero => new CalibrateZero { MeasuredMicrometers = (short)(Math.Round(Bench.StageMicrometers) + Promises.RightZeroOffset + deed.A) },
        DeedKind.WriteSettings => new WriteSettings { SerialNumber = (uint)deed.A, ZeroOffsetMicrometers = (short)(Promises.RightZeroOffset + deed.B) },
        DeedKind.SilenceAlarm => Empty(MessageId.SilenceAlarm),
        DeedKind.SelfTest => Empty(MessageId.SelfTest),
        DeedKind.Ask => Empty((MessageId)deed.A),
        DeedKind.AskEvents => new EventsRequest { FirstNumber = (uint)deed.A },
        _ => null,
    };

    private void Handle(Deed deed)
    {
        switch (deed.Kind)
        {
            case DeedKind.Press:
                Bench.PressTrigger();
                break;
            case DeedKind.Release:
                Bench.ReleaseTrigger();
                break;
            case DeedKind.Cartridge:
                For(deed.A, Bench.RemoveCartridge, Bench.SeatCartridge);
                break;
            case DeedKind.EmergencyStop:
                Promises.NoteEmergencyStop();
                For(deed.A, Bench.PressEmergencyStop, Bench.ReleaseEmergencyStop);
                break;
            case DeedKind.Sag:
                For(deed.A, () => Bench.SetSupplyGood(false), () => Bench.SetSupplyGood(true));
                break;
            case DeedKind.Mains:
                Promises.NoteDamage();
                For(deed.A, Bench.CutMains, Bench.RestoreMains);
                break;
            case DeedKind.FlashFails:
                For(deed.A, () => Board.Flash.WritesFail = true, () => Board.Flash.WritesFail = false);
                break;
            case DeedKind.DamageSettings:
                DamageSettings(deed.A);
                break;
            case DeedKind.Noise:
                For(deed.A, () => Board.Serial.Noise = new LineNoise(deed.B / 1e6, deed.C / 1e6, deed.D / 1e6), () => Board.Serial.Noise = new LineNoise());
                Promises.DoubtTheLine();
                break;
            case DeedKind.CutLine:
                For(deed.A, () => Board.Serial.Cut = true, () => Board.Serial.Cut = false);
                Promises.DoubtTheLine();
                break;
            case DeedKind.PowerCut:
                For(deed.A, PowerOff, PowerOn);
                break;
            case DeedKind.Slip:
                Promises.NoteTrouble();
                Promises.NoteDamage();
                Bench.SlipStage(deed.A);
                break;
            case DeedKind.Break:
                Promises.NoteBreak((BenchFault)deed.A);
                For(deed.B, () => Bench.SetFault((BenchFault)deed.A, present: true), () => Bench.SetFault((BenchFault)deed.A, present: false));
                break;
            case DeedKind.Pause when deed.A > 0:
                Promises.NotePause(deed.A * Millisecond);
                Board.PauseFirmware(deed.A * Millisecond);
                break;
            case DeedKind.Stutter:
                Stutter(deed.A, new Random(deed.B));
                break;
            default:
                break;
        }
    }

    private void Stutter(int milliseconds, Random random)
    {
        for (int at = 0; at < milliseconds; at += random.Next(4, 10))
        {
            int microseconds = random.Next(50, 1_000);
            Later(at, () => Board.PauseFirmware(microseconds));
        }
    }

    private void Proceed(int depth, int rate)
    {
        if (!powered)
        {
            return;
        }

        if (!Host.Greeted || Host.Status is not { } status || LatestRefusal is RejectionReason.NoHeartbeat or RejectionReason.NotGreeted)
        {
            LatestRefusal = RejectionReason.None;
            Greet(FirstHost);
            return;
        }

        switch ((DeviceState)status.State)
        {
            case DeviceState.Faulted or DeviceState.EmergencyStopped when fault == (int)FaultCode.SettingsLost:
                Host.Send(new WriteSettings { SerialNumber = 1, ZeroOffsetMicrometers = Promises.RightZeroOffset });
                Host.Send(new ClearFault { Fault = (ushort)fault });
                break;
            case DeviceState.Faulted when fault == (int)FaultCode.CartridgeInService && Bench.CartridgeSeated:
                For(ExchangeMilliseconds, Bench.RemoveCartridge, Bench.SeatCartridge);
                break;
            case DeviceState.Faulted or DeviceState.EmergencyStopped:
                Bench.ReleaseTrigger();
                Host.Send(new ClearFault { Fault = (ushort)fault });
                break;
            case DeviceState.Unhomed:
                Host.Send(Empty(MessageId.Home));
                break;
            case DeviceState.Service:
                Host.Send(Empty(MessageId.LeaveService));
                break;
            case DeviceState.Parked:
                ProceedFromParked(depth, rate);
                break;
            case DeviceState.Armed:
                Bench.ReleaseTrigger();
                Later(50, Bench.PressTrigger);
                break;
            default:
                break;
        }
    }

    private void ProceedFromParked(int depth, int rate)
    {
        Bench.ReleaseTrigger();
        if (LatestRefusal is RejectionReason.SessionLimitReached)
        {
            Host.Send(new BeginSession { SessionNumber = ++sessionNumber });
        }

        if (LatestRefusal is RejectionReason.SessionLimitReached or RejectionReason.CartridgeUsed or RejectionReason.CartridgeMissing)
        {
            LatestRefusal = RejectionReason.None;
            exchangedAt = Now + (ExchangeMilliseconds * Millisecond);
            For(ExchangeMilliseconds, Bench.RemoveCartridge, Bench.SeatCartridge);
        }

        if (Now <= exchangedAt)
        {
            return;
        }

        int cap = Math.Max(depth, Limits.UnsupervisedDepthMicrometers);
        armWhenAccepted = Host.Send(new ConfigureTreatment
        {
            DepthMicrometers = (ushort)depth,
            DepthCapMicrometers = (ushort)cap,
            RateMillihertz = (uint)rate,
            SupervisorUnlock = (byte)(cap > Limits.UnsupervisedDepthMicrometers ? 1 : 0),
        });
    }

    private void Sent(Message message, ushort number)
    {
        (latest, latestSequence) = (message, number);
        sessionNumber = message is BeginSession begin ? Math.Max(sessionNumber, begin.SessionNumber & 0xFFFF) : sessionNumber;
        Promises.Sent(message, number);
        if (message.Id is MessageId.Stop)
        {
            StopAsked();
        }
    }

    // What one host set in motion does not go on under another.
    private void Greet(uint nonce)
    {
        bool takesOver = Host.Nonce != nonce;
        Host.Hello(nonce);
        if (takesOver)
        {
            StopAsked();
        }
    }

    private void StopAsked()
    {
        if (LineIsGood)
        {
            Promises.StopReaches(Host.ArrivedAtMicroseconds);
        }
    }

    private void Answered(Message answer, ushort number)
    {
        Promises.Answered(answer, number);
        if (answer is TreatmentAccepted accepted)
        {
            token = accepted.Token;
            if (number == armWhenAccepted)
            {
                armWhenAccepted = 0;
                Host.Send(new Arm { Token = token });
            }
        }
        else if (answer is Rejected rejected)
        {
            LatestRefusal = (RejectionReason)rejected.Reason;
        }
    }

    private void Reported(StatusReport status)
    {
        fault = status.Fault;
        if (powered)
        {
            Promises.Reported(status);
        }
    }

    private void PowerOn()
    {
        if (!powered)
        {
            powered = true;
            TopsAtPowerOn = Bench.StrokesCompleted;
            Board.PowerOn(main);
        }
    }

    private void PowerOff()
    {
        if (powered)
        {
            powered = false;
            Host.Forget();
            Promises.PowerLost();
            Board.PowerOff();
        }
    }

    private void DamageSettings(int copies)
    {
        foreach (string path in SettingsCopies.Take(copies).Intersect(Board.Flash.Snapshot().Keys))
        {
            Board.Flash.Corrupt(path);
        }
    }

    private void Beat()
    {
        Host.Beat();
        Board.At(Now + HeartbeatMicroseconds, Beat);
    }

    private void For(int milliseconds, Action begin, Action end)
    {
        Promises.TroubleBegins();
        begin();
        if (milliseconds >= 0)
        {
            Later(milliseconds, () =>
            {
                Promises.TroubleEnds();
                end();
            });
        }
    }

    private void Later(int milliseconds, Action act) => Board.At(Now + (milliseconds * Millisecond), act);
}
