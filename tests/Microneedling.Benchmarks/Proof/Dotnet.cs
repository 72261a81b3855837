using System.Diagnostics;

namespace Microneedling.Benchmarks.Proof;

/// <summary>The dotnet command, in the repository.</summary>
internal static class Dotnet
{
    /// <summary>Runs it to its end.</summary>
    /// <exception cref="LeftOutException">It failed; with the end of what it said.</exception>
    public static async Task RunAsync(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new LeftOutException($"dotnet {arguments[0]} failed: {string.Join(' ', said.Split('\n').TakeLast(6)).Trim()}");
        }
    }
}
