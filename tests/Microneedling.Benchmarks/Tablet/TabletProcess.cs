using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>The tablet's program as people run it: in a process of its own, with its own settings of the runtime.</summary>
internal sealed partial class TabletProcess : IDisposable
{
    private readonly Process process;

    private TabletProcess(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Starts it on a record and waits until it says where it is.</summary>
    public static async Task<TabletProcess> StartAsync(string databasePath)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Microneedling.Tablet.dll");
        Process process = Process.Start(new ProcessStartInfo("dotnet", [program, "--database", databasePath]) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (AddressPattern().Match(line) is { Success: true } open)
            {
                return new TabletProcess(process, new Uri(open.Groups[1].Value));
            }
        }

        throw new InvalidOperationException("The tablet's program ended without saying where it is.");
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    [GeneratedRegex("^Open +(http:[^ ]+)")]
    private static partial Regex AddressPattern();
}
