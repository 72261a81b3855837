// The commands that the hardware documents show, run as they stand there on the simulated device.

using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Microneedling.Cli.Tests;

public sealed partial class DocumentTests
{
    private const int AtOnce = 6;

    [Fact]
    public async Task Every_command_of_the_documents_does_what_it_says_on_the_simulated_device()
    {
        (string Document, string Line)[] commands = [.. Documents().SelectMany(document => Blocks().Matches(File.ReadAllText(document))
            .SelectMany(block => block.Groups["lines"].Value.Split('\n'))
            .Where(line => line.StartsWith("microneedling ", StringComparison.Ordinal) && line.Contains("sim:", StringComparison.Ordinal) || line.StartsWith("microneedling faults", StringComparison.Ordinal))
            .Select(line => (Path.GetFileName(document), line["microneedling ".Length..].Trim()))).Distinct()];
        using SemaphoreSlim turns = new(AtOnce);

        string[] wrong = [.. (await Task.WhenAll(commands.Select(RunAsync))).OfType<string>()];

        Assert.InRange(commands.Length, 20, 60);
        Assert.True(wrong.Length == 0, string.Join("\n\n", wrong));

        async Task<string?> RunAsync((string Document, string Line) command)
        {
            await turns.WaitAsync();
            try
            {
                using var typed = Typed.Begin(command.Line);
                int code = await typed.Ending.WaitAsync(TimeSpan.FromSeconds(90));
                bool isExpected = code == ExitCode.Done || (command.Line.StartsWith("doctor", StringComparison.Ordinal) && code == ExitCode.NotInOrder);
                return isExpected ? null : $"{command.Document}: 'microneedling {command.Line}' ends with {code}:\n{typed.Output.Text}\n{typed.Errors.Text}";
            }
            finally
            {
                turns.Release();
            }
        }
    }

    private static IEnumerable<string> Documents([CallerFilePath] string here = "") =>
        Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "hardware-docs"), "*.md");

    [GeneratedRegex(@"^```console\r?\n(?<lines>(?s:.*?))^```", RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
