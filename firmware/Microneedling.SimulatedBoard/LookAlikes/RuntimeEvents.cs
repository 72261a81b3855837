namespace nanoFramework.Runtime.Events;

/// <summary>Base of the arguments of native events. Surface as in nanoFramework.Runtime.Events 1.11.37.</summary>
public class BaseEvent
{
    /// <summary>Where it came from.</summary>
    public ushort Source;

    /// <summary>What it says.</summary>
    public byte Message;
}
