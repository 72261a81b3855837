using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>One person: name, role, whether they may sign in, and a new PIN. What changes counts from the next request on.</summary>
[Needs(Rights.ManageSite)]
public sealed class PersonModel(SessionStore store, PeopleDirectory directory, SignIns signIns, TimeProvider time, Texts texts) : PageModel
{
    /// <summary>Who it is about, as the record has them.</summary>
    public Person Subject { get; private set; } = null!;

    /// <summary>Name as typed.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Role as chosen.</summary>
    public Role Role { get; private set; }

    /// <summary>Whether the person may sign in, as chosen.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Why the change was not taken, or null.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Why the PIN was not taken, or null.</summary>
    public string? PinRefusal { get; private set; }

    /// <summary>What was just done, or null.</summary>
    public string? Done => TempData[nameof(Done)] is string text ? texts[text] : null;

    /// <summary>Until when the person is locked, or null.</summary>
    public string? LockWords => PersonWords.Lock(Subject, time, texts);

    /// <summary>The forms.</summary>
    public async Task<IActionResult> OnGetAsync(long id) => await LoadAsync(id) ? Page() : NotFound();

    /// <summary>Changes name, role, or whether the person may sign in.</summary>
    public async Task<IActionResult> OnPostAsync(long id, string? name, Role? role, bool isActive)
    {
        if (!await LoadAsync(id))
        {
            return NotFound();
        }

        (Name, Role, IsActive) = (name ?? "", role ?? Subject.Role, isActive);
        try
        {
            await store.People.ChangeAsync(HttpContext.Person().Actor, id, Name, role ?? default, IsActive);
        }
        catch (RecordRefusedException refused)
        {
            Refusal = PersonWords.Of(refused, texts);
            return Page();
        }

        directory.Forget();
        if (!IsActive)
        {
            signIns.EndAllOf(id, exceptId: null);
        }

        TempData[nameof(Done)] = "people.saved";
        return RedirectToPage();
    }

    /// <summary>Gives a new PIN. Whoever is signed in by the old one is signed out.</summary>
    public async Task<IActionResult> OnPostPinAsync(long id, string? pin, string? pinAgain)
    {
        if (!await LoadAsync(id))
        {
            return NotFound();
        }

        try
        {
            PersonWords.RefuseDifferentPins(pin, pinAgain);
            await store.People.SetPinAsync(HttpContext.Person().Actor, id, pin ?? "");
        }
        catch (RecordRefusedException refused)
        {
            PinRefusal = PersonWords.Of(refused, texts);
            return Page();
        }

        directory.Forget();
        signIns.EndAllOf(id, exceptId: HttpContext.SignInId());
        TempData[nameof(Done)] = "people.pinSet";
        return RedirectToPage();
    }

    private async Task<bool> LoadAsync(long id)
    {
        if (await store.People.FindAsync(id) is not { } person)
        {
            return false;
        }

        (Subject, Name, Role, IsActive) = (person, person.Name, person.Role, person.IsActive);
        ModelState.Clear();
        return true;
    }
}
