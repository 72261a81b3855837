// Composes what the pages are told, in the language of each.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Device;

/// <summary>Snapshots for the pages.</summary>
public sealed class LiveViews(DeviceService device, TreatmentDesk desk, SessionKeeper keeper, AlarmBoard alarms, PagePresence presence, TimeProvider time)
{
    private const int LinesOfLog = 4;

    /// <summary>What is true now.</summary>
    public LiveView Now(Texts texts)
    {
        var client = device.Live;
        var status = client?.LatestStatus;
        var link = device.Link;
        var recordingFault = keeper.RecordingFault;
        return new LiveView(
            LinkView.Of(link, texts),
            client is null ? null : DeviceView.Of(client.Identity, device.IsSimulated),
            status is null ? null : StatusView.Of(status, time.GetUtcNow(), texts),
            client is null || desk.Confirmed is not { } confirmed ? null : TreatmentView.Of(confirmed.Proposal.ZoneId, confirmed.Asked, confirmed.Accepted),
            desk.Open is { } open ? SessionOf(open, keeper.Passes, recordingFault) : null,
            desk.Finished is { } finished ? new FinishedSessionView(finished.Id, finished.Outcome.ToString(), texts.Of(finished.Outcome), desk.FinishedStrokes) : null,
            [.. desk.MissingFor(status).Select(missing => new MissingView(missing.Step, texts[$"refusals.{missing.Code}"], missing.Href))],
            desk.Unlock is { } unlock ? new UnlockView(unlock.ZoneId, unlock.Cap.Micrometers, unlock.By.Name, unlock.Reason) : null,
            [.. CurrentAlarms().Select(alarm => ViewOf(alarm, texts))],
            presence.Control,
            [.. desk.Log.Take(LinesOfLog).Select(entry => new LogView((long)((entry as DeviceEvent)?.DeviceTime.TotalMilliseconds ?? 0), texts.Of(entry)))],
            NoticeOf(texts));
    }

    /// <summary>The alarm conditions that are present.</summary>
    public IReadOnlyList<Alarm> CurrentAlarms() =>
        alarms.Show(AlarmBoard.Of(device.Link, device.LatestStatus, desk.Open is not null, keeper.RecordingFault));

    private static SessionView SessionOf(OpenSession open, IReadOnlyList<Pass> passes, string? recordingFault) => new(
        open.Id, open.ClientLabel, open.Start.Cartridge.Needles, passes.Sum(pass => pass.Strokes), [.. PassesOf(passes, open.Start.Cartridge.Needles)], recordingFault);

    private static IEnumerable<PassView> PassesOf(IReadOnlyList<Pass> passes, int needles) => passes.Select((pass, index) =>
    {
        long punctures = pass.Strokes * needles;
        Pass[] overZone = [.. passes.Take(index + 1).Where(other => other.ZoneId == pass.ZoneId)];
        return new PassView(
            pass.Number,
            pass.ZoneId,
            pass.AreaSquareMillimeters,
            pass.Strokes,
            punctures,
            PerSquareCentimeter(punctures, pass.AreaSquareMillimeters),
            PerSquareCentimeter(overZone.Sum(other => other.Strokes) * needles, pass.AreaSquareMillimeters),
            (long)overZone.Sum(other => other.StrokingTime.TotalMilliseconds),
            pass.Ending.ToString());
    });

    private static double PerSquareCentimeter(long punctures, int areaSquareMillimeters) => Math.Round(punctures * 100.0 / areaSquareMillimeters, 1);

    private static AlarmView ViewOf(Alarm alarm, Texts texts)
    {
        var (id, priority, fault, detail) = alarm.Condition;
        var (title, cause, next) = fault == FaultCode.None
            ? (texts[$"faults.{id}-title"], texts[$"faults.{id}-cause", detail], texts[$"faults.{id}-next"])
            : (texts.TitleOf(fault), texts.CauseOf(fault), texts.NextStepOf(fault));
        return new AlarmView(id, priority.ToString(), title, cause, next, alarm.Acknowledged, (int)Math.Ceiling(alarm.SilencedFor.TotalSeconds), (int)fault);
    }

    private string? NoticeOf(Texts texts) => device.Notice is { } notice
        ? texts[$"refusals.{notice}"]
        : desk.Problem is { } problem ? texts["refusals.notClosed", problem] : null;
}
