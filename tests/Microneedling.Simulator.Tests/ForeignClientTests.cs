// A client that was written from shared/PROTOCOL.md and shared/vectors alone (tests/foreign-client, JavaScript) treats with the simulator's program. What it says
// is judged by where the needles really were: the document suffices as long as the two agree.

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Microneedling.Simulator.Tests;

public sealed partial class ForeignClientTests(ITestOutputHelper output) : IDisposable
{
    private const string HonestEnd = "LINK LOST|FAULT 101 LinkLost|was not answered|by STOP byte";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-foreign-");
    private readonly List<string> said = [];
    private RunningProcess simulator = null!;
    private string address = "";

    [Fact]
    public async Task It_holds_a_whole_treatment()
    {
        await StartSimulatorAsync();
        Assert.Equal(0, await TreatAsync(address));
        Assert.Contains("Summary", said);
        await AssertTreatedAsync();
    }

    [Fact]
    public async Task Commands_and_answers_that_get_lost_are_settled_and_executed_once()
    {
        await StartSimulatorAsync();
        using LossyLine line = new(address);
        Assert.Equal(0, await TreatAsync(line.Address));
        Assert.True(line.AnswersLost > 1 && line.CommandsLost > 1, $"Lost were {line.AnswersLost} answers and {line.CommandsLost} commands.");
        Assert.InRange(int.Parse(Settled().Match(string.Join('\n', said)).Groups[1].Value, CultureInfo.InvariantCulture), 2, 10);
        await AssertTreatedAsync();
    }

    [Fact]
    public async Task On_a_damaged_line_it_treats_or_says_why_not()
    {
        await StartSimulatorAsync();
        await AskAsync("noise 0.005");
        int exitCode = await TreatAsync(address);
        if (exitCode == 0)
        {
            await AssertTreatedAsync();
            return;
        }

        Assert.Equal(1, exitCode);
        Assert.Matches(HonestEnd, string.Join('\n', said));
        Assert.DoesNotContain("Summary", said);
        AssertAtRest(await AskAsync("status"));
    }

    [Fact]
    public async Task A_cable_that_is_cut_while_the_needles_run_is_a_lost_link_and_nothing_goes_on_when_it_is_back()
    {
        await StartSimulatorAsync();
        int exitCode = await TreatAsync(address, async words =>
        {
            if (words.StartsWith("Running:", StringComparison.Ordinal))
            {
                await AskAsync("cut");
            }
            else if (words.StartsWith("LINK LOST", StringComparison.Ordinal))
            {
                await AskAsync("uncut");
            }
        });
        Assert.Equal(1, exitCode);
        Assert.Contains(said, words => words.StartsWith("LINK LOST. No frame for 1000 ms", StringComparison.Ordinal));
        Assert.StartsWith("The device rests: Faulted, fault 101 LinkLost", said[^1], StringComparison.Ordinal);
        string truth = await AskAsync("status");
        Assert.Contains("trigger=pressed", truth, StringComparison.Ordinal);
        AssertAtRest(truth);
    }

    public void Dispose()
    {
        simulator?.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task StartSimulatorAsync()
    {
        simulator = RunningProcess.Simulator(folder.FullName, "--tcp", "0");
        address = (await simulator.Output.NextAsync("device 1  ")).Split("tcp://")[1];
        await simulator.Output.NextAsync("ready");
        Assert.True(Number("deepest_um", await AskAsync("status")) < 0, "The needles were out before anything began.");
    }

    // The person at the trigger, as asked; at the release the needles run and have been where they were to go.
    private async Task<int> TreatAsync(string where, Func<string, Task>? follow = null)
    {
        using RunningProcess client = new("node", [Path.Combine(ThisFolder(), "..", "foreign-client", "treat.mjs"), where], folder.FullName);
        await foreach (string words in client.Output.AllAsync())
        {
            said.Add(words);
            output.WriteLine(words);
            switch (words)
            {
                case "PRESS":
                    Assert.True(Number("deepest_um", await AskAsync("status")) < 0, "The needles were out before the trigger was pressed.");
                    await AskAsync("trigger");
                    break;
                case "RELEASE":
                    Assert.InRange(Number("deepest_um", await AskAsync("status")), 790, 800);
                    await AskAsync("release");
                    break;
                default:
                    await (follow?.Invoke(words) ?? Task.CompletedTask);
                    break;
            }
        }

        Assert.Empty(client.Errors.Rest());
        return await client.ExitCodeAsync();
    }

    // The press made so many strokes by the physics; some more behind the nosecone prove the index before and afterwards.
    private async Task AssertTreatedAsync()
    {
        string truth = await AskAsync("status");
        AssertAtRest(truth);
        Assert.InRange(Number("deepest_um", truth), 790, 800);
        int press = int.Parse(Strokes().Match(string.Join('\n', said)).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(press, 100, 5000);
        Assert.InRange(Number("strokes", truth) - press, 0, 6);
    }

    private static void AssertAtRest(string truth)
    {
        Assert.True(Number("tip_um", truth) < 0 && Number("stage_um", truth) < 0, truth);
        Assert.Contains("needle_driver=off depth_driver=off", truth, StringComparison.Ordinal);
    }

    private async Task<string> AskAsync(string command)
    {
        await simulator.TellAsync(command);
        return await simulator.Output.NextAsync(command switch
        {
            "status" => "firmware=",
            "trigger" or "release" => "trigger ",
            "cut" or "uncut" => "cable ",
            _ => command,
        });
    }

    private static double Number(string name, string truth) =>
        double.Parse(Regex.Match(truth, $@" {name}=(\S+)").Groups[1].Value, CultureInfo.InvariantCulture);

    private static string ThisFolder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    [GeneratedRegex(@"press +(\d+) strokes")]
    private static partial Regex Strokes();

    [GeneratedRegex(@"(\d+) commands settled")]
    private static partial Regex Settled();
}
