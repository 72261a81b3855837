using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Identity;

/// <summary>What a page demands of the person who opens it or posts to it. Without it, somebody signed in is enough.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(Rights rights) : Attribute
{
    /// <summary>All of these.</summary>
    public Rights Rights { get; } = rights;
}

/// <summary>What an endpoint demands of the person who asks.</summary>
public static class NeedsOfEndpoint
{
    /// <summary>Demands rights. Without it, somebody signed in is enough.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder builder, Rights rights)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new NeedsAttribute(rights));
}
