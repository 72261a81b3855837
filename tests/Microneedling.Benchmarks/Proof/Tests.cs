namespace Microneedling.Benchmarks.Proof;

internal static class Tests
{
    /// <summary>All but what tries at random for long: what is left takes seconds and reaches the same lines.</summary>
    public const string WithoutCampaigns = "FullyQualifiedName!~Campaign&FullyQualifiedName!~Fuzz&FullyQualifiedName!~LongRun";
}
