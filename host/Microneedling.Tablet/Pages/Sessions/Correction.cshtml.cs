using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>The corrections of a session, for <c>Shared/Sessions/_Corrections</c>.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Added">What was corrected, oldest first.</param>
/// <param name="MayAdd">Whether the way to a new one is shown.</param>
public sealed record CorrectionList(long SessionId, IReadOnlyList<Correction> Added, bool MayAdd);

/// <summary>Corrects a finished session, by adding to it.</summary>
[Needs(Rights.KeepClients)]
public sealed class CorrectionModel(SessionStore store, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    /// <summary>Most characters of what is right.</summary>
    public const int LongestValue = 200;

    /// <summary>Most characters of the reason.</summary>
    public const int LongestReason = 500;

    private const int ShortestReason = 10;

    /// <summary>The session.</summary>
    public SessionSummary Session { get; private set; } = null!;

    /// <summary>What was corrected so far, oldest first.</summary>
    public IReadOnlyList<Correction> Corrections { get; private set; } = [];

    /// <summary>Shows the form; 404 when there is no session of this number.</summary>
    public async Task<IActionResult> OnGetAsync(long id, CancellationToken cancellationToken) => await LoadAsync(id, cancellationToken) ?? Page();

    /// <summary>Keeps what was typed.</summary>
    public async Task<IActionResult> OnPostAsync(long id, CancellationToken cancellationToken)
    {
        if (await LoadAsync(id, cancellationToken) is { } refused)
        {
            return refused;
        }

        var field = Form.Choice<CorrectedField>("field");
        string newValue = Form.Text("newValue", 1, LongestValue);
        string reason = Form.Text("reason", ShortestReason, LongestReason);
        return await TryAsync(() => store.Corrections.AddAsync(Person.Actor, id, field!.Value, newValue, reason, cancellationToken))
            ? Done($"/sessions/{id}/correction", T["sessions.correction-kept"])
            : Page();
    }

    private async Task<IActionResult?> LoadAsync(long id, CancellationToken cancellationToken)
    {
        if (await store.OverviewAsync(id, cancellationToken) is not { } session)
        {
            return NotFound();
        }

        Session = session.Summary;
        Corrections = await store.Corrections.ListAsync(id, cancellationToken);
        return null;
    }
}
