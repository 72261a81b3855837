// A whole treatment by today's client on a simulated device, to be recorded: connect, home, configure, a line cut for a while, refusals, strokes, depth
// and rate changed while running, STOP byte, stop command, a fault and its clearing, disconnecting, connecting again.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;

namespace Microneedling.Testing.Conversations;

/// <summary>The conversation that every version of the protocol is recorded with.</summary>
public sealed class WholeTreatment
{
    /// <summary>A number that no version gives a message.</summary>
    public const byte NoMessage = 0x7F;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly VirtualTime time;
    private readonly SimulatedDevice device;
    private readonly ConversationRecorder record;
    private readonly BenchWitness witness;
    private DeviceClient client = null!;
    private ITransport line = null!;

    private WholeTreatment(VirtualTime time, SimulatedDevice device)
    {
        this.time = time;
        this.device = device;
        record = new ConversationRecorder(() => time.NowMicroseconds);
        witness = new BenchWitness(device.Bench);
    }

    /// <summary>Runs it in virtual time and returns the recording.</summary>
    public static string Record()
    {
        string text = "";
        VirtualTime.Run(new BoardOptions { Seed = 1 }, async (time, device) =>
        {
            WholeTreatment treatment = new(time, device);
            await treatment.RunAsync();
            text = treatment.record.Text(treatment.Introduction());
        });
        return text;
    }

    private string Introduction() => $"""
        Microneedling protocol {ProtocolVersion.Major}.{ProtocolVersion.Minor}: a whole treatment, every byte as it was on the line.
        Firmware {client.Identity.FirmwareVersion} on the simulated board, seed 1, and the client of the same day, in virtual time.
        Behind each frame stands what that version's own code read in it; fields that were 0 are left out.
        Line: +time since the beginning, then  host > bytes,  device < bytes,  bench : what a person did,
        wait : what the host waited for,  truth : what the needles did since the last truth,  link : the host's end.
        """;

    private async Task RunAsync()
    {
        Do("SeatCartridge");
        await time.Delay(TimeSpan.FromSeconds(1));
        await OpenAsync();
        await Reach("Unhomed, still");
        await BeforeHomingAsync();
        await client.HomeAsync();
        await Reach("Parked, still");
        await AtRestAsync();
        await UnansweredAsync();
        await RefusalsAsync();
        await ChangesWhileRunningAsync();
        await StopByteAsync();
        await StopCommandAsync();
        await FaultAsync();
        await DisarmAsync();
        await BurstAsync();
        await ServiceAsync();
        await client.DisposeAsync();
        await time.Delay(TimeSpan.FromSeconds(1));

        await OpenAsync();
        await Reach("Parked, still");
        await time.Delay(TimeSpan.FromMilliseconds(500));
        await client.DisposeAsync();
        await SendBareAsync();
        Look();
    }

    private async Task BeforeHomingAsync()
    {
        await client.RunSelfTestAsync();
        await Reach("Unhomed, still");
        await client.ReadSelfTestAsync();
    }

    private async Task AtRestAsync()
    {
        await client.ReadSettingsAsync();
        await client.ReadCountersAsync();
        await client.BeginSessionAsync(41);
    }

    private async Task UnansweredAsync()
    {
        Do("UnplugLine");
        Task<AcceptedTreatment> proposal = client.ConfigureAsync(Request(300, 30));
        await time.Delay(TimeSpan.FromMilliseconds(600));
        Do("PlugLine");
        await proposal;
        await time.Delay(TimeSpan.FromMilliseconds(300));
    }

    private async Task RefusalsAsync()
    {
        AcceptedTreatment outdated = await client.ConfigureAsync(Request(500, 60));
        AcceptedTreatment treatment = await client.ConfigureAsync(Request(800, 60));
        await Refused(client.ArmAsync(outdated));
        await client.ArmAsync(treatment);
        await Reach("Armed, still, 780 um");
        await Refused(client.StartAsync());
        await Refused(client.HomeAsync());
    }

    private async Task ChangesWhileRunningAsync()
    {
        Do("PressTrigger");
        await Reach("Running, 40 strokes");
        Look();
        await client.ConfigureAsync(Request(400, 50));
        await Reach("Running, 30 strokes");
        await client.ConfigureAsync(Request(1000, 80));
        await Reach("Running, 110 strokes");
        Do("ReleaseTrigger");
        await Reach("Armed, still");
        Look();
    }

    private async Task StopByteAsync()
    {
        Do("PressTrigger");
        await Reach("Running, 10 strokes");
        await line.WriteAsync(new byte[] { Framing.Stop }, CancellationToken.None);
        await Reach("Parked, still");
        Do("ReleaseTrigger");
        Look();
    }

    private async Task StopCommandAsync()
    {
        await RunningAsync(Request(700, 100));
        await client.StopAsync();
        await Reach("Parked, still");
        Do("ReleaseTrigger");
        Look();
    }

    private async Task FaultAsync()
    {
        await RunningAsync(Request(600, 20));
        Do("RemoveCartridge");
        await Reach("Faulted");
        await Reach("Faulted, still");
        Do("ReleaseTrigger");
        Look();
        await client.SilenceAlarmAsync();
        await Refused(client.HomeAsync());
        await Refused(client.ClearFaultAsync(FaultCode.LinkLost));
        Do("SeatCartridge");
        await time.Delay(TimeSpan.FromMilliseconds(500));
        await client.ClearFaultAsync(FaultCode.CartridgeRemoved);
        await Reach("Parked, still");
    }

    private async Task DisarmAsync()
    {
        await ArmedAsync(Request(100, 10));
        await client.DisarmAsync();
        await Reach("Parked, still");
    }

    private async Task BurstAsync()
    {
        await ArmedAsync(Request(900, 60) with { BurstStrokes = 12 });
        Do("PressTrigger");
        await Reach("Armed, still, 10 strokes");
        Do("ReleaseTrigger");
        await client.DisarmAsync();
        await Reach("Parked, still");
        Look();
    }

    private async Task ServiceAsync()
    {
        await Refused(client.EnterServiceAsync());
        Do("RemoveCartridge");
        await time.Delay(TimeSpan.FromMilliseconds(500));
        await client.EnterServiceAsync();
        await Reach("Service, still");
        await client.JogAsync(Depth.FromMicrometers(300));
        await Reach("Service, still");
        int counted = client.LatestStatus!.StagePosition.Micrometers;
        await client.CalibrateZeroAsync(Depth.FromMicrometers(counted));
        await time.Delay(TimeSpan.FromMilliseconds(500));
        await client.LeaveServiceAsync();
        await Reach("Parked, still");
        await client.WriteSettingsAsync(7, Depth.FromMicrometers(0));
        await time.Delay(TimeSpan.FromMilliseconds(500));
        await client.ReadSettingsAsync();
        Do("SeatCartridge");
    }

    // Without the client: a number that no version knows, and what a client says only now and then.
    private async Task SendBareAsync()
    {
        await using ITransport bare = record.Listen(device.Connect());
        ushort sequence = record.LastHostSequence;
        Message[] messages =
        [
            new AnyMessage(NoMessage, []),
            new EmptyMessage(MessageId.TimeRequest),
            new SettleCommand { CommandSequence = (ushort)(sequence + 10), CommandId = (byte)MessageId.Home },
        ];
        foreach (Message message in messages)
        {
            await bare.WriteAsync(OldFrameWriter.Write(message, ++sequence), CancellationToken.None);
            await ReadFor(bare, TimeSpan.FromMilliseconds(50));
        }
    }

    private async Task ReadFor(ITransport bare, TimeSpan span)
    {
        byte[] buffer = new byte[256];
        using CancellationTokenSource end = new(span, time);
        try
        {
            while (true)
            {
                await bare.ReadAsync(buffer, end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static TreatmentRequest Request(int depthMicrometers, int strokesPerSecond) => new(
        Depth.FromMicrometers(depthMicrometers), DepthCap: Depth.FromMicrometers(1000), StrokeRate.FromStrokesPerSecond(strokesPerSecond));

    private async Task OpenAsync()
    {
        line = record.Listen(device.Connect());
        client = await DeviceClient.ConnectAsync(line, time);
    }

    private async Task ArmedAsync(TreatmentRequest request)
    {
        AcceptedTreatment treatment = await client.ConfigureAsync(request);
        await client.ArmAsync(treatment);
        await Reach($"Armed, still, {treatment.Depth.Micrometers - 5} um");
    }

    private async Task RunningAsync(TreatmentRequest request)
    {
        await ArmedAsync(request);
        Do("PressTrigger");
        await Reach("Running, 15 strokes");
    }

    private void Do(string deed)
    {
        BenchDeeds.Do(device.Board, deed);
        record.Note("bench", deed);
    }

    private void Look() => record.Note("truth", witness.Look().ToString());

    private async Task Reach(string words)
    {
        Milestone milestone = Milestone.Parse(words);
        await client.WaitForAsync(status => milestone.IsReached((int)status.State, status.Flags, status.StagePosition.Micrometers, witness.StrokesOut), Long);
        record.Note("wait", words);
    }

    private static async Task Refused(Task command)
    {
        try
        {
            await command;
        }
        catch (RejectedException)
        {
            return;
        }

        throw new InvalidOperationException("The device accepted what it should refuse.");
    }
}
