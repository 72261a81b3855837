using System.Globalization;
using Microneedling.Sessions;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>The list of sessions, newest first.</summary>
public sealed class SessionsModel(SessionStore store, TimeProvider time) : PageModel
{
    /// <summary>What is listed.</summary>
    public IReadOnlyList<SessionSummary> Sessions { get; private set; } = [];

    /// <summary>How long a session lasted, in minutes and seconds.</summary>
    public static string Length(SessionSummary session) =>
        session.EndedAt is { } ended ? (ended - session.StartedAt).ToString(@"m\:ss", CultureInfo.InvariantCulture) : "–";

    /// <summary>A time of day where this tablet is.</summary>
    public string LocalTime(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Loads the list.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Sessions = await store.ListAsync(ct: cancellationToken);
}
