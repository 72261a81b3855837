using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>
/// Signing in: first the name, then the PIN. Works without script: then every key of the keypad is a post, which gives the
/// digits back in the field. Signing out comes here too.
/// </summary>
[AllowAnonymous]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed class SignInModel(PeopleDirectory directory, SessionStore store, SignIns signIns, SignInLimit limit, TimeProvider time, Texts texts) : PageModel
{
    /// <summary>The key that takes the last digit away.</summary>
    public const string BackKey = "back";

    private const int MostDigits = 12;

    /// <summary>Who may sign in, by name.</summary>
    public IReadOnlyList<Person> People { get; private set; } = [];

    /// <summary>Who is signing in; null: not chosen yet.</summary>
    public Person? Person { get; private set; }

    /// <summary>Digits typed so far, without script.</summary>
    public string Pin { get; private set; } = "";

    /// <summary>Why not, or null.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Where to go then: a page of this program.</summary>
    public string Return { get; private set; } = "/";

    /// <summary>Names, or the keypad of the person that was tapped.</summary>
    public async Task<IActionResult> OnGetAsync(long? person, string? @return)
    {
        if (await LoadAsync(person, @return) is { } elsewhere)
        {
            return elsewhere;
        }

        Refusal = Person is null ? null : LockWords(Person);
        return Page();
    }

    /// <summary>One key of the keypad, without script.</summary>
    public async Task<IActionResult> OnPostKeyAsync(long? person, string? @return, string? pin, string? key)
    {
        if (await LoadAsync(person, @return) is { } elsewhere)
        {
            return elsewhere;
        }

        string typed = pin ?? "";
        Pin = key == BackKey ? typed[..^Math.Min(1, typed.Length)]
            : key is [>= '0' and <= '9'] && typed.Length < MostDigits ? typed + key
            : typed;
        ModelState.Clear();
        return Page();
    }

    /// <summary>Checks the PIN and signs in.</summary>
    public async Task<IActionResult> OnPostAsync(long? person, string? @return, string? pin)
    {
        if (await LoadAsync(person, @return) is { } elsewhere)
        {
            return elsewhere;
        }

        if (Person is not { } chosen)
        {
            return Page();
        }

        if (!limit.Allows(HttpContext.Connection.RemoteIpAddress))
        {
            Refusal = texts["signin.tooMany"];
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Page();
        }

        var signedIn = await store.People.CheckPinAsync(chosen.Id, pin ?? "");
        directory.Forget();
        if (signedIn is null)
        {
            var now = await store.People.FindAsync(chosen.Id);
            Refusal = (now is null ? null : LockWords(now)) ?? texts["signin.wrong"];
            return Page();
        }

        await HttpContext.SignInAsync(signIns, signedIn);
        await store.Audit.AddAsync(SignedInPerson.Of(signedIn).Actor, "signIn.begun", $"person:{signedIn.Id}", "");
        return LocalRedirect(Return);
    }

    /// <summary>Signs out.</summary>
    public async Task<IActionResult> OnPostOutAsync()
    {
        var person = HttpContext.FindPerson();
        if (await HttpContext.SignOutAsync(signIns) && person is not null)
        {
            await store.Audit.AddAsync(person.Actor, "signIn.signedOut", $"person:{person.Actor.PersonId}", "");
        }

        return RedirectToPage();
    }

    /// <summary>Chooses this tablet's language.</summary>
    public IActionResult OnPostLanguage(string? language, string? @return)
    {
        Choices.Keep(Response, Texts.Cookie, language, Texts.Languages);
        return RedirectToPage(new { @return });
    }

    private async Task<IActionResult?> LoadAsync(long? person, string? @return)
    {
        Return = @return is not null && Url.IsLocalUrl(@return) ? @return : "/";
        var people = await directory.ReadAsync();
        if (people.Count == 0)
        {
            return LocalRedirect("/"); // Nobody is set up: there is nothing to sign in to.
        }

        People = [.. people.Values.Where(one => one.IsActive).OrderBy(one => one.Name, StringComparer.CurrentCultureIgnoreCase)];
        Person = People.FirstOrDefault(one => one.Id == person);
        return null;
    }

    private string? LockWords(Person person) =>
        person.LockedUntil is { } until && time.GetUtcNow() < until ? texts["signin.locked", LocalTime.ClockAfter(time, until)] : null;
}
