using System.Globalization;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>The list of sessions, newest first, narrowed by what the address says. A client is named there by key only.</summary>
[Needs(Rights.KeepClients)]
public sealed class SessionsModel(SessionStore store, TimeProvider time) : PageModel
{
    /// <summary>Sessions on a page, as the record gives them.</summary>
    public const int PageLength = 50;

    /// <summary>Key of the client.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Client { get; set; }

    /// <summary>Number of the person who treated.</summary>
    [BindProperty(SupportsGet = true)]
    public long? Person { get; set; }

    /// <summary>How they ended.</summary>
    [BindProperty(SupportsGet = true)]
    public SessionOutcome? Outcome { get; set; }

    /// <summary>The cartridge's lot, exactly.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Lot { get; set; }

    /// <summary>The device's serial number.</summary>
    [BindProperty(SupportsGet = true)]
    public uint? Device { get; set; }

    /// <summary>Begun on this day or later, where this tablet is.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    /// <summary>Begun on this day or earlier.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? To { get; set; }

    /// <summary>Which page of the list, from 1.</summary>
    [BindProperty(SupportsGet = true, Name = "at")]
    public int At { get; set; } = 1;

    /// <summary>What is listed.</summary>
    public SessionPage Found { get; private set; } = new([], 0);

    /// <summary>What all of it comes to; empty when it is too much to be counted.</summary>
    public IReadOnlyList<SessionTotal> Totals { get; private set; } = [];

    /// <summary>How many pages there are, at least 1.</summary>
    public int Pages => (int)Math.Max(1, (Math.Min(Found.Total, SessionStore.MostCounted) + PageLength - 1) / PageLength);

    /// <summary>Clients to choose from.</summary>
    public IReadOnlyList<Microneedling.Sessions.Clinic.Client> Clients { get; private set; } = [];

    /// <summary>People to choose from.</summary>
    public IReadOnlyList<Person> People { get; private set; } = [];

    /// <summary>Whether something narrows the list.</summary>
    public bool IsNarrowed => Query().Count > 0;

    /// <summary>Loads the list. What cannot be read narrows nothing, and the page says so.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Clients = await store.Clients.ListAsync(ct: cancellationToken);
        People = await store.People.ListAsync(cancellationToken);
        if (Client is { Length: > 0 } key && Clients.All(client => client.Key != key) && await store.Clients.FindAsync(key, cancellationToken) is { } further)
        {
            Clients = [further, .. Clients];
        }

        At = Math.Max(1, At);
        Found = await store.ListAsync(Filter(), At - 1, cancellationToken);
        if (At > Pages)
        {
            At = Pages;
            Found = await store.ListAsync(Filter(), At - 1, cancellationToken);
        }

        Totals = Found.IsMore ? [] : await store.TotalsAsync(Filter(), cancellationToken);
    }

    /// <summary>The address of another page of the same list.</summary>
    public string PageAt(int number) => "/sessions" + QueryString.Create([.. Query(), KeyValuePair.Create("at", (string?)number.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>The day where this tablet is.</summary>
    public string Day(DateTimeOffset at) => DateWords.Day(at, time);

    /// <summary>The time of day where this tablet is.</summary>
    public string TimeOfDay(DateTimeOffset at) => DateWords.TimeOfDay(at, time);

    private SessionFilter Filter() => new(
        string.IsNullOrWhiteSpace(Client) ? null : Client,
        Person,
        Device,
        string.IsNullOrWhiteSpace(Lot) ? null : Lot.Trim(),
        Outcome,
        From is { } from ? DateWords.BeginOf(from, time) : null,
        To is { } to && to < DateOnly.MaxValue ? DateWords.BeginOf(to.AddDays(1), time) : null);

    private List<KeyValuePair<string, string?>> Query()
    {
        (string Name, string? Value)[] all =
        [
            ("client", Client),
            ("person", Person?.ToString(CultureInfo.InvariantCulture)),
            ("outcome", Outcome?.ToString()),
            ("lot", Lot?.Trim()),
            ("device", Device?.ToString(CultureInfo.InvariantCulture)),
            ("from", From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("to", To?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ];
        return [.. all.Where(one => !string.IsNullOrEmpty(one.Value)).Select(one => KeyValuePair.Create(one.Name, one.Value))];
    }
}
