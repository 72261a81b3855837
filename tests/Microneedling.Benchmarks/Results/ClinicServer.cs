using System.Diagnostics;

namespace Microneedling.Benchmarks.Results;

/// <summary>A PostgreSQL server for one run, unless MICRONEEDLING_POSTGRES names one; none where none can be started.</summary>
internal sealed class ClinicServer : IDisposable
{
    private const string Variable = "MICRONEEDLING_POSTGRES";
    private readonly string? folder;

    private ClinicServer(string? folder) => this.folder = folder;

    public static ClinicServer Start()
    {
        if (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
        {
            return new ClinicServer(null);
        }

        DirectoryInfo made = Directory.CreateTempSubdirectory("microneedling-");
        File.SetUnixFileMode(made.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        string server = Path.Combine(made.FullName, "server");
        Environment.SetEnvironmentVariable(Variable, Script("start", server));
        return new ClinicServer(server);
    }

    public void Dispose()
    {
        if (folder is not null)
        {
            Script("remove", folder);
            Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
        }
    }

    /// <summary>What tests/postgres.sh prints; null when it fails.</summary>
    private static string? Script(string verb, string folder)
    {
        // The server outlives the script and would keep a pipe open: its words go through a file.
        string words = Path.GetTempFileName();
        try
        {
            using Process process = Process.Start("bash", ["-c", "\"$0\" \"$1\" \"$2\" >\"$3\" 2>&1", Path.Combine(ResultFiles.Repository(), "tests", "postgres.sh"), verb, folder, words]);
            process.WaitForExit();
            return process.ExitCode == 0 ? File.ReadAllText(words).Trim() : null;
        }
        finally
        {
            File.Delete(words);
        }
    }
}
