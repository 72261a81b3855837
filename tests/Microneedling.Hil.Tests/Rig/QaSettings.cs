// What is judged and by what, as the environment says. Without anything: the simulated device, by the simulated bench.

using System.Globalization;
using System.Runtime.CompilerServices;
using Microneedling.SimulatedBoard;

namespace Microneedling.Hil.Tests;

/// <summary>
/// MICRONEEDLING_PORT: address of the device, such as serial:/dev/ttyUSB0. MICRONEEDLING_BENCH: address of the bench
/// controller. MICRONEEDLING_OPERATOR: who runs it. MICRONEEDLING_QA_REPORT: folder of the report. For the simulated device
/// MICRONEEDLING_QA_SEED and MICRONEEDLING_QA_IMPERFECTIONS (Ideal, Static, Dynamic).
/// </summary>
internal static class QaSettings
{
    public static string? Port { get; } = Of("MICRONEEDLING_PORT");

    public static string? BenchAddress { get; } = Of("MICRONEEDLING_BENCH");

    public static string Operator { get; } = Of("MICRONEEDLING_OPERATOR") ?? "not named";

    public static int Seed { get; } = int.Parse(Of("MICRONEEDLING_QA_SEED") ?? "1", CultureInfo.InvariantCulture);

    public static ImperfectionLevel Imperfections { get; } = Enum.Parse<ImperfectionLevel>(Of("MICRONEEDLING_QA_IMPERFECTIONS") ?? "Dynamic", ignoreCase: true);

    public static bool IsSimulated => Port is null or "sim:";

    public static string ReportFolder { get; } = Of("MICRONEEDLING_QA_REPORT") ?? Path.Combine(Repository(), "artifacts", "qa");

    /// <summary>The repository's root, when these tests run in one.</summary>
    public static string Repository([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));

    private static string? Of(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
