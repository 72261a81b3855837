namespace Microneedling.Client.Tests.Transports;

/// <summary>Nothing else runs meanwhile: for tests of what the whole process shares, and of devices in real time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
