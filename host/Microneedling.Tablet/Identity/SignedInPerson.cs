using System.Net;
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

    /// <summary>Somebody of the record.</summary>
    public static SignedInPerson Of(Person person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return new SignedInPerson(new Actor(person.Id, person.Name), person.Role);
    }
}

/// <summary>Finds the person of a request.</summary>
public static class SignedInPersonOfRequest
{
    private static readonly object Key = new();

    /// <summary>Who asks; null: nobody is signed in.</summary>
    public static SignedInPerson? FindPerson(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items[Key] as SignedInPerson;
    }

    /// <summary>Who asks. Only where a right is demanded: then somebody is signed in.</summary>
    public static SignedInPerson Person(this HttpContext context) =>
        context.FindPerson() ?? throw new InvalidOperationException("Nobody is signed in where somebody must be.");

    /// <summary>Whether the request comes from the computer that runs this program.</summary>
    public static bool IsAtThisComputer(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
    }

    /// <summary>Says who asks.</summary>
    internal static void SetPerson(this HttpContext context, SignedInPerson? person) => context.Items[Key] = person;
}
