using Microneedling.Firmware;
using Microneedling.Protocol;

namespace Microneedling.Firmware.Tests;

/// <summary>The transition table, read as a whole: what the states promise must hold for every input.</summary>
public sealed class StateMachineTests
{
    private static readonly DeviceState[] States = Enum.GetValues<DeviceState>();
    private static readonly StateInput[] StateInputs = Enum.GetValues<StateInput>();

    public static TheoryData<DeviceState> Moving => [DeviceState.Homing, DeviceState.Armed, DeviceState.Running, DeviceState.Retracting, DeviceState.Service];

    private static DeviceState? Next(DeviceState state, StateInput input)
    {
        byte next = StateMachine.Next(state, input);
        return next == StateMachine.Refused ? null : (DeviceState)next;
    }

    [Fact]
    [Trait("Requirement", "ARM-3")]
    public void Running_is_entered_from_armed_by_the_trigger_alone()
    {
        var ways = from state in States from input in StateInputs where Next(state, input) == DeviceState.Running select (state, input);

        Assert.Equal([(DeviceState.Armed, StateInput.TriggerPressed)], ways);
    }

    [Fact]
    public void Armed_is_entered_from_parked_by_arming_or_from_running_when_strokes_end()
    {
        var ways = from state in States from input in StateInputs where Next(state, input) == DeviceState.Armed select (state, input);

        Assert.Equal([(DeviceState.Parked, StateInput.Arm), (DeviceState.Running, StateInput.StrokesEnded)], ways);
    }

    [Theory]
    [MemberData(nameof(Moving))]
    public void Every_moving_state_is_left_by_a_fault_and_by_the_emergency_stop(DeviceState state)
    {
        Assert.Equal(DeviceState.Faulted, Next(state, StateInput.Fault));
        Assert.Equal(DeviceState.EmergencyStopped, Next(state, StateInput.EmergencyStop));
    }

    [Theory]
    [InlineData(DeviceState.Homing, DeviceState.Unhomed)]
    [InlineData(DeviceState.Armed, DeviceState.Retracting)]
    [InlineData(DeviceState.Running, DeviceState.Retracting)]
    public void Stop_leaves_every_state_in_which_it_finds_motion_wanted(DeviceState from, DeviceState to) =>
        Assert.Equal(to, Next(from, StateInput.Stop));

    [Fact]
    public void Latched_states_are_left_by_acknowledgement_alone()
    {
        foreach (var latched in new[] { DeviceState.Faulted, DeviceState.EmergencyStopped })
        {
            var left = StateInputs.Where(input => Next(latched, input) is { } next && next != DeviceState.EmergencyStopped);

            Assert.All(left, input => Assert.True(input is StateInput.AcknowledgedHomed or StateInput.AcknowledgedUnhomed or StateInput.TestAgain));
        }
    }

    [Fact]
    public void Service_is_entered_from_rest_alone_and_every_way_out_of_it_but_a_fault_parks_or_needs_homing()
    {
        var into = from state in States from input in StateInputs where Next(state, input) == DeviceState.Service select (state, input);
        var outOf = from input in StateInputs where Next(DeviceState.Service, input) is not null select Next(DeviceState.Service, input);

        Assert.Equal([(DeviceState.Unhomed, StateInput.EnterService), (DeviceState.Parked, StateInput.EnterService)], into);
        Assert.Equal([DeviceState.Faulted, DeviceState.EmergencyStopped, DeviceState.Retracting, DeviceState.Unhomed], outOf.Select(state => state!.Value));
    }

    [Fact]
    public void After_the_emergency_stop_the_position_is_never_trusted() =>
        Assert.Null(Next(DeviceState.EmergencyStopped, StateInput.AcknowledgedHomed));

    [Fact]
    public void A_later_fault_never_replaces_the_emergency_stop() =>
        Assert.Null(Next(DeviceState.EmergencyStopped, StateInput.Fault));

    [Fact]
    public void Power_up_leads_to_unhomed_and_never_to_motion()
    {
        Assert.Equal(DeviceState.SelfTest, Next(DeviceState.Booting, StateInput.Started));
        Assert.Equal(DeviceState.Unhomed, Next(DeviceState.SelfTest, StateInput.SelfTestPassed));
        Assert.All(StateInputs, input => Assert.NotEqual(DeviceState.Armed, Next(DeviceState.Unhomed, input)));
    }
}
