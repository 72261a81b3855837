using System.Diagnostics;

namespace Microneedling.Benchmarks;

/// <summary>This program again, in a process of its own, with other arguments.</summary>
internal static class OwnProcess
{
    /// <summary>Starts it; its input and output are the caller's.</summary>
    public static Process Start(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return Process.Start(new ProcessStartInfo(program, isHost ? [typeof(OwnProcess).Assembly.Location, .. arguments] : arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }
}
