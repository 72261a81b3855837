// The site's checklist: edited as a list of rows; the buttons for order, adding and removing only send the rows back
// rearranged. Saving lays down the next version.

using System.Globalization;
using System.Text;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>The checklist in force, to be changed.</summary>
[Needs(Rights.ManageSite)]
public sealed class ChecklistSettingsModel(SessionStore store, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    /// <summary>Most characters of a question.</summary>
    public const int LongestQuestion = 300;

    /// <summary>Most characters of a source.</summary>
    public const int LongestSource = 300;

    private const int MostItems = 100;

    private static readonly string[] Columns = ["id", "question", "weight", "source"];

    /// <summary>The checklist in force.</summary>
    public Checklist Checklist { get; private set; } = null!;

    /// <summary>How many rows the form has.</summary>
    public int Rows => int.TryParse(Form["rows"], NumberStyles.None, CultureInfo.InvariantCulture, out int rows) ? Math.Min(rows, MostItems) : 0;

    /// <summary>Shows the checklist.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Checklist = await store.Site.ChecklistAsync(cancellationToken);
        Write([.. Checklist.Items.Select(item => new[] { item.Id, item.Question, item.Weight.ToString(), item.Source })]);
        Form.Begin("version", FormEntries.Typed(Checklist.Version));
    }

    /// <summary>Moves, adds or removes a row; nothing is kept yet.</summary>
    public async Task OnPostRowAsync(string change, CancellationToken cancellationToken)
    {
        Checklist = await store.Site.ChecklistAsync(cancellationToken);
        var rows = Read();
        var (what, at) = change.Split('-') is [var name, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? (name, index) : (change, -1);
        switch (what)
        {
            case "add" when rows.Count < MostItems:
                rows.Add(["", "", nameof(ChecklistWeight.Blocks), ""]);
                break;
            case "remove" when at >= 0 && at < rows.Count:
                rows.RemoveAt(at);
                break;
            case "up" when at > 0 && at < rows.Count:
                (rows[at - 1], rows[at]) = (rows[at], rows[at - 1]);
                break;
            case "down" when at >= 0 && at < rows.Count - 1:
                (rows[at + 1], rows[at]) = (rows[at], rows[at + 1]);
                break;
        }

        Write(rows);
    }

    /// <summary>Lays down the next version.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Checklist = await store.Site.ChecklistAsync(cancellationToken);
        if (Form["version"] != FormEntries.Typed(Checklist.Version))
        {
            Form.Refuse(null, T["site.newer", Checklist.Version]);
        }

        var items = new List<ChecklistItem>();
        for (int row = 0; row < Rows; row++)
        {
            string question = Form.Text(Field("question", row), 1, LongestQuestion);
            var weight = Form.Choice<ChecklistWeight>(Field("weight", row));
            string source = Form.Text(Field("source", row), 0, LongestSource);
            string id = Form[Field("id", row)];
            items.Add(new ChecklistItem(id.Length > 0 ? id : NewId(question, items), question, weight ?? ChecklistWeight.Blocks, source));
        }

        if (items.Count == 0)
        {
            Form.Refuse(null, T["site.checklist-empty"]);
        }

        Checklist? next = null;
        return await TryAsync(async () => next = await store.Site.SetChecklistAsync(Person.Actor, items, cancellationToken))
            ? Done("/settings/checklist", T["site.checklist-kept", next!.Version])
            : Page();
    }

    /// <summary>Name of a row's field.</summary>
    public static string Field(string column, int row) => string.Create(CultureInfo.InvariantCulture, $"{column}-{row}");

    /// <summary>An id from the first words of a question, that was never used in the checklist in force.</summary>
    private string NewId(string question, List<ChecklistItem> items)
    {
        var letters = new StringBuilder();
        foreach (char c in question.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                letters.Append(c);
            }
            else if (c == ' ' && letters is { Length: > 0 and < 24 } && letters[^1] != '-')
            {
                letters.Append('-');
            }

            if (letters.Length >= 32)
            {
                break;
            }
        }

        string stem = letters.ToString().Trim('-') is { Length: > 0 } some ? some : "item";
        var taken = items.Concat(Checklist.Items).Select(item => item.Id).ToHashSet();
        string id = stem;
        for (int number = 2; taken.Contains(id); number++)
        {
            id = string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}");
        }

        return id;
    }

    private List<string[]> Read() => [.. Enumerable.Range(0, Rows).Select(row => Columns.Select(column => Form[Field(column, row)]).ToArray())];

    private void Write(List<string[]> rows)
    {
        Form.Set("rows", FormEntries.Typed(rows.Count));
        for (int row = 0; row < rows.Count; row++)
        {
            for (int column = 0; column < Columns.Length; column++)
            {
                Form.Set(Field(Columns[column], row), rows[row][column]);
            }
        }
    }
}
