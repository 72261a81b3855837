using System.Buffers.Binary;
using System.Reflection;

namespace Microneedling.Protocol.Tests;

/// <summary>Every message of the protocol, found by reflection, with field values at will.</summary>
internal static class AllMessages
{
    /// <summary>The message classes that carry a payload.</summary>
    public static IReadOnlyList<Type> PayloadTypes { get; } =
    [
        .. typeof(Message).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Message)) && !type.IsAbstract && type != typeof(EmptyMessage))
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    /// <summary>The numbers that no payload class claims: those of <see cref="EmptyMessage"/>.</summary>
    public static IReadOnlyList<MessageId> EmptyIds { get; } =
        [.. Enum.GetValues<MessageId>().Where(id => id != MessageId.None && PayloadTypes.All(type => Make(type).Id != id))];

    /// <summary>One blank instance of every message.</summary>
    public static IEnumerable<Message> Blank() =>
        PayloadTypes.Select(Make).Concat(EmptyIds.Select(id => new EmptyMessage(id)));

    /// <summary>A blank instance of the same message.</summary>
    public static Message BlankLike(Message message) =>
        message is EmptyMessage ? new EmptyMessage(message.Id) : Make(message.GetType());

    public static Message Make(Type type) => (Message)Activator.CreateInstance(type)!;

    /// <summary>The public fields in the order in which the source declares them.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Message message) =>
        message.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance).OrderBy(field => field.MetadataToken);

    /// <summary>Random values, a third of the bytes reserved ones and many of them extreme.</summary>
    public static void Fill(Message message, Random random)
    {
        foreach (FieldInfo field in FieldsOf(message))
        {
            field.SetValue(message, FromBits(field.FieldType, RandomBits(random)));
        }
    }

    /// <summary>The fields written out one after the other, little-endian, by another hand than the cursor's.</summary>
    public static byte[] ExpectedPayload(Message message) => [.. FieldsOf(message).SelectMany(field => Bytes(field.GetValue(message)!))];

    /// <summary>Type and field values, to compare and to read.</summary>
    public static string Describe(Message message) =>
        $"{message.Id}({string.Join(", ", FieldsOf(message).Select(field => $"{field.Name} = {field.GetValue(message)}"))})";

    private static uint RandomBits(Random random)
    {
        byte[] reserved = [Framing.Flag, Framing.Escape, Framing.Stop, Framing.XOn, Framing.XOff, 0x00, 0xFF];
        uint bits = 0;
        for (int i = 0; i < 4; i++)
        {
            byte value = random.Next(3) == 0 ? reserved[random.Next(reserved.Length)] : (byte)random.Next(256);
            bits = (bits << 8) | value;
        }

        return bits;
    }

    private static object FromBits(Type type, uint bits) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => (byte)bits,
        TypeCode.UInt16 => (ushort)bits,
        TypeCode.Int16 => (short)bits,
        TypeCode.UInt32 => bits,
        TypeCode.Int32 => (int)bits,
        _ => throw new NotSupportedException($"A message field of type {type.Name} needs a case here."),
    };

    private static byte[] Bytes(object value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, unchecked((int)Convert.ToInt64(value, null)));
        return bytes[..System.Runtime.InteropServices.Marshal.SizeOf(value)];
    }
}
