// configure, arm, run: each does what the one before does, and more.
//
//   configure   asked ─▶ accepted, side by side
//   arm         … ─▶ session ─▶ armed; stays until the device disarms, or Ctrl-C
//   run         … ─▶ "press the trigger" ─▶ strokes ─▶ stop when reached
//
// Only the trigger on the handpiece starts needles. --press, for sim: alone, presses the simulated one.

using System.CommandLine;
using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Cli.Devices;

internal sealed class TreatVerbs(Surroundings surroundings) : DeviceVerbs(surroundings)
{
    /// <summary>Some steps of the depth stage.</summary>
    private const int DepthReachedMicrometers = 10;

    private static readonly Option<Depth?> Deep = Values.DepthOption("--depth", "Depth", isRequired: true);
    private static readonly Option<StrokeRate?> Rate = Values.RateOption("--rate", "Strokes per second", isRequired: true);
    private static readonly Option<Depth?> Cap = Values.DepthOption("--cap", "Deepest depth while armed [default: the depth]");
    private static readonly Option<bool> Unlock = new("--unlock") { Description = "A supervisor has unlocked caps above 1.50 mm" };
    private static readonly Option<uint?> Burst = Values.NumberOption("--burst", "N", "Strokes of a press [default: as long as the trigger is held]", 1, Limits.MaximumBurstStrokes);
    private static readonly Option<uint?> Session = Values.NumberOption("--session", "N", "Goes on with session N [default: a new one, which a used cartridge is refused in]", 1, uint.MaxValue);
    private static readonly Option<bool> Home = new("--home") { Description = "Homes first if the device is not homed; sim: always does" };
    private static readonly Option<uint?> Strokes = Values.NumberOption("--strokes", "N", "Stops after so many strokes", 1, 1_000_000);
    private static readonly Option<TimeSpan?> Seconds = Values.SecondsOption("--seconds", "Stops after so much time of stroking");
    private static readonly Option<bool> Press = new("--press") { Description = "sim: only: presses the simulated trigger" };

    internal IEnumerable<Command> Commands
    {
        get
        {
            Option[] values = [Deep, Rate, Cap, Unlock, Burst, Home];
            yield return Connected("configure", "Proposes a treatment and shows what the device would hold to", canMove: true, ConfigureAsync, values);
            yield return Connected("arm", "Makes a device ready for the trigger, and shows it until it disarms or Ctrl-C stops it", canMove: true, ArmAsync, [.. values, Session, Yes]);
            yield return Connected("run", "Arms, follows the strokes that the trigger starts, and stops when there are enough", canMove: true, RunAsync, [.. values, Session, Yes, Strokes, Seconds, Press]);
        }
    }

    private static async Task<int> ConfigureAsync(Doing doing)
    {
        var (request, accepted) = await ProposeAsync(doing);
        doing.Voice.Tell(Json(request, accepted), Words(request, accepted));
        return ExitCode.Done;
    }

    private static async Task<int> ArmAsync(Doing doing)
    {
        var first = await ArmedAsync(doing);
        doing.Remark($"Armed: the trigger starts the needles. Ctrl-C stops the device.");
        var last = await FollowAsync(doing, _ => false);
        await EndAsync(doing, first.StrokeCount, "The device has disarmed.", last);
        return ExitCode.Done;
    }

    private static async Task<int> RunAsync(Doing doing)
    {
        var (strokes, seconds) = (doing.Parsed.GetValue(Strokes), doing.Parsed.GetValue(Seconds));
        var isPressed = doing.Parsed.GetValue(Press);
        if (strokes is null == seconds is null)
        {
            throw new CommandException("Say how long: either --strokes N or --seconds S.");
        }

        if (isPressed && doing.Device.Simulated is null)
        {
            throw new CommandException("--press is for --device sim: only. On a real device a hand presses the trigger.");
        }

        var first = await ArmedAsync(doing);
        doing.Remark($"{(isPressed ? "Pressing the simulated trigger." : "Press the trigger on the handpiece and hold it.")} Ctrl-C stops the device.");
        if (isPressed)
        {
            doing.Device.Simulated!.Bench.PressTrigger();
        }

        Stroking stroking = new();
        var last = await FollowAsync(doing, status => stroking.Take(status) is var time && (strokes is null ? time >= seconds : status.StrokeCount - first.StrokeCount >= strokes));
        var isReached = last.State is DeviceState.Armed or DeviceState.Running;
        if (isReached && !await StopAsync(doing.Client, doing.Voice))
        {
            return ExitCode.LinkLost;
        }

        doing.Device.Simulated?.Bench.ReleaseTrigger();
        await EndAsync(doing, first.StrokeCount, isReached ? "Reached and stopped." : "The device has disarmed before that was reached.", last);
        return isReached ? ExitCode.Done : ExitCode.NotInOrder;
    }

    private static TimeSpan ParkWithin => MotionVerbs.ParkWithin;

    private static async Task<(TreatmentRequest Asked, AcceptedTreatment Accepted)> ProposeAsync(Doing doing)
    {
        var parsed = doing.Parsed;
        var depth = parsed.GetValue(Deep)!.Value;
        TreatmentRequest request = new(
            depth, parsed.GetValue(Cap) ?? depth, parsed.GetValue(Rate)!.Value, parsed.GetValue(Unlock), (int)(parsed.GetValue(Burst) ?? 0));
        var status = await doing.Client.GetStatusAsync(doing.Ct);
        if (!status.Is(StatusFlags.Homed) && status.Fault == FaultCode.None && (parsed.GetValue(Home) || doing.Device.Simulated is not null))
        {
            doing.Voice.Remark("Homing first.");
            await MotionVerbs.HomeAsync(doing.Client, doing.Ct);
        }

        return (request, await doing.Client.ConfigureAsync(request, doing.Ct));
    }

    /// <summary>Returns once the depth is reached, or somebody has pressed the trigger before; strokes are counted from there.</summary>
    private static async Task<DeviceStatus> ArmedAsync(Doing doing)
    {
        var (request, accepted) = await ProposeAsync(doing);
        doing.Voice.TellNext(Json(request, accepted), string.Join(Environment.NewLine, Words(request, accepted)));
        if (!doing.Parsed.GetValue(Yes) &&
            !await doing.Voice.ConfirmAsync(Voice.Line($"Arm device {doing.Client.Identity.SerialNumber} with exactly these values?"), doing.Ct))
        {
            throw new CommandException("Not armed. Answer y, or give --yes.");
        }

        if (doing.Client.Identity.Capabilities.HasFlag(DeviceCapabilities.Sessions))
        {
            await doing.Client.BeginSessionAsync(doing.Parsed.GetValue(Session) ?? (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds(), doing.Ct);
        }

        await doing.Client.ArmAsync(accepted, doing.Ct);
        doing.Voice.Remark("Arming: the stage moves to the depth, the needles stay behind the nosecone.");
        return await doing.Client.WaitForAsync(status => status.State == DeviceState.Running || IsAtDepth(status), ParkWithin, doing.Ct);

        static bool IsAtDepth(DeviceStatus status) =>
            status.State == DeviceState.Armed && Math.Abs(status.StagePosition.Micrometers - status.ActiveDepth.Micrometers) <= DepthReachedMicrometers;
    }

    /// <summary>Until it is enough, or the device is armed no longer.</summary>
    private static async Task<DeviceStatus> FollowAsync(Doing doing, Func<DeviceStatus, bool> isEnough)
    {
        var last = await new LiveStatus(doing).FollowAsync(status => status.State is not (DeviceState.Armed or DeviceState.Running) || isEnough(status), doing.Ct);
        return last.Fault == FaultCode.None ? last : throw new FaultedException(last.Fault);
    }

    /// <summary>Tells the strokes up to the last status, and those counted at rest: with them the ones before the pulses were cut, and the cam's own while it parks.</summary>
    private static async Task EndAsync(Doing doing, uint strokesBefore, string words, DeviceStatus last)
    {
        var parked = await doing.Client.WaitForAsync(Opened.IsParked, ParkWithin, doing.Ct);
        var (strokes, atRest) = (last.StrokeCount - strokesBefore, parked.StrokeCount - strokesBefore);
        doing.Voice.TellNext(
            new { Kind = "end", Strokes = strokes, StrokesAtRest = atRest, LastMeasuredRateMillihertz = last.MeasuredRate.Millihertz, parked.State, Words = words },
            Voice.Line($"{words} {strokes} strokes, {atRest} when the cam stood again; the needles are parked."));
    }

    private static object Json(TreatmentRequest asked, AcceptedTreatment accepted) => new
    {
        Kind = "treatment",
        Asked = new
        {
            DepthMicrometers = asked.Depth.Micrometers,
            DepthCapMicrometers = asked.DepthCap.Micrometers,
            RateMillihertz = asked.Rate.Millihertz,
            asked.BurstStrokes,
            asked.SupervisorUnlock,
        },
        Accepted = new
        {
            DepthMicrometers = accepted.Depth.Micrometers,
            DepthCapMicrometers = accepted.DepthCap.Micrometers,
            RateMillihertz = accepted.Rate.Millihertz,
            accepted.BurstStrokes,
        },
    };

    private static IEnumerable<string> Words(TreatmentRequest asked, AcceptedTreatment accepted) =>
    [
        Voice.Line($"        {"asked",12}  {"accepted",12}"),
        Voice.Line($"depth   {asked.Depth,12}  {accepted.Depth,12}"),
        Voice.Line($"cap     {asked.DepthCap,12}  {accepted.DepthCap,12}"),
        Voice.Line($"rate    {asked.Rate,12}  {accepted.Rate,12}"),
        Voice.Line($"burst   {BurstOf(asked.BurstStrokes),12}  {BurstOf(accepted.BurstStrokes),12}"),
    ];

    private static string BurstOf(int strokes) => strokes == 0 ? "none" : Voice.Line($"{strokes} strokes");

    /// <summary>Time of stroking, by the device's clock.</summary>
    private sealed class Stroking
    {
        private DeviceStatus? before;
        private TimeSpan time;

        internal TimeSpan Take(DeviceStatus status)
        {
            time += before?.State == DeviceState.Running && status.State == DeviceState.Running ? status.DeviceTime - before.DeviceTime : TimeSpan.Zero;
            before = status;
            return time;
        }
    }
}
