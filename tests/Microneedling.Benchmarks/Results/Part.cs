namespace Microneedling.Benchmarks.Results;

/// <summary>Figures that are measured together.</summary>
/// <param name="Name">What the command line calls it; <c>record</c> names all parts that begin with <c>record.</c>.</param>
/// <param name="Title">What it measures, as a heading.</param>
/// <param name="Measure">Measures.</param>
internal sealed record Part(string Name, string Title, Func<Size, Task<IEnumerable<Finding>>> Measure)
{
    /// <summary>Whether somebody who asks for this means it.</summary>
    public bool IsMeantBy(string nameOrGroup) => Name == nameOrGroup || Name.StartsWith(nameOrGroup + ".", StringComparison.Ordinal);

    /// <summary>Runs it. What was promised and not measured is among the findings too, and says why.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(Size size)
    {
        List<Finding> findings = [];
        string why = "its part did not measure it";
        try
        {
            findings.AddRange(await Measure(size));
        }
        catch (LeftOutException leftOut)
        {
            why = leftOut.Message;
        }

        findings.AddRange(Promises.All
            .Where(promise => promise.Part == Name && !findings.OfType<Figure>().Any(figure => figure.Name == promise.Name))
            .Select(promise => promise.Of(double.NaN, "") with { Value = null, How = $"not measured: {why}" }));
        return findings;
    }
}

/// <summary>What a part needs is not here; the message says what.</summary>
internal sealed class LeftOutException(string why) : Exception(why);
