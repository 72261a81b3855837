using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>The people who may sign in, and a form for one more. The first ends the time of the owner.</summary>
[Needs(Rights.ManageSite)]
public sealed class PeopleModel(SessionStore store, PeopleDirectory directory, TimeProvider time, Texts texts) : PageModel
{
    /// <summary>Everybody; those who may sign in first.</summary>
    public IReadOnlyList<Person> People { get; private set; } = [];

    /// <summary>Why the last entry was not taken, or null.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Name as typed.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Role as chosen.</summary>
    public Role Role { get; private set; } = Role.Practitioner;

    /// <summary>Roles to choose from: the first person must be a supervisor.</summary>
    public IReadOnlyList<Role> Roles => People.Count == 0 ? [Role.Supervisor] : Enum.GetValues<Role>();

    /// <summary>Until when somebody is locked, or null.</summary>
    public string? LockWords(Person person) => PersonWords.Lock(person, time, texts);

    /// <summary>The list.</summary>
    public Task OnGetAsync() => LoadAsync();

    /// <summary>Adds somebody.</summary>
    public async Task<IActionResult> OnPostAsync(string? name, Role? role, string? pin, string? pinAgain)
    {
        (Name, Role) = (name ?? "", role ?? Role.Practitioner);
        try
        {
            PersonWords.RefuseDifferentPins(pin, pinAgain);
            await store.People.AddAsync(HttpContext.Person().Actor, Name, role ?? default, pin ?? "");
        }
        catch (RecordRefusedException refused)
        {
            Refusal = PersonWords.Of(refused, texts);
            await LoadAsync();
            return Page();
        }

        directory.Forget();
        return RedirectToPage();
    }

    private async Task LoadAsync()
    {
        People = [.. (await store.People.ListAsync()).OrderByDescending(person => person.IsActive)];
        ModelState.Clear();
    }
}

/// <summary>Words about people that several pages need.</summary>
internal static class PersonWords
{
    /// <summary>Until when somebody is locked, or null.</summary>
    public static string? Lock(Person person, TimeProvider time, Texts texts) =>
        person.LockedUntil is { } until && time.GetUtcNow() < until ? texts["people.locked", LocalTime.ClockAfter(time, until)] : null;

    /// <summary>A refusal of the record.</summary>
    public static string Of(RecordRefusedException refused, Texts texts) =>
        texts.Find($"people.refused-{refused.Code}") ?? texts.Find($"refusals.{refused.Code}") ?? refused.Message;

    /// <summary>A PIN is typed twice, since it is never shown.</summary>
    /// <exception cref="RecordRefusedException">They differ.</exception>
    public static void RefuseDifferentPins(string? pin, string? again)
    {
        if (pin != again)
        {
            throw new RecordRefusedException("person.pinsDiffer", "The two PINs differ. Type the same PIN twice.");
        }
    }
}
