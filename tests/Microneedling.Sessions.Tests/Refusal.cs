using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions.Tests;

internal static class Refusal
{
    /// <summary>The attempt is refused for this reason, in words that end as a sentence.</summary>
    public static async Task Is(string code, Func<Task> attempt)
    {
        var refusal = await Assert.ThrowsAsync<RecordRefusedException>(attempt);
        Assert.Equal(code, refusal.Code);
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
    }
}
