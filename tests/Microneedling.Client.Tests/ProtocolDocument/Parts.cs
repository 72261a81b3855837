using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Microneedling.Client.Inspection;
using Microneedling.Protocol;
using Microneedling.Testing;

namespace Microneedling.Client.Tests.ProtocolDocument;

/// <summary>The parts of PROTOCOL.md that are made from the definitions, their doc comments and the golden vectors.</summary>
internal static class Parts
{
    private static readonly JsonObject[] Vectors = Read("messages.json");

    /// <summary>The constants of framing.</summary>
    public static string Framing() => Table("| name | value | meaning |", Constants(typeof(Framing)).Select(constant =>
        $"| {constant.Name} | {(constant.FieldType == typeof(byte) ? Hex(Number(constant), 2) : Number(constant))} | {DocComments.Of(constant)} |"));

    /// <summary>Check values of the CRC.</summary>
    public static string CheckValues() => Table("| bytes | CRC-32 |", Read("crc.json")
        .Where(vector => ((string)vector["bytes"]!).Length <= 18)
        .Select(vector => $"| {vector["name"]}{((string)vector["bytes"]! is { Length: > 0 } bytes ? $": `{bytes}`" : "")} | `{vector["crc"]}` |"));

    /// <summary>All messages at a glance.</summary>
    public static string Overview() => Table("| number | message | from | payload bytes | since | meaning |", MessageLayout.All.Select(layout =>
    {
        string words = DocComments.Of(typeof(MessageId).GetField(layout.Id.ToString())!);
        string bytes = layout.Length == layout.MinimumLength ? $"{layout.Length}" : $"{layout.Length} ({layout.MinimumLength} in 1.0)";
        return $"| 0x{(byte)layout.Id:X2} | [{layout.Id}](#{Anchor(layout)}) | {From(layout)} | {bytes} | 1.{DocComments.SinceMinor(words)} | {WithoutDirection(DocComments.Meaning(words))} |";
    }));

    /// <summary>Every message with its payload and an example.</summary>
    public static string Layouts()
    {
        StringBuilder text = new();
        foreach (MessageLayout layout in MessageLayout.All)
        {
            JsonObject example = Vectors.Single(vector => (string)vector["name"]! == $"{layout.Id}: typical");
            string words = layout.Fields.Count > 0
                ? DocComments.Of(layout.Make().GetType())
                : DocComments.Of(typeof(MessageId).GetField(layout.Id.ToString())!);
            text.Append(CultureInfo.InvariantCulture, $"### 0x{(byte)layout.Id:X2} {layout.Id}\n{Capitalised(From(layout))} to {(layout.IsFromDevice ? "host" : "device")}. ");
            text.Append(CultureInfo.InvariantCulture, $"{WithoutDirection(DocComments.Meaning(words))}\n\n");
            text.Append(layout.Fields.Count == 0 ? "" : FieldTable(layout, example) + "\n");
            text.Append(CultureInfo.InvariantCulture, $"Example, number {example["sequence"]}{((int)example["replyTo"]! == 0 ? "" : $", answers {example["replyTo"]}")}:\n");
            text.Append(CultureInfo.InvariantCulture, $"```text\n{Spaced(layout, (string)example["frame"]!)}\n```\n\n");
        }

        return text.ToString();
    }

    /// <summary>Enumerations and bit sets.</summary>
    public static string Numbers()
    {
        StringBuilder text = new();
        foreach (Type type in new[] { typeof(DeviceState), typeof(RejectionReason), typeof(FaultCode), typeof(AlarmPriority), typeof(EventCode), typeof(StopSource) })
        {
            bool isFault = type == typeof(FaultCode);
            text.Append(CultureInfo.InvariantCulture, $"### {type.Name}\n{DocComments.Of(type)}\n\n");
            text.Append(Table(isFault ? "| number | name | priority | meaning |" : "| number | name | meaning |", Constants(type).Select(constant =>
            {
                string priority = isFault ? $" {Alarms.PriorityOf((FaultCode)constant.GetRawConstantValue()!)} |" : "";
                return $"| {Number(constant)} | {constant.Name} |{priority} {DocComments.Of(constant)} |";
            })));
            text.Append('\n');
        }

        foreach (Type type in new[] { typeof(Inputs), typeof(StatusFlags), typeof(Capabilities), typeof(SelfTestItems) })
        {
            text.Append(CultureInfo.InvariantCulture, $"### {type.Name}\n{DocComments.Of(type)}\n\n");
            int digits = 2 * System.Runtime.InteropServices.Marshal.SizeOf(Constants(type)[0].FieldType);
            text.Append(Table("| bit | name | meaning |", Constants(type).Select(constant => $"| {Hex(Number(constant), digits)} | {constant.Name} | {DocComments.Of(constant)} |")));
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The table of limits.</summary>
    public static string LimitTable() => Table("| limit | value | meaning |", Constants(typeof(Limits)).Select(limit =>
        $"| {limit.Name} | {Number(limit)} | {DocComments.Of(limit)} |"));

    private static string FieldTable(MessageLayout layout, JsonObject example)
    {
        string payload = (string)example["payload"]!;
        return Table("| offset | type | field | unit | meaning | example | bytes |", layout.Fields.Select(field =>
        {
            string words = DocComments.Of(field.Field);
            string value = example["fields"]![field.Name]!.ToString();
            string bytes = payload.Substring(2 * field.Offset, 2 * field.Size);
            return $"| {field.Offset} | {field.WireType} | {field.Name} | {field.Unit} | {words} | {value} | `{bytes}` |";
        }));
    }

    // Flag, number of the message, sequence, reply-to, field by field, CRC, flag; stuffed bytes stay with their field.
    private static string Spaced(MessageLayout layout, string frame)
    {
        HashSet<int> starts = [0, 1, 3, 5, .. layout.Fields.Select(field => 5 + field.Offset), 5 + layout.Length, 5 + layout.Length + 4];
        byte[] bytes = Convert.FromHexString(frame);
        StringBuilder text = new($"{bytes[0]:X2}");
        int at = 0;
        for (int i = 1; i < bytes.Length; i++)
        {
            bool isSecondOfTwo = i > 1 && bytes[i - 1] == Protocol.Framing.Escape;
            text.Append(!isSecondOfTwo && starts.Contains(at) ? " " : "").Append(CultureInfo.InvariantCulture, $"{bytes[i]:X2}");
            at += bytes[i] == Protocol.Framing.Escape ? 0 : 1;
        }

        return text.ToString();
    }

    private static string Table(string head, IEnumerable<string> rows) =>
        $"{head}\n|{string.Concat(Enumerable.Repeat(" --- |", head.Count(sign => sign == '|') - 1))}\n{string.Concat(rows.Select(row => row + "\n"))}";

    private static FieldInfo[] Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static);

    private static string Number(FieldInfo constant) => Convert.ToInt64(constant.GetRawConstantValue(), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    private static string Hex(string number, int digits) => "0x" + long.Parse(number, CultureInfo.InvariantCulture).ToString($"X{digits}", CultureInfo.InvariantCulture);

    private static string From(MessageLayout layout) => layout.IsFromDevice ? "device" : "host";

    private static string Anchor(MessageLayout layout) => $"0x{(byte)layout.Id:x2}-{layout.Id.ToString().ToLowerInvariant()}";

    private static string Capitalised(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string WithoutDirection(string words)
    {
        string[] directions = ["Host to device: ", "Device to host: ", "Host to device. ", "Device to host. ", "Host to device, "];
        string? direction = Array.Find(directions, words.StartsWith);
        return direction is null ? words : Capitalised(words[direction.Length..]);
    }

    private static JsonObject[] Read(string name) =>
        [.. JsonNode.Parse(File.ReadAllText(GeneratedPart.PathOf($"shared/vectors/{name}")))!["vectors"]!.AsArray().Select(vector => vector!.AsObject())];
}
