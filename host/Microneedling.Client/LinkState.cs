namespace Microneedling.Client;

/// <summary>What is true of the link to a device; told within 300 ms of becoming so.</summary>
public enum LinkState
{
    /// <summary>A way to the device is being looked for, or its state and events are being read. Nothing that was known before counts.</summary>
    Connecting,

    /// <summary>The device is heard, and what is shown of it is up to date.</summary>
    Online,

    /// <summary>The device has not been heard for 250 ms, or frames arrive damaged: what is shown of it may be old.</summary>
    Degraded,

    /// <summary>There is no link. A device that was moving stops by itself within half a second.</summary>
    Lost,
}

/// <summary>What is true of the link to a device, with words for a person.</summary>
/// <param name="State">The state.</param>
/// <param name="Words">What it means and, where something can be done, what to do.</param>
/// <param name="Since">Host time since when.</param>
public sealed record LinkReport(LinkState State, string Words, DateTimeOffset Since);
