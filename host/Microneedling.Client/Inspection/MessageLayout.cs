using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microneedling.Protocol;

namespace Microneedling.Client.Inspection;

/// <summary>One field of a payload.</summary>
/// <param name="Field">The message's field.</param>
/// <param name="WireType">Its type on the line, such as <c>uint16</c>; all are little-endian.</param>
/// <param name="Offset">First byte, counted from the beginning of the payload.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsAppended">Whether a minor version after 1.0 has appended it: a peer of an older version does not send it.</param>
internal sealed partial record FieldLayout(FieldInfo Field, string WireType, int Offset, int Size, bool IsAppended)
{
    private static readonly (string Ending, string Unit)[] Units =
        [("Micrometers", "µm"), ("Millihertz", "mHz"), ("Milliseconds", "ms"), ("Seconds", "s")];

    private static readonly Dictionary<string, Type> Meanings = new()
    {
        [nameof(StatusReport.State)] = typeof(DeviceState),
        [nameof(StatusReport.Fault)] = typeof(FaultCode),
        [nameof(StatusReport.Inputs)] = typeof(Inputs),
        [nameof(StatusReport.Flags)] = typeof(StatusFlags),
        [nameof(StatusReport.Alarm)] = typeof(AlarmPriority),
        [nameof(Rejected.Reason)] = typeof(RejectionReason),
        [nameof(EventReport.Code)] = typeof(EventCode),
        [nameof(SettleCommand.CommandId)] = typeof(MessageId),
        [nameof(HelloReply.Capabilities)] = typeof(Capabilities),
        [nameof(SelfTestReport.Failed)] = typeof(SelfTestItems),
        [nameof(SelfTestReport.Tested)] = typeof(SelfTestItems),
    };

    /// <summary>The field's name.</summary>
    public string Name => Field.Name;

    /// <summary>The unit that the name ends with, as it is printed; empty when it is a plain number.</summary>
    public string Unit => Array.Find(Units, unit => IsUnitOf(unit.Ending)).Unit ?? "";

    /// <summary>The name in small words, without its unit, unless it is nothing else.</summary>
    public string Words
    {
        get
        {
            string ending = Array.Find(Units, unit => IsUnitOf(unit.Ending)).Ending ?? "";
            string named = Name.Length == ending.Length ? Name : Name[..^ending.Length];
            return Capital().Replace(named, " $0").Trim().ToLowerInvariant();
        }
    }

    /// <summary>The enumeration that the number belongs to, or the class whose constants name its bits; null when it is just a number.</summary>
    public Type? Meaning => Meanings.GetValueOrDefault(Name);

    private bool IsUnitOf(string ending) => Name.EndsWith(ending, StringComparison.Ordinal);

    [GeneratedRegex("[A-Z]|[0-9]+")]
    private static partial Regex Capital();
}

/// <summary>
/// What a message looks like on the line, found out from the message itself: each field is set in turn, and the bytes
/// that change are its own. Nothing is written down a second time.
/// </summary>
internal sealed class MessageLayout
{
    private static readonly Dictionary<MessageId, MessageLayout> ById = FindAll();

    private readonly Type type;

    private MessageLayout(MessageId id, Type type)
    {
        Id = id;
        this.type = type;
        Message blank = Make();
        MinimumLength = blank.MinimumLength;
        Length = PayloadOf(blank).Length;
        Fields = [.. type.GetFields(BindingFlags.Public | BindingFlags.Instance).Select(Probe).OrderBy(field => field.Offset)];
    }

    /// <summary>Every message, by number.</summary>
    public static IReadOnlyList<MessageLayout> All { get; } = [.. ById.Values.OrderBy(layout => layout.Id)];

    /// <summary>The message's number.</summary>
    public MessageId Id { get; }

    /// <summary>Its fields in the order of the line; none for a message without payload.</summary>
    public IReadOnlyList<FieldLayout> Fields { get; }

    /// <summary>Payload bytes of this version.</summary>
    public int Length { get; }

    /// <summary>Payload bytes of version 1.0 of the message; fewer are malformed.</summary>
    public int MinimumLength { get; }

    /// <summary>Whether the device says it; otherwise the host.</summary>
    public bool IsFromDevice => MessageDirection.IsFromDevice(Id);

    /// <summary>The layout of a number; null when this version does not know it.</summary>
    public static MessageLayout? Of(MessageId id) => ById.GetValueOrDefault(id);

    /// <summary>The payload that a message is sent with.</summary>
    public static byte[] PayloadOf(Message message)
    {
        byte[] bytes = new byte[Framing.MaximumPayloadLength];
        PayloadCursor cursor = new();
        cursor.StartWriting(bytes, 0);
        message.Transfer(cursor);
        return bytes[..cursor.Position];
    }

    /// <summary>A blank message.</summary>
    public Message Make() => type == typeof(EmptyMessage) ? new EmptyMessage(Id) : (Message)Activator.CreateInstance(type)!;

    private static Dictionary<MessageId, MessageLayout> FindAll()
    {
        Dictionary<MessageId, MessageLayout> layouts = typeof(Message).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Message)) && !type.IsAbstract && type != typeof(EmptyMessage))
            .Select(type => new MessageLayout(((Message)Activator.CreateInstance(type)!).Id, type))
            .ToDictionary(layout => layout.Id);
        foreach (MessageId id in Enum.GetValues<MessageId>().Where(id => id != MessageId.None))
        {
            layouts.TryAdd(id, new MessageLayout(id, typeof(EmptyMessage)));
        }

        return layouts;
    }

    private static object AllBits(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => byte.MaxValue,
        TypeCode.UInt16 => ushort.MaxValue,
        TypeCode.Int16 => (short)-1,
        TypeCode.UInt32 => uint.MaxValue,
        TypeCode.Int32 => -1,
        _ => throw new NotSupportedException($"A message field of type {type.Name} needs a case here."),
    };

    private FieldLayout Probe(FieldInfo field)
    {
        Message message = Make();
        byte[] before = PayloadOf(message);
        field.SetValue(message, AllBits(field.FieldType));
        byte[] after = PayloadOf(message);
        int[] changed = [.. Enumerable.Range(0, Length).Where(at => before[at] != after[at])];
        int size = Marshal.SizeOf(field.FieldType);
        if (changed.Length != size || changed[^1] - changed[0] != size - 1)
        {
            throw new InvalidOperationException($"{type.Name}.{field.Name} has {size} bytes but takes {changed.Length} on the line.");
        }

        string sign = field.FieldType == typeof(short) || field.FieldType == typeof(int) ? "int" : "uint";
        return new FieldLayout(field, $"{sign}{8 * size}", changed[0], size, changed[0] >= MinimumLength);
    }
}
