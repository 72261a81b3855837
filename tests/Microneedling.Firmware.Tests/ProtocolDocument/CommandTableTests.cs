using System.Globalization;
using System.Text;
using Microneedling.Firmware;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;
using Microneedling.Testing;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests.ProtocolDocument;

/// <summary>
/// What only the firmware can say in shared/PROTOCOL.md: how its states follow each other, and what it answers to every
/// message in every state, asked over the line. MICRONEEDLING_UPDATE_PICTURES=1 writes it anew.
/// </summary>
public sealed class CommandTableTests(ITestOutputHelper output)
{
    private const string Document = "shared/PROTOCOL.md";

    // Nothing can be asked while booting: the first tick leaves it.
    private static readonly DeviceState[] States = [.. Enum.GetValues<DeviceState>().Except([DeviceState.Booting])];

    [Fact]
    public void Diagram_of_states_is_the_transition_table()
    {
        StringBuilder text = new("```mermaid\nstateDiagram-v2\n    [*] --> Booting\n");
        foreach (DeviceState from in Enum.GetValues<DeviceState>())
        {
            foreach (IGrouping<byte, StateInput> ways in Enum.GetValues<StateInput>()
                .Where(input => input is not (StateInput.Fault or StateInput.EmergencyStop))
                .GroupBy(input => StateMachine.Next(from, input))
                .Where(ways => ways.Key != StateMachine.Refused))
            {
                text.Append(CultureInfo.InvariantCulture, $"    {from} --> {(DeviceState)ways.Key}: {string.Join(", ", ways)}\n");
            }
        }

        text.Append("```\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Beside these, a fault leads to `Faulted` from {NamesOf(StateInput.Fault)};\n");
        text.Append(CultureInfo.InvariantCulture, $"the emergency stop leads to `EmergencyStopped` from {NamesOf(StateInput.EmergencyStop)}.\n");
        AssertIs("states", text.ToString());
    }

    [Fact]
    public void Table_of_commands_is_what_the_device_answers()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"| message | {string.Join(" | ", States)} | done: answered by |\n|{string.Concat(Enumerable.Repeat(" --- |", States.Length + 2))}\n");
        Dictionary<(MessageId, DeviceState), Message> answers = States.SelectMany(AskEverything).ToDictionary(answer => answer.Where, answer => answer.Answer);
        SortedSet<int> reasons = [];
        foreach (MessageId id in Asked())
        {
            IEnumerable<Message> row = States.Select(state => answers[(id, state)]);
            text.Append(CultureInfo.InvariantCulture, $"| {id} | {string.Join(" | ", row.Select(answer => answer is Rejected rejected ? $"{rejected.Reason}" : "✓"))} ");
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(", ", row.Where(answer => answer is not Rejected).Select(answer => answer.Id).Distinct())} |\n");
            reasons.UnionWith(row.OfType<Rejected>().Select(rejected => (int)rejected.Reason));
        }

        string legend = string.Join(", ", reasons.Select(reason => $"{reason} {(RejectionReason)reason}"));
        AssertIs("commands", $"{text}\n✓ done; a number: refused, {legend}.");
    }

    private static string NamesOf(StateInput input)
    {
        IEnumerable<DeviceState> refused = Enum.GetValues<DeviceState>().Where(state => StateMachine.Next(state, input) == StateMachine.Refused);
        return $"every state except {string.Join(" and ", refused.Select(state => $"`{state}`"))}";
    }

    private static IEnumerable<MessageId> Asked() => Enum.GetValues<MessageId>().Where(id => (int)id is >= 0x20 and < 0x40 && id != MessageId.SettleCommand);

    private static void AssertIs(string part, string text)
    {
        string? wrong = GeneratedPart.WhatIsWrong(Document, part, text);
        Assert.True(wrong is null, wrong);
    }

    // A device that is well, with a cartridge, an accepted treatment and a heartbeat: what is refused, is for the state.
    private FirmwareRig BringTo(DeviceState state)
    {
        switch (state)
        {
            case DeviceState.SelfTest:
                FirmwareRig testing = Treating.Greeted(output);
                testing.Accept(MessageId.SelfTest);
                return testing;
            case DeviceState.Unhomed:
                return Treating.Greeted(output);
            case DeviceState.Homing:
                FirmwareRig homing = Treating.Greeted(output);
                homing.Accept(MessageId.Home);
                return homing;
            case DeviceState.Parked:
                FirmwareRig parked = Treating.Homed(output);
                parked.Configure(500, 60_000);
                return parked;
            case DeviceState.Armed:
                return Treating.Armed(output);
            case DeviceState.Running:
                return Treating.Running(output);
            case DeviceState.Retracting:
                FirmwareRig retracting = Treating.Armed(output);
                retracting.Accept(MessageId.Disarm);
                return retracting;
            case DeviceState.Faulted:
                FirmwareRig faulted = Treating.Armed(output);
                faulted.Bench.RemoveCartridge();
                faulted.RunUntil(DeviceState.Faulted, TimeSpan.FromSeconds(1));
                faulted.Bench.SeatCartridge();
                faulted.RunUntil(() => (faulted.LatestStatus!.Flags & StatusFlags.Parking) == 0, TimeSpan.FromSeconds(5));
                return faulted;
            case DeviceState.EmergencyStopped:
                FirmwareRig stopped = Treating.Homed(output);
                stopped.Bench.PressEmergencyStop();
                stopped.RunUntil(DeviceState.EmergencyStopped, TimeSpan.FromSeconds(1));
                stopped.Bench.ReleaseEmergencyStop();
                stopped.RunFor(TimeSpan.FromSeconds(3));
                return stopped;
            default:
                FirmwareRig service = Treating.Homed(output);
                service.Bench.RemoveCartridge();
                service.RunFor(TimeSpan.FromMilliseconds(100));
                service.Accept(MessageId.EnterService);
                return service;
        }
    }

    // A refusal changes nothing, nor does a question: the same device is asked on. After anything else, a fresh one is.
    private IEnumerable<((MessageId, DeviceState) Where, Message Answer)> AskEverything(DeviceState state)
    {
        FirmwareRig rig = BringTo(state);
        foreach (MessageId id in Asked())
        {
            Message answer;
            for (int attempt = 0; ; attempt++)
            {
                bool isThere = rig.Status().State == (byte)state;
                if (isThere && id == MessageId.EnterService && state is DeviceState.Unhomed or DeviceState.Parked)
                {
                    rig.Bench.RemoveCartridge();
                    rig.RunFor(TimeSpan.FromMilliseconds(100));
                }

                answer = isThere ? rig.Request(Make(id, rig)) : new EmptyMessage(MessageId.None);
                bool isDone = isThere && answer is not Rejected && (int)id < 0x30;
                bool isStillThere = isThere && (isDone || rig.Status().State == (byte)state);
                if (!isStillThere || isDone)
                {
                    rig.Dispose();
                    rig = BringTo(state);
                }

                if (isStillThere)
                {
                    break;
                }

                Assert.True(attempt < 3, $"{state} does not last long enough to ask {id}");
            }

            yield return ((id, state), answer);
        }

        rig.Dispose();
    }

    private static Message Make(MessageId id, FirmwareRig rig) => id switch
    {
        MessageId.ConfigureTreatment => Treating.Proposal(600, 60_000),
        MessageId.Arm => new Arm { Token = rig.LatestStatus!.Token },
        MessageId.ClearFault => new ClearFault { Fault = rig.LatestStatus!.Fault },
        MessageId.BeginSession => new BeginSession { SessionNumber = 7 },
        MessageId.Jog => new Jog { Micrometers = 100 },
        MessageId.CalibrateZero => new CalibrateZero { MeasuredMicrometers = (short)(rig.LatestStatus!.StagePositionMicrometers + 10) },
        MessageId.WriteSettings => new WriteSettings { SerialNumber = 17, ZeroOffsetMicrometers = 20 },
        MessageId.EventsRequest => new EventsRequest { FirstNumber = 1 },
        _ => new EmptyMessage(id),
    };
}
