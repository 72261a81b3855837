namespace Microneedling.Sessions.Clinic;

/// <summary>What a person may do; <see cref="RoleRights"/> says what follows.</summary>
public enum Role
{
    /// <summary>Treats clients within the site's depth caps.</summary>
    Practitioner = 1,

    /// <summary>Treats, and answers for the others: unlocks, overrides, people, presets, checklist, caps.</summary>
    Supervisor = 2,

    /// <summary>Serves the device: connection, calibration, network. Sees no clients.</summary>
    Engineer = 3,
}

/// <summary>Single things that a role allows.</summary>
[Flags]
public enum Rights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Home, set, arm, and keep sessions.</summary>
    Treat = 1,

    /// <summary>See and change clients, their checks, courses and follow-ups.</summary>
    KeepClients = 2,

    /// <summary>Unlock deeper caps and override a suitability check, with a reason.</summary>
    Supervise = 4,

    /// <summary>Change people, presets, checklist and depth caps.</summary>
    ManageSite = 8,

    /// <summary>Choose and calibrate the device, test it, and change the network.</summary>
    ServeDevice = 16,
}

/// <summary>Which role allows what: one table.</summary>
public static class RoleRights
{
    /// <summary>Everything, for the time before the first person is set up.</summary>
    public const Rights All = Rights.Treat | Rights.KeepClients | Rights.Supervise | Rights.ManageSite | Rights.ServeDevice;

    /// <summary>What a role allows.</summary>
    public static Rights Of(Role role) => role switch
    {
        Role.Practitioner => Rights.Treat | Rights.KeepClients,
        Role.Supervisor => Rights.Treat | Rights.KeepClients | Rights.Supervise | Rights.ManageSite,
        Role.Engineer => Rights.Treat | Rights.ServeDevice,
        _ => Rights.None,
    };
}

/// <summary>Somebody who may sign in.</summary>
/// <param name="Id">Number in this record.</param>
/// <param name="Name">Name as the others know it; unique.</param>
/// <param name="Role">What the person may do.</param>
/// <param name="IsActive">False: may no longer sign in. People are never deleted: the record names them.</param>
/// <param name="WrongPins">Wrong PINs since the last right one.</param>
/// <param name="LockedUntil">No PIN is taken before this moment, UTC; null: none wrong.</param>
public sealed record Person(long Id, string Name, Role Role, bool IsActive, int WrongPins, DateTimeOffset? LockedUntil);

/// <summary>Who did it, as the audit trail names them.</summary>
/// <param name="PersonId">The person, or null while nobody has been set up.</param>
/// <param name="Name">Name at that time.</param>
public sealed record Actor(long? PersonId, string Name);

/// <summary>One line of the audit trail. Names no client: a subject is a kind and a number or key.</summary>
/// <param name="Id">Number, in the order of writing.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Who">Who did it.</param>
/// <param name="Action">What was done, such as <c>client.changed</c>.</param>
/// <param name="Subject">To what, such as <c>client:3kq…</c> or <c>person:4</c>.</param>
/// <param name="Details">What changed, in words or JSON; never a client's name or notes.</param>
public sealed record AuditEntry(long Id, DateTimeOffset At, Actor Who, string Action, string Subject, string Details);
