using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Identity;

/// <summary>Who is at the page that asks.</summary>
/// <param name="Actor">For record and audit trail.</param>
/// <param name="Role">Role; null: the owner, before the first person is set up.</param>
public sealed record SignedInPerson(Actor Actor, Role? Role)
{
    /// <summary>Whoever is at the tablet before the first person is set up.</summary>
    public static readonly SignedInPerson Owner = new(new Actor(null, "Owner"), null);

    /// <summary>What the person may do.</summary>
    public Rights Rights => Role is { } role ? RoleRights.Of(role) : RoleRights.All;

    /// <summary>Whether the person may do all of that.</summary>
    public bool May(Rights rights) => (Rights & rights) == rights;
}

/// <summary>Finds the person of a request.</summary>
public static class SignedInPersonOfRequest
{
    /// <summary>Who asks; null: nobody is signed in.</summary>
    public static SignedInPerson? FindPerson(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return SignedInPerson.Owner;
    }

    /// <summary>Who asks. Only where a right is demanded: then somebody is signed in.</summary>
    public static SignedInPerson Person(this HttpContext context) =>
        context.FindPerson() ?? throw new InvalidOperationException("Nobody is signed in where somebody must be.");
}
