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

    /// <summary>The latest pass of each zone: what a page is sent stays small, however often a zone is treated.</summary>
    private static IEnumerable<PassView> PassesOf(IReadOnlyList<Pass> passes, int needles) =>
        from overZone in passes.GroupBy(pass => pass.ZoneId)
        let latest = overZone.Last()
        orderby latest.Number
        select new PassView(
            latest.Number,
            latest.ZoneId,
            latest.AreaSquareMillimeters,
            latest.Strokes,
            latest.Strokes * needles,
            PerSquareCentimeter(latest.Strokes * needles, latest.AreaSquareMillimeters),
            PerSquareCentimeter(overZone.Sum(pass => pass.Strokes) * needles, latest.AreaSquareMillimeters),
            (long)overZone.Sum(pass => pass.StrokingTime.TotalMilliseconds),
            latest.Ending.ToString());

    // Not rounded: who shows it rounds it, once.
    private static double PerSquareCentimeter(long punctures, int areaSquareMillimeters) => punctures * 100.0 / areaSquareMillimeters;

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
