// What can be said of the cartridge before a session begins. The device tells a used cartridge only once it knows the new
// session, so its log is asked too; what neither tells is not claimed.

using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Tablet.Pages;

/// <summary>How it stands with the cartridge in the handpiece.</summary>
public enum CartridgeState
{
    /// <summary>The device is not connected.</summary>
    NotKnown = 0,

    /// <summary>None is seated.</summary>
    Missing = 1,

    /// <summary>The one that is seated was used before.</summary>
    UsedBefore = 2,

    /// <summary>One was seated anew since the last stroke.</summary>
    Fresh = 3,

    /// <summary>One is seated; whether it was used is not known.</summary>
    Seated = 4,
}

/// <summary>Reads the cartridge's state.</summary>
public static class CartridgeReading
{
    /// <summary>Off the handpiece for less, it is the same cartridge: as the device takes it.</summary>
    private static readonly TimeSpan Exchange = TimeSpan.FromMilliseconds(500);

    /// <summary>From the device's latest status and its log, newest first.</summary>
    public static CartridgeState Of(DeviceStatus? status, IReadOnlyList<DeviceLogEntry> log)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (status is null)
        {
            return CartridgeState.NotKnown;
        }

        if (!status.Has(Inputs.CartridgeSeated))
        {
            return CartridgeState.Missing;
        }

        return status.Is(StatusFlags.CartridgeUsedBefore) ? CartridgeState.UsedBefore : Of(log);
    }

    private static CartridgeState Of(IReadOnlyList<DeviceLogEntry> log)
    {
        TimeSpan? seatedAt = null;
        foreach (var entry in log)
        {
            switch (entry)
            {
                case DeviceEvent { Code: EventCode.CartridgeUsed }:
                    return CartridgeState.UsedBefore;
                case DeviceEvent { Code: EventCode.CartridgeChanged, Argument1: 0 } removed when seatedAt - removed.DeviceTime >= Exchange:
                    return CartridgeState.Fresh;
                case DeviceEvent { Code: EventCode.CartridgeChanged } changed:
                    seatedAt = changed.Argument1 == 1 ? changed.DeviceTime : null;
                    break;
                case MissingEvents or DeviceRestarted:
                    return CartridgeState.Seated;
            }
        }

        return CartridgeState.Seated;
    }
}
