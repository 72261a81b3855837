using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Identity;

/// <summary>
/// What a page demands of the person who opens it or posts to it. Without it, somebody signed in is enough; pages that
/// need nobody signed in say so with <c>[AllowAnonymous]</c>.
/// </summary>
/// <param name="rights">All of these.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(Rights rights) : Attribute
{
    /// <summary>All of these.</summary>
    public Rights Rights { get; } = rights;

    /// <summary>Or all of these; <see cref="Rights.None"/>: nothing will do instead.</summary>
    public Rights Or { get; init; }

    /// <summary>Or somebody signed in who sits at the computer that runs this program.</summary>
    public bool OrAtThisComputer { get; init; }

    /// <summary>Whether a person has what is demanded.</summary>
    public bool AreMetBy(SignedInPerson person, bool isAtThisComputer)
    {
        ArgumentNullException.ThrowIfNull(person);
        return person.May(Rights) || (Or != Rights.None && person.May(Or)) || (OrAtThisComputer && isAtThisComputer);
    }
}

/// <summary>What an endpoint demands of the person who asks.</summary>
public static class NeedsOfEndpoint
{
    /// <summary>Demands rights. Without it, somebody signed in is enough.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder builder, Rights rights)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new NeedsAttribute(rights));
}
