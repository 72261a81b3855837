namespace Microneedling.Client;

/// <summary>A moment on the host's clock that was told in the device's time.</summary>
/// <param name="At">Host time.</param>
/// <param name="Error">The moment is within this of <paramref name="At"/>.</param>
public readonly record struct HostMoment(DateTimeOffset At, TimeSpan Error);
