using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>The site's checklist, to be filled in for a client. Every question is to be answered; nothing is answered before.</summary>
[Needs(Rights.KeepClients)]
public sealed class CheckModel(SessionStore store, Texts texts, TimeProvider time) : ClientPage(store, texts, time)
{
    /// <summary>Most characters of the notes.</summary>
    public const int LongestNotes = 1000;

    /// <summary>The answer that speaks against treating.</summary>
    public const string Yes = "yes";

    /// <summary>The other.</summary>
    public const string No = "no";

    /// <summary>The checklist in force.</summary>
    public Checklist Checklist { get; private set; } = null!;

    /// <summary>Name of an answer in the form.</summary>
    public static string FieldOf(ChecklistItem item) => "answer-" + item.Id;

    /// <summary>Shows the checklist.</summary>
    public async Task<IActionResult> OnGetAsync(string key, CancellationToken cancellationToken)
    {
        Checklist = await Store.Site.ChecklistAsync(cancellationToken);
        return await FindAsync(key, cancellationToken) ? Page() : NotFound();
    }

    /// <summary>Keeps the answers, and goes to what follows from them.</summary>
    public async Task<IActionResult> OnPostAsync(string key, int version, CancellationToken cancellationToken)
    {
        Checklist = await Store.Site.ChecklistAsync(cancellationToken);
        if (!await FindAsync(key, cancellationToken))
        {
            return NotFound();
        }

        if (version != Checklist.Version)
        {
            Form.Refuse(null, T["clients.check-newer", Checklist.Version]);
        }

        foreach (var item in Checklist.Items.Where(item => Form[FieldOf(item)] is not (Yes or No)))
        {
            Form.Refuse(FieldOf(item), T["clients.check-unanswered"]);
        }

        string notes = Form.Text("notes", 0, LongestNotes);
        SuitabilityCheck? check = null;
        bool kept = await TryAsync(async () => check = await Store.Clients.CheckAsync(
            Person.Actor, key, version, [.. Checklist.Items.Where(item => Form[FieldOf(item)] == Yes).Select(item => item.Id)], notes, cancellationToken));
        return kept ? LocalRedirect($"/clients/{key}/check/{check!.Id}{(IsPreparing ? "?from=prepare" : "")}") : Page();
    }
}
