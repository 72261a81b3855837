namespace Microneedling.Tablet.Tests;

/// <summary>Tests that look at the whole process or keep it busy: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
