using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>Who changed what, newest first.</summary>
[Needs(Rights.ManageSite)]
public sealed class AuditModel(SessionStore store, TimeProvider time, Texts texts) : PageModel
{
    private const int OnPage = 100;

    private IReadOnlyDictionary<string, string> _names = new Dictionary<string, string>();

    /// <summary>What is listed.</summary>
    public IReadOnlyList<AuditEntry> Entries { get; private set; } = [];

    /// <summary>Whether the list begins with the newest.</summary>
    public bool IsNewest { get; private set; }

    /// <summary>Older entries are those before this number; null: there are none.</summary>
    public long? Older => Entries.Count == OnPage ? Entries[^1].Id : null;

    /// <summary>When, by the clock here.</summary>
    public string When(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return LocalTime.Of(time, entry.At);
    }

    /// <summary>The action in words; one that this version does not know as it stands.</summary>
    public string What(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return texts.Find($"audit.action-{entry.Action}") ?? entry.Action;
    }

    /// <summary>To whom or what: people by their name now, everything else as it stands.</summary>
    public string Subject(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _names.GetValueOrDefault(entry.Subject, entry.Subject);
    }

    /// <summary>A page of the trail.</summary>
    public async Task OnGetAsync(long? before)
    {
        IsNewest = before is null;
        Entries = await store.Audit.ListAsync(before);
        _names = (await store.People.ListAsync()).ToDictionary(person => $"person:{person.Id}", person => person.Name);
    }
}
