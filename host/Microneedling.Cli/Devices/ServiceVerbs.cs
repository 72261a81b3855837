// jog, calibrate, selftest: what an engineer does with a gauge in hand. Service is entered and left by the same command: a
// device in service that loses its host latches a fault.
//
//   calibrate   service ─▶ jog to contact ─▶ measured ─▶ confirmed ─▶ stored ─▶ read back ─▶ parked, homed anew

using System.CommandLine;
using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Cli.Devices;

internal sealed class ServiceVerbs(Surroundings surroundings) : DeviceVerbs(surroundings)
{
    /// <summary>The zero foreseen and the one read back are both rounded to the micrometre.</summary>
    private const int RoundingMicrometers = 2;

    private static readonly TimeSpan MoveWithin = TimeSpan.FromSeconds(10);

    private static readonly Argument<string[]> Travels = new("mm")
    {
        Description = "How far, -0.50 to 0.50 mm; positive is towards the skin. Several are done one after the other.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> Stay = new("--stay") { Description = "Asks for further jogs, and leaves service at an empty answer" };
    private static readonly Option<string[]> Jogs = new("--jog") { HelpName = "MM", Description = "Jogs before measuring; may be given several times", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<Depth?> Measured = Values.DepthOption("--measured", "What the gauge says: the deepest point of a stroke out of the nosecone [default: asks]");
    private static readonly Option<bool> Last = new("--last") { Description = "Tells the outcome of the last one and tests nothing" };

    internal IEnumerable<Command> Commands =>
    [
        Connected("jog", "Moves the depth stage in service; refused with a cartridge seated", canMove: true, JogAsync, Travels, Stay),
        Connected("calibrate", "Sets the zero by a gauge: jog to contact, measure, store, read back", canMove: true, CalibrateAsync, Jogs, Measured, Yes),
        Connected("selftest", "Tests a device that is not homed: switches, settings, drivers, watchdog", canMove: true, SelfTestAsync, Last),
    ];

    private static async Task<int> JogAsync(Doing doing)
    {
        var travels = doing.Parsed.GetValue(Travels)!.Select(ReadTravel).ToArray();
        await EnterAsync(doing);
        try
        {
            foreach (var travel in travels)
            {
                await JogAsync(doing, travel);
            }

            if (doing.Parsed.GetValue(Stay))
            {
                await AskForJogsAsync(doing, "Next jog in mm; empty leaves service:");
            }
        }
        finally
        {
            await LeaveAsync(doing);
        }

        return ExitCode.Done;
    }

    private static async Task<int> CalibrateAsync(Doing doing)
    {
        var travels = doing.Parsed.GetValue(Jogs)?.Select(ReadTravel).ToArray() ?? [];
        var given = doing.Parsed.GetValue(Measured);
        var before = await doing.Client.GetStatusAsync(doing.Ct);
        if (!before.Is(StatusFlags.Homed) && before.Fault == FaultCode.None && !before.Has(Inputs.CartridgeSeated))
        {
            doing.Voice.Remark("Homing first: a zero is measured from where the device knows that it is.");
            await MotionVerbs.HomeAsync(doing.Client, doing.Ct);
        }

        await EnterAsync(doing);
        Zero zero;
        DeviceSettings stored;
        try
        {
            foreach (var travel in travels)
            {
                await JogAsync(doing, travel);
            }

            if (given is null)
            {
                await AskForJogsAsync(doing, "Jog in mm until the gauge touches; empty when it does:");
            }

            zero = await MeasureAsync(doing, given);
            if (!doing.Parsed.GetValue(Yes) && !await doing.Voice.ConfirmAsync("Store this zero on the device?", doing.Ct))
            {
                throw new CommandException("Nothing was stored. Answer y, or give --yes.");
            }

            if ((await doing.Client.GetStatusAsync(doing.Ct)).StagePosition != zero.Counted)
            {
                throw new CommandException("The stage has moved since it was measured: nothing was stored. Begin again.");
            }

            await doing.Client.CalibrateZeroAsync(zero.Measured, doing.Ct);
            stored = await SettingsVerbs.StoredAsync(doing.Client, doing.Ct);
        }
        finally
        {
            await LeaveAsync(doing);
        }

        var isGood = stored.GoodCopies > 0 && Math.Abs(stored.ZeroOffset.Micrometers - zero.After.Micrometers) <= RoundingMicrometers;
        if (isGood)
        {
            await MotionVerbs.HomeAsync(doing.Client, doing.Ct);
        }

        doing.Voice.TellNext(
            new { Kind = "calibrated", ReadBackZeroOffsetMicrometers = stored.ZeroOffset.Micrometers, BeforeMicrometers = zero.Before.Micrometers, Good = isGood },
            isGood
                ? Voice.Line($"Stored and read back: zero offset {Exactly(stored.ZeroOffset)}, was {Exactly(zero.Before)}. Homed anew. Measure once more to be sure.")
                : Voice.Line($"READ BACK IS NOT WHAT WAS STORED: {Exactly(stored.ZeroOffset)} instead of {Exactly(zero.After)}. Do not treat; calibrate again."));
        return isGood ? ExitCode.Done : ExitCode.NotInOrder;
    }

    private static async Task<int> SelfTestAsync(Doing doing)
    {
        if (!doing.Parsed.GetValue(Last))
        {
            var before = (await doing.Client.GetStatusAsync(doing.Ct)).LatestEventNumber;
            await doing.Client.RunSelfTestAsync(doing.Ct);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(doing.Ct);
            patience.CancelAfter(MoveWithin);
            try
            {
                await foreach (var entry in doing.Client.EventsAsync(patience.Token))
                {
                    if (entry is DeviceEvent { Code: EventCode.SelfTestDone } done && done.Number > before)
                    {
                        break;
                    }
                }
            }
            catch (OperationCanceledException) when (!doing.Ct.IsCancellationRequested)
            {
                throw new TimeoutException("The self test has not ended. Look at 'events', then switch the device off and on.");
            }
        }

        var outcome = await doing.Client.ReadSelfTestAsync(doing.Ct);
        doing.Voice.Tell(new { Passed = outcome.HasPassed, outcome.Failed, outcome.Tested, Words = DeviceWords.Of(outcome) }, [DeviceWords.Of(outcome)]);
        return outcome.HasPassed ? ExitCode.Done : ExitCode.NotInOrder;
    }

    private static async Task EnterAsync(Doing doing)
    {
        await doing.Client.EnterServiceAsync(doing.Ct);
        await doing.Client.WaitForAsync(status => status.State == DeviceState.Service, MoveWithin, doing.Ct);
    }

    /// <summary>Left in any case that leaves a choice: a lost link or a stop has ended service already.</summary>
    private static async Task LeaveAsync(Doing doing)
    {
        if (doing.Ct.IsCancellationRequested || doing.Client.LatestStatus is not { State: DeviceState.Service } || doing.Client.Link.State == LinkState.Lost)
        {
            return;
        }

        await doing.Client.LeaveServiceAsync(CancellationToken.None);
        await doing.Client.WaitForAsync(status => status.State == DeviceState.Unhomed || Opened.IsParked(status), MoveWithin, doing.Ct);
    }

    private static async Task JogAsync(Doing doing, Depth travel)
    {
        var before = (await doing.Client.GetStatusAsync(doing.Ct)).LatestEventNumber;
        await doing.Client.JogAsync(travel, doing.Ct);
        var stands = await doing.Client.WaitForAsync(
            status => status.State != DeviceState.Service || ((travel.Micrometers == 0 || status.LatestEventNumber > before) && !status.Is(StatusFlags.StageMoving)), MoveWithin, doing.Ct);
        if (stands.Fault != FaultCode.None)
        {
            throw new FaultedException(stands.Fault);
        }

        doing.Voice.TellNext(
            new { Kind = "jogged", TravelMicrometers = travel.Micrometers, StagePositionMicrometers = stands.StagePosition.Micrometers, Homed = stands.Is(StatusFlags.Homed) },
            Voice.Line($"Jogged {Exactly(travel)}; the stage is at {Exactly(stands.StagePosition)}{(stands.Is(StatusFlags.Homed) ? "" : " by its own count: it is not homed")}."));
    }

    private static async Task AskForJogsAsync(Doing doing, string question)
    {
        while (await doing.Voice.AskAsync(question, doing.Ct) is { Length: > 0 } answer)
        {
            if (Values.Millimeters(answer, out var problem) is not { } travel)
            {
                doing.Voice.Remark(problem);
                continue;
            }

            try
            {
                await JogAsync(doing, travel);
            }
            catch (RejectedException refused)
            {
                doing.Voice.Remark(refused.Message);
            }
        }
    }

    private static async Task<Zero> MeasureAsync(Doing doing, Depth? given)
    {
        var measured = given;
        while (measured is null)
        {
            var answer = await doing.Voice.AskAsync("What does the gauge say, in mm? Negative is behind the nosecone.", doing.Ct)
                ?? throw new CommandException("Nothing was measured, and nothing stored.");
            measured = Values.Millimeters(answer, out var problem);
            if (measured is null)
            {
                doing.Voice.Remark(problem);
            }
        }

        var settings = await doing.Client.ReadSettingsAsync(doing.Ct);
        var counted = (await doing.Client.GetStatusAsync(doing.Ct)).StagePosition;
        var after = Depth.FromMicrometers(settings.ZeroOffset.Micrometers + measured.Value.Micrometers - counted.Micrometers);
        if (Math.Abs(after.Micrometers) > Limits.ZeroOffsetMicrometers)
        {
            throw new RejectedException(RejectionReason.ZeroOffsetOutOfRange, Limits.ZeroOffsetMicrometers);
        }

        doing.Voice.TellNext(
            new
            {
                Kind = "measured",
                MeasuredMicrometers = measured.Value.Micrometers,
                CountedMicrometers = counted.Micrometers,
                BeforeMicrometers = settings.ZeroOffset.Micrometers,
                AfterMicrometers = after.Micrometers,
            },
            Voice.Line($"Measured {Exactly(measured.Value)} where the device counts {Exactly(counted)}: the zero offset becomes {Exactly(after)}, is {Exactly(settings.ZeroOffset)}."));
        return new Zero(measured.Value, counted, settings.ZeroOffset, after);
    }

    private static Depth ReadTravel(string text) => Values.Millimeters(text, out var problem) ?? throw new CommandException(problem);

    private static string Exactly(Depth depth) => Voice.Line($"{depth.Millimeters:0.000} mm");

    private sealed record Zero(Depth Measured, Depth Counted, Depth Before, Depth After);
}
