// One session of a record in one view: what it was, how it ended, its passes, what the device accepted.

using Microneedling.Sessions;

namespace Microneedling.Cli;

internal static class SessionShow
{
    internal static object ForScripts(SessionOverview session) => new
    {
        Number = session.Summary.Id,
        StartedAtUtc = session.Summary.StartedAt.UtcDateTime,
        EndedAtUtc = session.Summary.EndedAt?.UtcDateTime,
        session.Summary.Outcome,
        session.Summary.ClientLabel,
        By = session.Summary.By?.Name,
        session.Summary.DeviceSerialNumber,
        session.Summary.FirmwareVersion,
        session.Summary.Cartridge,
        session.Summary.Strokes,
        DeepestMicrometers = session.Summary.DeepestActiveDepth.Micrometers,
        FastestMillihertz = session.Summary.FastestActiveRate.Millihertz,
        session.Summary.EventsComplete,
        Events = session.Events.Count,
        Passes = session.Passes.Select(pass => new
        {
            pass.Number,
            pass.ZoneId,
            pass.AreaSquareMillimeters,
            By = pass.By.Name,
            UnlockedBy = pass.UnlockedBy?.Name,
            StartedAtUtc = pass.StartedAt.UtcDateTime,
            EndedAtUtc = pass.EndedAt?.UtcDateTime,
            pass.Ending,
            pass.Strokes,
            StrokingMilliseconds = (long)pass.StrokingTime.TotalMilliseconds,
            DeepestMicrometers = pass.DeepestActiveDepth.Micrometers,
            FastestMillihertz = pass.FastestActiveRate.Millihertz,
        }),
        Accepted = session.Parameters.Select(change => new
        {
            AtUtc = change.At.UtcDateTime,
            AskedDepthMicrometers = change.Asked.Depth.Micrometers,
            AskedRateMillihertz = change.Asked.Rate.Millihertz,
            DepthMicrometers = change.Active.Depth.Micrometers,
            DepthCapMicrometers = change.Active.DepthCap.Micrometers,
            RateMillihertz = change.Active.Rate.Millihertz,
        }),
    };

    internal static IEnumerable<string> ForPeople(SessionOverview session)
    {
        var summary = session.Summary;
        yield return Voice.Line($"Session {summary.Id}: {summary.Outcome}");
        yield return Voice.Line($"  begun      {summary.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC by {summary.By?.Name ?? "unknown"}");
        yield return summary.EndedAt is { } ended ? Voice.Line($"  ended      {ended.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "  ended      not yet";
        yield return Voice.Line($"  treated    {summary.ClientLabel ?? "test block"}");
        yield return Voice.Line($"  device     {summary.DeviceSerialNumber}, firmware {summary.FirmwareVersion}");
        yield return summary.Cartridge is { } cartridge
            ? Voice.Line($"  cartridge  {cartridge.Type}, {cartridge.Needles} needles, lot {cartridge.Lot}, expires {cartridge.Expires:yyyy-MM-dd}")
            : "  cartridge  not recorded";
        yield return Voice.Line($"  strokes    {summary.Strokes}, deepest {summary.DeepestActiveDepth}, fastest {summary.FastestActiveRate}");
        yield return Voice.Line($"  events     {session.Events.Count}, {(summary.EventsComplete ? "complete" : "NOT COMPLETE")}");
        yield return Voice.Line($"Passes: {session.Passes.Count}");
        foreach (var pass in session.Passes)
        {
            yield return Voice.Line(
                $"  {pass.Number,3}  {pass.ZoneId,-20}  {pass.Ending,-11}  {pass.Strokes,8} strokes in {pass.StrokingTime.TotalSeconds,6:0.0} s  {pass.DeepestActiveDepth}  {pass.FastestActiveRate}");
        }

        yield return Voice.Line($"Accepted treatments: {session.Parameters.Count}");
        foreach (var change in session.Parameters)
        {
            yield return Voice.Line(
                $"  {change.At.UtcDateTime:HH:mm:ss}  asked {change.Asked.Depth} at {change.Asked.Rate}, holds to {change.Active.Depth} at {change.Active.Rate}, cap {change.Active.DepthCap}");
        }
    }
}
