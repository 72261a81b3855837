using System.Diagnostics;

namespace Microneedling.Sessions.Tests;

/// <summary>
/// The PostgreSQL server of this run: the one that MICRONEEDLING_POSTGRES names (a connection string without database), or
/// one that tests/postgres.sh starts in a temporary folder and that goes with the run.
/// </summary>
internal static class PostgresServer
{
    private const string Variable = "MICRONEEDLING_POSTGRES";

    private static readonly Lazy<(string? ConnectionString, string? Absence)> Server = new(Start);

    /// <summary>Why there is none, or null.</summary>
    public static string? Absence => Server.Value.Absence;

    /// <summary>How to reach it, without a database.</summary>
    public static string ConnectionString => Server.Value.ConnectionString ?? throw new InvalidOperationException(Absence);

    /// <summary>Runs the script; what it printed.</summary>
    public static (int ExitCode, string Output, string Errors) Run(string verb, string folder)
    {
        using var script = Process.Start(new ProcessStartInfo("bash", [Script(), verb, folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = script.StandardError.ReadToEndAsync();
        var output = script.StandardOutput.ReadLine() ?? "";
        script.WaitForExit();
        return (script.ExitCode, output, errors.Result);
    }

    private static (string?, string?) Start()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return (given, null);
        }

        if (OperatingSystem.IsWindows())
        {
            return (null, $"No PostgreSQL: set {Variable} to a server's connection string.");
        }

        var folder = Path.Combine(Path.GetTempPath(), $"microneedling-postgres-{Environment.ProcessId}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Run("remove", folder);
        var (exitCode, output, errors) = Run("start", folder);
        return exitCode == 0 ? (output, null) : (null, $"No PostgreSQL: {errors.Trim()}");
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "tests", "postgres.sh");
            if (File.Exists(script))
            {
                return script;
            }
        }

        throw new FileNotFoundException("tests/postgres.sh is not above the tests' folder.");
    }
}
