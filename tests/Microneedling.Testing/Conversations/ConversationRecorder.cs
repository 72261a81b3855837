// Writes down a conversation as it is on the line, in a file that people can read and Conversation reads again:
//
//   [layouts]        every message of this version: number, fields in wire order, their sizes
//   [numbers]        every enum and every set of bits of this version
//   [conversation]   one line per frame, STOP byte, deed at the bench, and moment that the host waited for
//     +1234 ms  host   > 7E 20 ... 7E  ; Home 7
//     +1250 ms  device < 7E 40 ... 7E  ; Accepted 9 re 7
//     +1250 ms  bench  : PressTrigger
//     +1900 ms  wait   : Parked, still
//     +1700 ms  device < 7E 50 02 00                ; damaged          (up to the flag that opens the next)
//     +1900 ms  truth  : 0 strokes out of the nosecone, ...
//     +1900 ms  link   : closed
//
// Layouts and numbers are those of the code that runs, so that a later version can be held to them.

using System.Globalization;
using System.Reflection;
using System.Text;
using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Testing.Conversations;

/// <summary>Records one conversation.</summary>
public sealed class ConversationRecorder
{
    private static readonly Type[] Enums =
        [.. typeof(Message).Assembly.GetExportedTypes().Where(static type => type.IsEnum && type != typeof(MessageId) && type != typeof(DecodeResult))];

    private static readonly string[] BitSets = ["Inputs", "StatusFlags", "Capabilities", "SelfTestItems"];

    private static readonly Dictionary<string, Type> EnumOfField = new(StringComparer.Ordinal)
    {
        ["State"] = typeof(DeviceState),
        ["Fault"] = typeof(FaultCode),
        ["Reason"] = typeof(RejectionReason),
        ["Code"] = typeof(EventCode),
    };

    private readonly StringBuilder lines = new();
    private readonly Func<long> nowMicroseconds;
    private readonly long beganMicroseconds;

    /// <summary>Begins.</summary>
    /// <param name="nowMicroseconds">The clock.</param>
    public ConversationRecorder(Func<long> nowMicroseconds)
    {
        ArgumentNullException.ThrowIfNull(nowMicroseconds);
        this.nowMicroseconds = nowMicroseconds;
        beganMicroseconds = nowMicroseconds();
    }

    /// <summary>Sequence number of the last command that a host has sent.</summary>
    public ushort LastHostSequence { get; private set; }

    /// <summary>A transport that passes everything through and writes it down.</summary>
    public ITransport Listen(ITransport transport)
    {
        Note("link", "opened");
        return new Listener(this, transport);
    }

    /// <summary>Writes a line that is no frame.</summary>
    public void Note(string kind, string words) =>
        lines.Append(CultureInfo.InvariantCulture, $"{Time(),-12}{kind,-7}: {words}\n");

    /// <summary>The whole file.</summary>
    /// <param name="introduction">What it is, in a few lines.</param>
    public string Text(string introduction)
    {
        StringBuilder text = new();
        text.Append(introduction).Append("\n\n[layouts]\n");
        foreach (MessageId id in Enum.GetValues<MessageId>().Where(static id => id != MessageId.None))
        {
            string fields = string.Join(", ", FieldsOf(Make(id)).Select(static field => $"{field.Name} {SizeOf(field)}"));
            text.Append($"{id} {(byte)id:X2}: {fields}".TrimEnd()).Append('\n');
        }

        text.Append("\n[numbers]\n");
        foreach (Type type in Enums)
        {
            text.Append(CultureInfo.InvariantCulture, $"{type.Name}: {string.Join(", ", Enum.GetValues(type).Cast<object>().Select(static one => $"{one} {Convert.ToInt64(one, CultureInfo.InvariantCulture)}"))}\n");
        }

        foreach (Type type in BitSets.Select(static name => typeof(Message).Assembly.GetType($"Microneedling.Protocol.{name}")).OfType<Type>())
        {
            text.Append(CultureInfo.InvariantCulture, $"{type.Name}: {string.Join(", ", type.GetFields().Select(static field => $"{field.Name} {field.GetRawConstantValue()}"))}\n");
        }

        return text.Append("\n[conversation]\n").Append(lines).ToString();
    }

    private static Message Make(MessageId id) => typeof(Message).Assembly.GetExportedTypes()
        .Where(static type => type.IsSubclassOf(typeof(Message)) && type.GetConstructor([]) is not null)
        .Select(static type => (Message)Activator.CreateInstance(type)!)
        .FirstOrDefault(message => message.Id == id) ?? new EmptyMessage(id);

    private static IEnumerable<FieldInfo> FieldsOf(Message message) =>
        message.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance).OrderBy(static field => field.MetadataToken);

    private static string SizeOf(FieldInfo field) => Type.GetTypeCode(field.FieldType) switch
    {
        TypeCode.Byte => "u8",
        TypeCode.UInt16 => "u16",
        TypeCode.Int16 => "i16",
        TypeCode.UInt32 => "u32",
        TypeCode.Int32 => "i32",
        _ => throw new NotSupportedException($"A field of type {field.FieldType.Name}."),
    };

    // Fields that are 0 are left out.
    private static string Describe(FrameDecoder decoder)
    {
        string header = string.Create(CultureInfo.InvariantCulture, $"{decoder.Id} {decoder.Sequence}")
            + (decoder.ReplyTo == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" re {decoder.ReplyTo}"));
        if (!Enum.IsDefined(decoder.Id))
        {
            return string.Create(CultureInfo.InvariantCulture, $"0x{(byte)decoder.Id:X2} {decoder.Sequence}: unknown to this version");
        }

        Message message = Make(decoder.Id);
        if (!decoder.TryRead(message))
        {
            return $"{header}: too short";
        }

        string[] fields = [.. FieldsOf(message)
            .Select(field => (field.Name, Value: Convert.ToInt64(field.GetValue(message), CultureInfo.InvariantCulture)))
            .Where(static field => field.Value != 0)
            .Select(static field => $"{field.Name}={field.Value.ToString(CultureInfo.InvariantCulture)}{NameOf(field.Name, field.Value)}")];
        return fields.Length == 0 ? header : $"{header}: {string.Join(", ", fields)}";
    }

    private static string NameOf(string field, long value) =>
        EnumOfField.TryGetValue(field, out Type? type) && Enum.GetName(type, Convert.ChangeType(value, Enum.GetUnderlyingType(type), CultureInfo.InvariantCulture)) is { } name
            ? $" {name}"
            : "";

    private string Time() => string.Create(CultureInfo.InvariantCulture, $"+{(nowMicroseconds() - beganMicroseconds) / 1000} ms");

    private void WriteLine(string arrow, IEnumerable<byte> bytes, string words) =>
        lines.Append(CultureInfo.InvariantCulture, $"{Time(),-12}{arrow} {string.Join(' ', bytes.Select(static one => one.ToString("X2", CultureInfo.InvariantCulture)))}  ; {words}\n");

    // Cuts one direction of the line into frames and STOP bytes.
    private sealed class Direction(ConversationRecorder recorder, string arrow, bool isHost)
    {
        private readonly FrameDecoder decoder = new();
        private readonly List<byte> open = [];

        public void Take(ReadOnlySpan<byte> bytes)
        {
            foreach (byte value in bytes)
            {
                DecodeResult result = decoder.Push(value);
                if (result == DecodeResult.Stop)
                {
                    recorder.WriteLine(arrow, [value], "STOP");
                    continue;
                }

                bool isTail = value == Framing.Flag && open.Count > 0 && open[0] != Framing.Flag;
                if (result == DecodeResult.Damaged || isTail)
                {
                    recorder.WriteLine(arrow, open, Conversation.Damaged);
                    open.Clear();
                }

                open.Add(value);
                if (result == DecodeResult.Frame)
                {
                    recorder.LastHostSequence = isHost && decoder.Sequence != 0 ? decoder.Sequence : recorder.LastHostSequence;
                    recorder.WriteLine(arrow, open, Describe(decoder));
                    open.Clear();
                }
            }
        }
    }

    private sealed class Listener(ConversationRecorder recorder, ITransport inner) : ITransport
    {
        private readonly Direction host = new(recorder, "host   >", isHost: true);
        private readonly Direction device = new(recorder, "device <", isHost: false);

        public string Name => inner.Name;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            int count = await inner.ReadAsync(buffer, cancellationToken);
            device.Take(buffer.Span[..count]);
            return count;
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            host.Take(bytes.Span);
            return inner.WriteAsync(bytes, cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            recorder.Note("link", "closed");
            return inner.DisposeAsync();
        }
    }
}
