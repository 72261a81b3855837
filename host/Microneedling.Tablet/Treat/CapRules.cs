// How deep a person may go in a zone, and why no deeper. Pure.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Treat;

/// <summary>A cap, and the name of the text that says why no deeper; 0 blocks the zone.</summary>
public sealed record Cap(Depth Depth, string Reason)
{
    /// <summary>Whether nothing may be done in the zone.</summary>
    public bool IsBlocked => Depth.Micrometers == 0;

    /// <summary>Why no deeper.</summary>
    public string Words(Texts texts) => texts[Reason, NumberWords.Set(Depth)];
}

/// <summary>A supervisor's unlock of a zone's cap: until the session ends or it is taken back.</summary>
public sealed record Unlock(string ZoneId, Depth Cap, Actor By, string Reason);

/// <summary>The rule of caps.</summary>
public static class CapRules
{
    /// <summary>The cap without an unlock: the shallowest of what device, role and zone allow.</summary>
    /// <param name="zone">Where.</param>
    /// <param name="caps">What the site has laid down.</param>
    /// <param name="role">Role of who treats; null: the owner, as a supervisor.</param>
    public static Cap Of(Zone zone, DepthCaps caps, Role? role)
    {
        ArgumentNullException.ThrowIfNull(zone);
        ArgumentNullException.ThrowIfNull(caps);
        var candidates = new List<Cap>
        {
            new(Depth.FromMicrometers(Limits.UnsupervisedDepthMicrometers), "caps.unsupervised"),
            new(caps.Of(role ?? Role.Supervisor), "caps.role"),
        };
        if (caps.ByZone.TryGetValue(zone.Id, out var ofZone))
        {
            candidates.Add(new Cap(ofZone, ofZone.Micrometers == 0 ? "caps.blocked" : "caps.zone"));
        }

        return candidates.MinBy(cap => cap.Depth.Micrometers)!;
    }

    /// <summary>The cap with a supervisor's unlock; a blocked zone stays blocked.</summary>
    public static Cap Unlocked(Zone zone, DepthCaps caps)
    {
        ArgumentNullException.ThrowIfNull(zone);
        ArgumentNullException.ThrowIfNull(caps);
        return Of(zone, caps, Role.Supervisor) is { IsBlocked: true } blocked
            ? blocked
            : new Cap(Depth.FromMicrometers(Math.Min(caps.Supervisor.Micrometers, Limits.AbsoluteDepthMicrometers)), "caps.unlocked");
    }
}
