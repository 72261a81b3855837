using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>What is known of a client, to be changed.</summary>
[Needs(Rights.KeepClients)]
public sealed class ClientDetailsModel(SessionStore store, Texts texts, TimeProvider time) : ClientPage(store, texts, time)
{
    /// <summary>Most characters of a label.</summary>
    public const int LongestLabel = 60;

    /// <summary>Most characters of a name.</summary>
    public const int LongestName = 120;

    /// <summary>Most characters of the notes.</summary>
    public const int LongestNotes = 4000;

    private const int EarliestBirthYear = 1900;

    /// <summary>Shows what is known.</summary>
    public async Task<IActionResult> OnGetAsync(string key, CancellationToken cancellationToken)
    {
        if (!await FindAsync(key, cancellationToken))
        {
            return NotFound();
        }

        Form.Begin("label", Client.Label);
        Form.Begin("name", Client.Name ?? "");
        Form.Begin("birthYear", FormEntries.Typed(Client.BirthYear));
        Form.Begin("skinType", Client.SkinType.ToString());
        Form.Begin("thickness", Client.Thickness.ToString());
        Form.Begin("notes", Client.Notes);
        return Page();
    }

    /// <summary>Keeps what was typed.</summary>
    public async Task<IActionResult> OnPostAsync(string key, CancellationToken cancellationToken)
    {
        if (!await FindAsync(key, cancellationToken))
        {
            return NotFound();
        }

        string label = Form.Text("label", 1, LongestLabel);
        string name = Form.Text("name", 0, LongestName);
        int? birthYear = Form.Whole("birthYear", EarliestBirthYear, Today.Year, optional: true);
        var skinType = Form.Choice<SkinType>("skinType");
        var thickness = Form.Choice<ThicknessReference>("thickness");
        string notes = Form.Text("notes", 0, LongestNotes);
        return await TryAsync(() => Store.Clients.ChangeAsync(
            Person.Actor,
            Client with { Label = label, Name = name.Length == 0 ? null : name, BirthYear = birthYear, SkinType = skinType!.Value, Thickness = thickness!.Value, Notes = notes },
            cancellationToken))
            ? Done($"/clients/{key}", T["clients.kept"])
            : Page();
    }
}
