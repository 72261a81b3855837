using System.Globalization;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;

namespace Microneedling.Sessions.Tests;

/// <summary>
/// Session after session, with all that a treatment writes, and a line on the standard output for what was acknowledged:
/// <c>rows SESSION COUNT</c>, <c>finished SESSION STROKES</c>, <c>noted SESSION</c>.
/// </summary>
internal static class EndlessTreatment
{
    private const int MostRows = 60;

    public static async Task RunAsync(SessionStore store, Random random)
    {
        while (true)
        {
            var recorder = await store.BeginAsync(Make.Device(), Make.Status());
            recorder.RecordPass(Make.Pass());
            uint statuses = 0;
            for (var flushes = random.Next(1, 5); flushes > 0; flushes--)
            {
                for (var rows = random.Next(1, MostRows); rows > 0; rows--)
                {
                    statuses++;
                    recorder.RecordStatus(Make.Status(milliseconds: statuses * 50, strokes: statuses, latestEvent: statuses));
                    recorder.RecordEvent(Make.Event(statuses));
                }

                recorder.RecordParameters(Make.Request(), Make.Accepted(), null);
                await recorder.FlushAsync();
                Say($"rows {recorder.SessionId} {statuses}");
            }

            recorder.RecordPass(Make.Pass(1, PassEnding.Disarmed, statuses) with { UnlockReason = "A thick scar beside the nose." });
            await recorder.FinishAsync(SessionOutcome.Completed, null);
            Say($"finished {recorder.SessionId} {statuses}");
            await store.Clients.FollowUpAsync(Make.Owner, recorder.SessionId, 24, FollowUpGrade.Mild, FollowUpGrade.None, 1, "Slight redness.");
            await store.Corrections.AddAsync(Make.Owner, recorder.SessionId, CorrectedField.CartridgeLot, "LOT-8", "The label was misread.");
            Say($"noted {recorder.SessionId}");
        }
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
