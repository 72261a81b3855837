using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>The follow-ups of a session, for <c>Shared/_FollowUps</c>.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Noted">What was written down, oldest first.</param>
/// <param name="MayAdd">Whether the way to a new one is shown.</param>
public sealed record FollowUpList(long SessionId, IReadOnlyList<FollowUp> Noted, bool MayAdd);

/// <summary>What was seen some time after a session. Only added.</summary>
[Needs(Rights.KeepClients)]
public sealed class FollowUpModel(SessionStore store, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    /// <summary>Most characters of the notes.</summary>
    public const int LongestNotes = 4000;

    private const int LatestHours = 8760;
    private const int WorstPain = 10;

    /// <summary>The session.</summary>
    public SessionSummary Session { get; private set; } = null!;

    /// <summary>What was written down so far, oldest first.</summary>
    public IReadOnlyList<FollowUp> Noted { get; private set; } = [];

    /// <summary>Grades of pain to choose from.</summary>
    public static IReadOnlyList<Choice> Pains { get; } = [.. Enumerable.Range(0, WorstPain + 1).Select(pain => new Choice(FormEntries.Typed(pain), FormEntries.Typed(pain)))];

    /// <summary>Shows the form, with the hours since the session.</summary>
    public async Task<IActionResult> OnGetAsync(long id, CancellationToken cancellationToken)
    {
        if (await LoadAsync(id, cancellationToken) is { } refused)
        {
            return refused;
        }

        double hours = Math.Max(0, (Now - (Session.EndedAt ?? Session.StartedAt)).TotalHours);
        Form.Begin("hoursAfter", FormEntries.Typed((int)Math.Min(LatestHours, Math.Round(hours))));
        return Page();
    }

    /// <summary>Keeps what was typed.</summary>
    public async Task<IActionResult> OnPostAsync(long id, CancellationToken cancellationToken)
    {
        if (await LoadAsync(id, cancellationToken) is { } refused)
        {
            return refused;
        }

        int? hours = Form.Whole("hoursAfter", 0, LatestHours);
        var redness = Form.Choice<FollowUpGrade>("redness");
        var swelling = Form.Choice<FollowUpGrade>("swelling");
        int? pain = null;
        if (Form["pain"].Length == 0)
        {
            Form.Refuse("pain", T["refusals.form-choose"]);
        }
        else
        {
            pain = Form.Whole("pain", 0, WorstPain);
        }

        string notes = Form.Text("notes", 0, LongestNotes);
        return await TryAsync(() => store.Clients.FollowUpAsync(Person.Actor, id, hours!.Value, redness!.Value, swelling!.Value, pain!.Value, notes, cancellationToken))
            ? Done($"/sessions/{id}/follow-up", T["clients.followUp-kept"])
            : Page();
    }

    private async Task<IActionResult?> LoadAsync(long id, CancellationToken cancellationToken)
    {
        if (await store.OverviewAsync(id, cancellationToken) is not { } session)
        {
            return NotFound();
        }

        Session = session.Summary;
        Noted = await store.Clients.FollowUpsAsync(id, cancellationToken);
        return null;
    }
}
