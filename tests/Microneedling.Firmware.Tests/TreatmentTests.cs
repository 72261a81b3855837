using Microneedling.Firmware;
using Microneedling.Protocol;

namespace Microneedling.Firmware.Tests;

/// <summary>Every limit from both sides.</summary>
public sealed class TreatmentTests
{
    private static ConfigureTreatment Proposal(int depth = 500, int cap = 1500, int rate = 60000, byte unlock = 0) => new()
    {
        DepthMicrometers = (ushort)depth,
        DepthCapMicrometers = (ushort)cap,
        RateMillihertz = (uint)rate,
        SupervisorUnlock = unlock,
    };

    [Theory]
    [InlineData(100, 1500, 60000, 0, RejectionReason.None, 0)]
    [InlineData(99, 1500, 60000, 0, RejectionReason.DepthTooShallow, 100)]
    [InlineData(0, 1500, 60000, 0, RejectionReason.DepthTooShallow, 100)]
    [InlineData(1500, 1500, 60000, 0, RejectionReason.None, 0)]
    [InlineData(1501, 1500, 60000, 0, RejectionReason.DepthAboveCap, 1500)]
    [InlineData(801, 800, 60000, 0, RejectionReason.DepthAboveCap, 800)]
    [InlineData(500, 1501, 60000, 0, RejectionReason.SupervisorRequired, 1500)]
    [InlineData(500, 1501, 60000, 2, RejectionReason.SupervisorRequired, 1500)]
    [InlineData(1501, 1501, 60000, 1, RejectionReason.None, 0)]
    [InlineData(2500, 2500, 60000, 1, RejectionReason.None, 0)]
    [InlineData(500, 2501, 60000, 1, RejectionReason.DepthAboveAbsolute, 2500)]
    [InlineData(2501, 2500, 60000, 1, RejectionReason.DepthAboveAbsolute, 2500)]
    [InlineData(65535, 65535, 60000, 1, RejectionReason.DepthAboveAbsolute, 2500)]
    [InlineData(500, 1500, 10000, 0, RejectionReason.None, 0)]
    [InlineData(500, 1500, 9999, 0, RejectionReason.RateTooLow, 10000)]
    [InlineData(500, 1500, 100000, 0, RejectionReason.None, 0)]
    [InlineData(500, 1500, 100001, 0, RejectionReason.RateTooHigh, 100000)]
    [InlineData(500, 1500, -1, 0, RejectionReason.RateTooHigh, 100000)]
    public void A_proposal_is_judged_by_the_limits(int depth, int cap, int rate, byte unlock, RejectionReason expected, int detail)
    {
        var treatment = new Treatment(1);

        Assert.Equal(expected, treatment.Check(Proposal(depth, cap, rate, unlock)));
        if (expected != RejectionReason.None)
        {
            Assert.Equal(detail, treatment.Detail);
        }
    }

    [Fact]
    public void A_token_stands_for_one_acceptance_only_even_of_equal_values()
    {
        var treatment = new Treatment(1);
        treatment.Accept(Proposal());
        uint first = treatment.Token;
        treatment.Accept(Proposal());

        Assert.False(treatment.IsCurrent(first));
        Assert.True(treatment.IsCurrent(treatment.Token));
    }

    [Fact]
    public void A_token_of_another_start_does_not_fit()
    {
        var before = new Treatment(1);
        var after = new Treatment(2);
        before.Accept(Proposal());
        after.Accept(Proposal());

        Assert.False(after.IsCurrent(before.Token));
    }

    [Fact]
    public void No_token_is_zero_and_zero_never_fits()
    {
        var treatment = new Treatment(1);
        Assert.False(treatment.IsCurrent(0));
        for (int i = 0; i < 1000; i++)
        {
            treatment.Accept(Proposal());
            Assert.NotEqual(0u, treatment.Token);
        }
    }
}
