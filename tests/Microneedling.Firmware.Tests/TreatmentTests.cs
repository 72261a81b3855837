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
        var refusal = new Refusal();
        var treatment = new Treatment(1, new Settings(), refusal);

        Assert.Equal(expected, treatment.Check(Proposal(depth, cap, rate, unlock)));
        Assert.Equal(detail, refusal.Detail);
    }

    [Theory]
    [InlineData(497, 1500, 60000, 0)]
    [InlineData(500, 1499, 60000, 0)]
    [InlineData(500, 1500, 61000, 0)]
    [InlineData(500, 1500, 60000, 1)]
    public void Each_value_counts_in_the_token(int depth, int cap, int rate, int burst)
    {
        static uint TokenOf(int depth, int cap, int rate, int burst)
        {
            var treatment = new Treatment(1, new Settings(), new Refusal());
            var proposal = Proposal(depth, cap, rate);
            proposal.BurstStrokes = (ushort)burst;
            treatment.Accept(proposal);
            return treatment.Token;
        }

        Assert.Equal(TokenOf(500, 1500, 60000, 0), TokenOf(500, 1500, 60000, 0));
        Assert.NotEqual(TokenOf(500, 1500, 60000, 0), TokenOf(depth, cap, rate, burst));
    }

    [Theory]
    [InlineData(-50, 2500, RejectionReason.None, 0)]
    [InlineData(-51, 2500, RejectionReason.DepthAboveAbsolute, 2499)]
    [InlineData(-300, 2250, RejectionReason.None, 0)]
    [InlineData(-300, 2251, RejectionReason.DepthAboveAbsolute, 2250)]
    [InlineData(300, 2500, RejectionReason.None, 0)]
    [InlineData(300, 2501, RejectionReason.DepthAboveAbsolute, 2500)]
    public void A_device_whose_zero_leaves_less_travel_refuses_what_it_cannot_reach(int zeroOffset, int cap, RejectionReason expected, int detail)
    {
        var settings = new Settings();
        settings.Change(1, zeroOffset);
        var refusal = new Refusal();
        var treatment = new Treatment(1, settings, refusal);

        Assert.Equal(expected, treatment.Check(Proposal(cap: cap, unlock: 1)));
        Assert.Equal(detail, refusal.Detail);
    }

    [Theory]
    [InlineData(0, RejectionReason.None)]
    [InlineData(500, RejectionReason.None)]
    [InlineData(501, RejectionReason.BurstTooLong)]
    public void A_burst_has_a_limit(ushort strokes, RejectionReason expected)
    {
        var proposal = Proposal();
        proposal.BurstStrokes = strokes;

        Assert.Equal(expected, new Treatment(1, new Settings(), new Refusal()).Check(proposal));
    }

    [Fact]
    public void What_is_forgotten_fits_no_token()
    {
        var treatment = new Treatment(1, new Settings(), new Refusal());
        treatment.Accept(Proposal());
        uint token = treatment.Token;
        treatment.Forget();

        Assert.False(treatment.IsCurrent(token));
        Assert.False(treatment.IsCurrent(0));
    }

    [Fact]
    public void A_token_stands_for_one_acceptance_only_even_of_equal_values()
    {
        var treatment = new Treatment(1, new Settings(), new Refusal());
        treatment.Accept(Proposal());
        uint first = treatment.Token;
        treatment.Accept(Proposal());

        Assert.False(treatment.IsCurrent(first));
        Assert.True(treatment.IsCurrent(treatment.Token));
    }

    [Fact]
    public void A_token_of_another_start_does_not_fit()
    {
        var before = new Treatment(1, new Settings(), new Refusal());
        var after = new Treatment(2, new Settings(), new Refusal());
        before.Accept(Proposal());
        after.Accept(Proposal());

        Assert.False(after.IsCurrent(before.Token));
    }

    [Fact]
    public void No_token_is_zero_and_zero_never_fits()
    {
        var treatment = new Treatment(1, new Settings(), new Refusal());
        Assert.False(treatment.IsCurrent(0));
        for (int i = 0; i < 1000; i++)
        {
            treatment.Accept(Proposal());
            Assert.NotEqual(0u, treatment.Token);
        }
    }
}
