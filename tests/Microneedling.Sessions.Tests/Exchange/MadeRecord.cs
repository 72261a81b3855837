using System.Text;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Exchange;
using Microneedling.Sessions.Proof;

namespace Microneedling.Sessions.Tests;

/// <summary>A client with a session that has everything a row can hold.</summary>
internal static class MadeRecord
{
    public const string UnlockReason = "Thick scar beside the nose.";
    public const string Notes = "A \"dry\" skin,\nelse well: said Zoë 😀.";
    public const string CorrectionReason = "The label was smudged.";
    public const string RemarkText = "She called: the redness went on for a week.";

    /// <summary>Adds a client who may be treated.</summary>
    public static async Task<SessionStart> AddClientAsync(SessionStore store, string? name = null)
    {
        var client = await store.Clients.AddAsync(Make.Owner);
        if (name is not null)
        {
            await store.Clients.ChangeAsync(Make.Owner, client with { Name = name, BirthYear = 1980, SkinType = SkinType.III, Notes = $"{name} is allergic to nickel." });
        }

        var list = await store.Site.ChecklistAsync();
        var check = await store.Clients.CheckAsync(Make.Owner, client.Key, list.Version, [list.Items.First(item => item.Weight == ChecklistWeight.Blocks).Id], "Told by phone, by her sister.");
        await store.Clients.OverrideAsync(Make.Owner, check.Id, "Healed long ago, seen by me.");
        await store.Clients.ConsentAsync(Make.Owner, client.Key, "Has read and agrees, signed Zoë.");
        var course = await store.Clients.BeginCourseAsync(Make.Owner, client.Key, "Acne scars of Zoë", 3, 30);
        return new SessionStart(Make.Owner, client.Key, check.Id, course.Id, Make.Cartridge);
    }

    /// <summary>Records a session, with a follow-up and two corrections.</summary>
    public static async Task<long> AddSessionAsync(SessionStore store, SetClock clock, SessionStart start)
    {
        long id;
        await using (var recorder = await store.BeginAsync(Make.Device(), Make.Status(), start))
        {
            id = recorder.SessionId;
            recorder.RecordStatus(Make.Status(50, 3) with { Alarm = AlarmPriority.Medium, SessionNumber = 9, ActiveBurstStrokes = 20 });
            recorder.RecordParameters(Make.Request(), Make.Accepted(), Make.Status(100, 5));
            recorder.RecordParameters(Make.Request(600) with { BurstStrokes = 20 }, Make.Accepted(600), null);
            recorder.RecordEvent(Make.Event(1));
            recorder.RecordEvent(new MissingEvents(2, 4));
            recorder.RecordStatus(Make.Status(100, 5, state: DeviceState.Faulted) with { Fault = FaultCode.LinkLost });
            recorder.RecordEvent(new DeviceRestarted(5));
            recorder.RecordPass(Make.Pass(1, PassEnding.Stopped, 5) with { UnlockedBy = Make.Owner, UnlockReason = UnlockReason });
            recorder.RecordPass(Make.Pass(2, PassEnding.Disarmed, 7) with { PresetKey = null, PresetVersion = null });
            clock.Now += TimeSpan.FromTicks(1_234_560);
            await recorder.FinishAsync(SessionOutcome.Completed, Make.Status(150, 12));
        }

        await store.Clients.FollowUpAsync(Make.Owner, id, 24, FollowUpGrade.Mild, FollowUpGrade.None, 2, Notes);
        await store.Corrections.AddAsync(Make.Owner, id, CorrectedField.CartridgeLot, "LOT-8", CorrectionReason);
        await store.Corrections.AddAsync(Make.Owner, id, CorrectedField.Remark, RemarkText, CorrectionReason);
        return id;
    }

    /// <summary>The JSON of a session.</summary>
    public static async Task<string> ExportAsync(this SessionStore store, long id, bool withTexts = true)
    {
        using MemoryStream stream = new();
        await (await store.Exchange.FindAsync(id))!.WriteJsonAsync(stream, withTexts);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static Task<ImportResult> ImportAsync(this SessionStore store, string json) =>
        store.Exchange.ImportAsync(Make.Owner, new MemoryStream(Encoding.UTF8.GetBytes(json)));

    /// <summary>An export without the lines that only its own record gives.</summary>
    public static string WithoutLocal(string json) => string.Join('\n', json.Split('\n').Where(line =>
        !line.StartsWith("\"exportHash\"", StringComparison.Ordinal)
        && !line.StartsWith("\"record\"", StringComparison.Ordinal)
        && !line.StartsWith("\"clientLabel\"", StringComparison.Ordinal)));
}
