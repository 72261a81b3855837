using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Identity;

/// <summary>Who is signed in.</summary>
/// <param name="Name">Name.</param>
/// <param name="Role">Role, or null: the owner.</param>
public sealed record WhoView(string Name, Role? Role);

/// <summary>
/// GET /api/who: pages ask it when their live stream has ended, to see whether the sign-in has, and when somebody touches
/// them, so that it does not.
/// </summary>
public static class WhoEndpoint
{
    /// <summary>Maps it.</summary>
    public static void MapWho(this IEndpointRouteBuilder routes) => routes.MapGet("/api/who", (HttpContext context) =>
    {
        var person = context.Person();
        return TypedResults.Ok(new WhoView(person.Actor.Name, person.Role));
    });
}
