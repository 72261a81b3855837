using Microneedling.Protocol;

namespace Microneedling.Client;

/// <summary>Something a device, or the way to it, did not do. The message says what to do next.</summary>
public abstract class DeviceException : Exception
{
    private protected DeviceException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>The link failed: the device did not answer, or the transport closed. Whether a command took effect is unknown unless the message says so.</summary>
public sealed class LinkException(string message, bool isTransient, Exception? inner = null) : DeviceException(message, inner)
{
    /// <summary>True when trying again may help.</summary>
    public bool IsTransient { get; } = isTransient;

    /// <summary>True when the command is known not to have been done, and never to be; false: not known, if it was a command.</summary>
    public bool IsKnownUndone { get; init; }
}

/// <summary>The device refused a command; nothing changed.</summary>
public sealed class RejectedException(RejectionReason reason, int detail) : DeviceException(DeviceWords.Of(reason, detail))
{
    /// <summary>Why.</summary>
    public RejectionReason Reason { get; } = reason;

    /// <summary>A limit, state or fault, as the reason says.</summary>
    public int Detail { get; } = detail;
}

/// <summary>The device latched a fault while something was awaited of it.</summary>
public sealed class FaultedException(FaultCode fault) : DeviceException(DeviceWords.Of(fault))
{
    /// <summary>The latched fault.</summary>
    public FaultCode Fault { get; } = fault;
}

/// <summary>A stop overtook the command. The message says whether the command had been sent; the stop came after it in any case.</summary>
public sealed class StoppedException(string message) : DeviceException(message);
