// What follows from a check, and a supervisor's way past it: by right when a supervisor is at the page, else by name and PIN.

using System.Globalization;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>The result of one check.</summary>
[Needs(Rights.KeepClients)]
public sealed class CheckResultModel(SessionStore store, Texts texts, TimeProvider time) : ClientPage(store, texts, time)
{
    /// <summary>Fewest characters of a reason.</summary>
    public const int ShortestReason = 10;

    /// <summary>Most characters of a reason.</summary>
    public const int LongestReason = 500;

    /// <summary>The check.</summary>
    public SuitabilityCheck Check { get; private set; } = null!;

    /// <summary>The items answered with yes, those that block first.</summary>
    public IReadOnlyList<ChecklistItem> AnsweredYes { get; private set; } = [];

    /// <summary>Who may override with a PIN.</summary>
    public IReadOnlyList<Choice> Supervisors { get; private set; } = [];

    /// <summary>Whether it can be overridden: it found the client not suitable, and still holds.</summary>
    public bool CanBeOverridden => Check is { IsSuitable: false, Override: null } && Now - Check.At < SuitabilityCheck.HoldsFor;

    /// <summary>Whether the person at the page may override without a PIN.</summary>
    public bool MaySupervise => Person.May(Rights.Supervise);

    /// <summary>Shows the result; 404 when it is not a check of this client.</summary>
    public async Task<IActionResult> OnGetAsync(string key, long id, CancellationToken cancellationToken)
    {
        if (!await FindAsync(key, cancellationToken)
            || (await Store.Clients.ChecksAsync(key, cancellationToken)).FirstOrDefault(check => check.Id == id) is not { } found)
        {
            return NotFound();
        }

        Check = found;
        var checklist = await Store.Site.ChecklistAsync(found.ChecklistVersion, cancellationToken);
        AnsweredYes = [.. (checklist?.Items ?? []).Where(item => found.AnsweredYes.Contains(item.Id)).OrderByDescending(item => item.Weight)];
        if (!MaySupervise)
        {
            Supervisors =
            [
                .. (await Store.People.ListAsync(cancellationToken))
                    .Where(person => person.IsActive && RoleRights.Of(person.Role).HasFlag(Rights.Supervise))
                    .Select(person => new Choice(person.Id.ToString(CultureInfo.InvariantCulture), person.Name)),
            ];
        }

        return Page();
    }

    /// <summary>Overrides the check.</summary>
    public async Task<IActionResult> OnPostAsync(string key, long id, CancellationToken cancellationToken)
    {
        var page = await OnGetAsync(key, id, cancellationToken);
        if (page is NotFoundResult)
        {
            return page;
        }

        string reason = Form.Text("reason", ShortestReason, LongestReason);
        var supervisor = MaySupervise ? Person.Actor : Form.IsGood ? await SupervisorAsync(cancellationToken) : null;
        return await TryAsync(() => Store.Clients.OverrideAsync(supervisor!, id, reason, cancellationToken))
            ? Done($"/clients/{key}/check/{id}{(IsPreparing ? "?from=prepare" : "")}", T["clients.override-kept"])
            : page;
    }

    /// <summary>Who typed the PIN; null, and said in the form: it was wrong, or none is taken now.</summary>
    private async Task<Actor?> SupervisorAsync(CancellationToken cancellationToken)
    {
        if (Supervisors.All(supervisor => supervisor.Value != Form["supervisor"]))
        {
            Form.Refuse("supervisor", T["refusals.form-choose"]);
            return null;
        }

        long id = long.Parse(Form["supervisor"], CultureInfo.InvariantCulture);
        if (await Store.People.CheckPinAsync(id, Form["pin"], cancellationToken) is { } person)
        {
            return new Actor(person.Id, person.Name);
        }

        var lockedUntil = (await Store.People.FindAsync(id, cancellationToken))?.LockedUntil;
        Form.Refuse("pin", lockedUntil > Now ? T["clients.pin-locked", When(lockedUntil.Value)] : T["clients.pin-wrong"]);
        return null;
    }
}
