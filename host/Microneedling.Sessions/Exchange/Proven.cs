namespace Microneedling.Sessions.Exchange;

/// <summary>A row and the hash that its link says.</summary>
internal sealed class Proven<TRow>
    where TRow : class, new()
{
    public TRow Row { get; init; } = new();

    public byte[] ContentHash { get; set; } = [];
}
