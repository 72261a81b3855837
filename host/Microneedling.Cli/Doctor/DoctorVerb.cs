// `doctor`: looks at everything that must be in order before a device can be used here, one line each: OK, WARN or FAIL with
// what to do. Changes nothing that matters: opening a record finishes sessions of a host that died, as any program does.

using System.CommandLine;
using Microneedling.Cli.Devices;

namespace Microneedling.Cli.Doctor;

internal enum Verdict
{
    Ok,
    Warn,
    Fail,
}

/// <summary>One line of the doctor's.</summary>
/// <param name="About">What was looked at.</param>
/// <param name="Verdict">How it is.</param>
/// <param name="Words">What was found, and unless it is in order what to do.</param>
internal sealed record Finding(string About, Verdict Verdict, string Words)
{
    internal static Finding Ok(string about, string words) => new(about, Verdict.Ok, words);

    internal static Finding Warn(string about, string words) => new(about, Verdict.Warn, words);

    internal static Finding Fail(string about, string words) => new(about, Verdict.Fail, words);
}

internal sealed class DoctorVerb(Surroundings surroundings) : DeviceVerbs(surroundings)
{
    private static readonly Option<string?> Record = new("--record")
    {
        Description = "The record: a file or a connection string [default: the tablet's file]",
    };

    private static readonly Option<string?> Backups = new("--backups") { HelpName = "FOLDER", Description = "Where its backups are [default: beside it]" };

    internal Command Command => Plain("doctor", "Checks this computer, the device and the record, and says what to do", RunAsync, Device, NoCartridge, Record, Backups);

    private async Task<int> RunAsync(ParseResult parsed, Voice voice, CancellationToken ct)
    {
        await using var ways = WaysOf(parsed);
        List<Finding> findings = [Finding.Ok("program", Voice.Line($"version {Host.Version}, protocol {Host.Protocol}, .NET {Environment.Version}, {Environment.OSVersion.VersionString}"))];
        findings.AddRange(ComputerChecks.Look(Surroundings.Ports()));
        findings.AddRange(await new DeviceChecks(ways).LookAsync(ways.Given(parsed.GetValue(Device)), ct));
        findings.AddRange(await RecordChecks.LookAsync(parsed.GetValue(Record), parsed.GetValue(Backups), ct));
        var isInOrder = findings.TrueForAll(finding => finding.Verdict != Verdict.Fail);
        voice.Tell(
            new { InOrder = isInOrder, Findings = findings },
            findings.Select(finding => Voice.Line($"{WordOf(finding.Verdict),-4}  {finding.About,-11}  {finding.Words}")));
        return isInOrder ? ExitCode.Done : ExitCode.NotInOrder;
    }

    private static string WordOf(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "OK",
        Verdict.Warn => "WARN",
        _ => "FAIL",
    };
}
