// What the build decides for the programs, read where the runtime reads it: beside each of them.

using System.Text.Json;

namespace Microneedling.Tablet.Tests;

public sealed class ProgramSettingsTests
{
    private const int ReadyThreads = 32;

    [Theory]
    [InlineData("Microneedling.Tablet")]
    [InlineData("Microneedling.Simulator")]
    [InlineData("Microneedling.Tablet.Tests")]
    public void A_program_has_threads_ready_that_do_not_wait_for_each_other(string program)
    {
        string path = Path.Combine(AppContext.BaseDirectory, $"{program}.runtimeconfig.json");
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllText(path));

        JsonElement ready = settings.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").GetProperty("System.Threading.ThreadPool.MinThreads");

        Assert.InRange(ready.GetInt32(), ReadyThreads, int.MaxValue);
    }
}
