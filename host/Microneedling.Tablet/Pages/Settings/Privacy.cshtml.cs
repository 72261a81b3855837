using System.Security.Cryptography;
using System.Text;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>How long clients can be told by name and notes, who is past that, and erasing them.</summary>
[Needs(Rights.ManageSite)]
public sealed class PrivacyModel(SessionStore store, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    private const string Address = "/settings/privacy";
    private const int MostYears = 100;

    /// <summary>The rule in force.</summary>
    public RetentionRule Rule { get; private set; } = new(0, null);

    /// <summary>Clients past it, who waits longest first.</summary>
    public IReadOnlyList<ClientPastRetention> Past { get; private set; } = [];

    /// <summary>Tells one list from another, so that nobody is erased who was not seen.</summary>
    public string Listed => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', Past.Select(past => past.Client.Key)))));

    /// <summary>Shows rule and clients.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Rule = await store.Retention.RuleAsync(cancellationToken);
        Past = await store.Retention.PastAsync(cancellationToken);
        Form.Begin("years", FormEntries.Typed(Rule.Years));
    }

    /// <summary>Lays down the rule.</summary>
    public async Task<IActionResult> OnPostRuleAsync(CancellationToken cancellationToken)
    {
        int? years = Form.Whole("years", 1, MostYears, optional: true);
        if (await TryAsync(() => store.Retention.SetRuleAsync(Person.Actor, years, cancellationToken)))
        {
            return Done(Address, T["privacy.kept"]);
        }

        await OnGetAsync(cancellationToken);
        return Page();
    }

    /// <summary>Erases all that were listed.</summary>
    public async Task<IActionResult> OnPostAllAsync(CancellationToken cancellationToken)
    {
        await OnGetAsync(cancellationToken);
        if (Form["listed"] != Listed)
        {
            Form.Refuse(null, T["privacy.all-changed"]);
        }

        if (Form["understood"] != "yes")
        {
            Form.Refuse("understood", T["privacy.understood-missing"]);
        }

        bool isOverwritten = false;
        return await TryAsync(async () => isOverwritten = await store.Clients.EraseAsync(
            Person.Actor, [.. Past.Select(past => past.Client.Key)], ErasureReason.RetentionOver, cancellationToken))
            ? Done(Address, isOverwritten ? T["privacy.all-done", Past.Count] : T["privacy.done-later"])
            : Page();
    }

    /// <summary>Overwrites what erased clients have left in the file.</summary>
    public async Task<IActionResult> OnPostOverwriteAsync(CancellationToken cancellationToken)
    {
        bool isDone = false;
        if (await TryAsync(async () => isDone = await store.Clients.OverwriteErasedAsync(cancellationToken)) && !isDone)
        {
            Form.Refuse(null, T["privacy.not-overwritten"]);
        }

        if (Form.IsGood)
        {
            return Done(Address, T["privacy.overwritten"]);
        }

        await OnGetAsync(cancellationToken);
        return Page();
    }
}
