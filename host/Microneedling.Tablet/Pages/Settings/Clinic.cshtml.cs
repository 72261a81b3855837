using System.Globalization;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Forwarding;
using Microneedling.Tablet.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>How forwarding to the clinic's record stands; and who forwards to this record.</summary>
[Needs(Rights.ServeDevice, Or = Rights.ManageSite)]
public sealed class ClinicModel(ClinicForwarding forwarding, TabletOptions options, SessionStore store, TimeProvider time, Texts texts) : PageModel
{
    /// <summary>How it stands.</summary>
    public ForwardingStanding Standing { get; private set; } = new(ForwardingState.Off);

    /// <summary>How far it has come.</summary>
    public ForwardedSoFar SoFar { get; private set; } = new(null, 0, 0, null);

    /// <summary>Whether this record is a database on a server: there is nothing to be forwarded then.</summary>
    public bool IsOnServer => options.Server is not null;

    /// <summary>Who forwards here.</summary>
    public IReadOnlyList<Recorder> Recorders { get; private set; } = [];

    /// <summary>What did not fit together here.</summary>
    public IReadOnlyList<ForwardingConflict> Conflicts { get; private set; } = [];

    /// <summary>The state in words.</summary>
    public string Words => texts["clinic.state-" + Standing.State, Standing.Percent];

    /// <summary>The tone of the state: good, bad or neither.</summary>
    public string? Verdict => Standing.State switch
    {
        ForwardingState.Failed => "bad",
        ForwardingState.Done => "good",
        _ => null,
    };

    /// <summary>How long the oldest session has waited, in words; null: none waits.</summary>
    public string? Age => SoFar.OldestWaitingSince is not { } since ? null : (time.GetUtcNow() - since) switch
    {
        { TotalDays: >= 1 } age => texts["clinic.age-days", (int)age.TotalDays, age.Hours],
        { TotalHours: >= 1 } age => texts["clinic.age-hours", (int)age.TotalHours, age.Minutes],
        var age => texts["clinic.age-minutes", Math.Max(0, (int)age.TotalMinutes)],
    };

    /// <summary>A point in time, by this computer's clock.</summary>
    public string When(DateTimeOffset? at) => at is { } some ? TimeZoneInfo.ConvertTime(some, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : texts["clinic.never"];

    /// <summary>A conflict in words.</summary>
    public string Of(ForwardingConflict conflict)
    {
        ArgumentNullException.ThrowIfNull(conflict);
        return texts["clinic.conflict-" + conflict.Kind, conflict.RecorderName, conflict.LinkNumber];
    }

    /// <summary>Looks.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        SoFar = await store.Recorders.ForwardedAsync(cancellationToken);
        Standing = forwarding.Standing is { State: ForwardingState.Done } done && SoFar.SessionsWaiting > 0 ? done with { State = ForwardingState.Due } : forwarding.Standing;
        Recorders = await store.Recorders.ListAsync(cancellationToken);
        Conflicts = await store.Recorders.ConflictsAsync(cancellationToken);
    }

    /// <summary>Forwards at once.</summary>
    public IActionResult OnPostNow()
    {
        forwarding.BeginNow();
        return RedirectToPage();
    }
}
