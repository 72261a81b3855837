// Reads a recorded conversation (ConversationRecorder says how one looks), and reads frames by the layouts that stand in it:
// what an old version understood, without asking today's code.

using System.Globalization;

namespace Microneedling.Testing.Conversations;

/// <summary>A field of an old layout.</summary>
/// <param name="Name">Its name then.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsSigned">Whether it can be negative.</param>
public sealed record OldField(string Name, int Size, bool IsSigned);

/// <summary>A message of an old version: its name, its number and its payload.</summary>
public sealed record OldLayout(string Name, byte Id, IReadOnlyList<OldField> Fields)
{
    /// <summary>Bytes of the payload.</summary>
    public int Length => Fields.Sum(static one => one.Size);
}

/// <summary>A frame, as an old version reads it.</summary>
/// <param name="Layout">Its message; null: that version does not know it.</param>
/// <param name="Id">Its number.</param>
/// <param name="Sequence">The sender's number.</param>
/// <param name="ReplyTo">The command that it answers, or 0.</param>
/// <param name="Payload">All payload bytes, also those that the old version does not know.</param>
public sealed record OldFrame(OldLayout? Layout, byte Id, ushort Sequence, ushort ReplyTo, byte[] Payload)
{
    /// <summary>The message's name then.</summary>
    public string Name => Layout?.Name ?? $"0x{Id:X2}";

    /// <summary>The value of a field.</summary>
    public long this[string field]
    {
        get
        {
            int at = 0;
            foreach (OldField one in Layout!.Fields)
            {
                if (one.Name == field)
                {
                    return Value(at, one);
                }

                at += one.Size;
            }

            throw new KeyNotFoundException($"{Name} has no {field}.");
        }
    }

    /// <summary>The same frame with another value in a field.</summary>
    public OldFrame With(string field, long value)
    {
        byte[] payload = [.. Payload];
        int at = Layout!.Fields.TakeWhile(one => one.Name != field).Sum(static one => one.Size);
        for (int i = 0; i < Layout.Fields.Single(one => one.Name == field).Size; i++)
        {
            payload[at + i] = (byte)(value >> (8 * i));
        }

        return this with { Payload = payload };
    }

    private long Value(int at, OldField field)
    {
        long bits = 0;
        for (int i = 0; i < field.Size; i++)
        {
            bits |= (long)Payload[at + i] << (8 * i);
        }

        int shift = 64 - (8 * field.Size);
        return field.IsSigned ? bits << shift >> shift : bits;
    }
}

/// <summary>Who or what a line of a recording is about.</summary>
public enum LineKind
{
    /// <summary>Bytes from the host.</summary>
    Host,

    /// <summary>Bytes from the device.</summary>
    Device,

    /// <summary>What a person did.</summary>
    Bench,

    /// <summary>What the host waited for.</summary>
    Wait,

    /// <summary>What the needles did.</summary>
    Truth,

    /// <summary>The host's end of the line, opened or closed.</summary>
    Link,
}

/// <summary>One line of the conversation.</summary>
/// <param name="AtMilliseconds">Since the beginning.</param>
/// <param name="Kind">Who or what.</param>
/// <param name="Bytes">What was on the line; empty where nothing was.</param>
/// <param name="Words">The words behind; for bytes, what the old version read in them.</param>
public sealed record ConversationLine(long AtMilliseconds, LineKind Kind, byte[] Bytes, string Words);

/// <summary>A recording.</summary>
public sealed class Conversation
{
    /// <summary>The words behind bytes that were no whole frame.</summary>
    public const string Damaged = "damaged";

    private const byte Flag = 0x7E;
    private const byte Escape = 0x7D;
    private const string Ending = "-treatment.txt";
    private const int HeaderLength = 5;
    private const int CrcLength = 4;

    private Conversation(IReadOnlyList<OldLayout> layouts, IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> numbers, IReadOnlyList<ConversationLine> lines)
    {
        Layouts = layouts;
        Numbers = numbers;
        Lines = lines;
    }

    /// <summary>Every message of that version.</summary>
    public IReadOnlyList<OldLayout> Layouts { get; }

    /// <summary>Every enum and set of bits of that version: the names of its numbers.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Numbers { get; }

    /// <summary>The conversation.</summary>
    public IReadOnlyList<ConversationLine> Lines { get; }

    /// <summary>The versions that are recorded, beside the test's assembly.</summary>
    public static IReadOnlyList<string> Versions { get; } =
    [
        .. Directory.GetFiles(Folder)
            .Select(static path => Path.GetFileName(path).Replace(Ending, "", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "conversations");

    /// <summary>Reads the recording of a version, such as "1.0", from beside the test's assembly.</summary>
    public static Conversation Load(string version) =>
        Parse(File.ReadAllText(Path.Combine(Folder, version + Ending)));

    /// <summary>Reads a recording's text.</summary>
    public static Conversation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string section = "";
        List<OldLayout> layouts = [];
        Dictionary<string, IReadOnlyDictionary<string, long>> numbers = new(StringComparer.Ordinal);
        List<ConversationLine> lines = [];
        foreach (string line in text.Split('\n').Where(static line => line.Length > 0))
        {
            if (line.StartsWith('['))
            {
                section = line;
            }
            else if (section == "[layouts]")
            {
                layouts.Add(ParseLayout(line));
            }
            else if (section == "[numbers]")
            {
                (string name, string values) = Halves(line, ": ");
                numbers[name] = values.Split(", ").Select(static one => one.Split(' ')).ToDictionary(static one => one[0], static one => Number(one[1]));
            }
            else if (section == "[conversation]")
            {
                lines.Add(ParseLine(line));
            }
        }

        return new Conversation(layouts, numbers, lines);
    }

    /// <summary>The whole frames.</summary>
    public IEnumerable<ConversationLine> Frames => Lines.Where(static line => line.Bytes.Length > 1 && line.Words != Damaged);

    /// <summary>Reads a whole frame as that version does.</summary>
    /// <param name="bytes">From flag to flag; a flag that closed a damaged frame before may stand in front.</param>
    public OldFrame Read(IReadOnlyList<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        List<byte> body = [];
        int begin = bytes.TakeWhile(static one => one == Flag).Count();
        for (int i = begin; i < bytes.Count - 1; i++)
        {
            body.Add(bytes[i] == Escape ? (byte)(bytes[++i] ^ 0x20) : bytes[i]);
        }

        if (begin == 0 || bytes[^1] != Flag || body.Count < HeaderLength + CrcLength)
        {
            throw new FormatException("Not a frame.");
        }

        return new OldFrame(
            Layouts.FirstOrDefault(layout => layout.Id == body[0]),
            body[0],
            (ushort)(body[1] | (body[2] << 8)),
            (ushort)(body[3] | (body[4] << 8)),
            [.. body[HeaderLength..^CrcLength]]);
    }

    private static OldLayout ParseLayout(string line)
    {
        (string head, string fields) = Halves(line, ":");
        (string name, string id) = Halves(head, " ");
        return new OldLayout(
            name,
            byte.Parse(id, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            [.. fields.Split(", ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ParseField)]);
    }

    private static OldField ParseField(string words)
    {
        (string name, string size) = Halves(words, " ");
        return new OldField(name, (int)Number(size[1..]) / 8, size[0] == 'i');
    }

    private static ConversationLine ParseLine(string line)
    {
        string[] parts = line.Split(' ', 5, StringSplitOptions.RemoveEmptyEntries);
        LineKind kind = Enum.Parse<LineKind>(parts[2], ignoreCase: true);
        if (kind is not (LineKind.Host or LineKind.Device))
        {
            return new ConversationLine(Number(parts[0]), kind, [], parts[4]);
        }

        (string bytes, string words) = Halves(parts[4], "  ; ");
        return new ConversationLine(Number(parts[0]), kind, Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)), words);
    }

    private static (string Before, string After) Halves(string text, string at)
    {
        int index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? throw new FormatException($"No '{at}' in '{text}'.") : (text[..index], text[(index + at.Length)..]);
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
