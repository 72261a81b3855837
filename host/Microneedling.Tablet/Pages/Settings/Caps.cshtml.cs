using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>How deep each role and each zone may go.</summary>
[Needs(Rights.ManageSite)]
public sealed class CapsModel(SessionStore store, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    /// <summary>The caps in force.</summary>
    public DepthCaps Caps { get; private set; } = null!;

    /// <summary>Name of a zone's field.</summary>
    public static string FieldOf(Zone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return "zone-" + zone.Id;
    }

    /// <summary>The words of a zone.</summary>
    public string ZoneWords(string id) => T.Find("zones." + id) ?? id;

    /// <summary>Shows the caps.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Caps = await store.Site.CapsAsync(cancellationToken);
        Form.Begin("version", FormEntries.Typed(Caps.Version));
        Form.Begin("practitioner", FormEntries.Typed(Caps.Practitioner));
        Form.Begin("supervisor", FormEntries.Typed(Caps.Supervisor));
        Form.Begin("engineer", FormEntries.Typed(Caps.Engineer));
        foreach (var zone in Zones.All)
        {
            Form.Begin(FieldOf(zone), Caps.ByZone.TryGetValue(zone.Id, out var cap) ? FormEntries.Typed(cap) : "");
        }
    }

    /// <summary>Lays down the next version.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Caps = await store.Site.CapsAsync(cancellationToken);
        if (Form["version"] != FormEntries.Typed(Caps.Version))
        {
            Form.Refuse(null, T["site.newer", Caps.Version]);
        }

        var practitioner = Cap("practitioner", Limits.UnsupervisedDepthMicrometers);
        var supervisor = Cap("supervisor", Limits.AbsoluteDepthMicrometers);
        var engineer = Cap("engineer", Limits.UnsupervisedDepthMicrometers);

        // What the form does not show, stays.
        var byZone = Caps.ByZone.Where(cap => Zones.Find(cap.Key) is null).ToDictionary();
        foreach (var zone in Zones.All)
        {
            if (ZoneCap(FieldOf(zone)) is { } cap)
            {
                byZone[zone.Id] = cap;
            }
        }

        DepthCaps? next = null;
        return await TryAsync(async () => next = await store.Site.SetCapsAsync(
            Person.Actor, Caps with { Practitioner = practitioner!.Value, Supervisor = supervisor!.Value, Engineer = engineer!.Value, ByZone = byZone }, cancellationToken))
            ? Done("/settings/caps", T["site.caps-kept", next!.Version])
            : Page();
    }

    /// <summary>0 blocks the zone; nothing: it has no cap of its own.</summary>
    private Depth? ZoneCap(string field) =>
        Form[field] is "0" or "0.0" or "0.00" or "0,0" or "0,00" ? default(Depth) : Cap(field, Limits.AbsoluteDepthMicrometers, optional: true);

    private Depth? Cap(string field, int deepestMicrometers, bool optional = false) =>
        Form.Millimeters(field, Limits.MinimumDepthMicrometers, deepestMicrometers, Limits.DepthStepMicrometers, optional);
}
