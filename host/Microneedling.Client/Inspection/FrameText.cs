using System.Globalization;
using System.Text;
using Microneedling.Protocol;

namespace Microneedling.Client.Inspection;

/// <summary>
/// A frame as one line for a person: number, message, fields with units, numbers and bits by their names.
/// <code>
/// #01042 ConfigureTreatment depth 500 µm, depth cap 1500 µm, rate 60000 mHz, supervisor unlock 0, burst strokes 0
/// #00317 Rejected to #01042 reason DepthAboveCap, detail 400 (The depth is above this treatment's cap of 0.40 mm.)
/// </code>
/// Takes any frame whose CRC is right, known or not, short or long; never throws.
/// </summary>
public static class FrameText
{
    /// <summary>The frame that a decoder has just closed.</summary>
    public static string Of(FrameDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        RawPayload payload = new(decoder.PayloadLength);
        decoder.TryRead(payload);
        MessageLayout? layout = MessageLayout.Of(decoder.Id);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Number(decoder.Sequence)} ");
        text.Append(layout is null ? $"message 0x{(byte)decoder.Id:X2}" : decoder.Id.ToString());
        if (decoder.ReplyTo != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" to {Number(decoder.ReplyTo)}");
        }

        if (layout is null)
        {
            text.Append(payload.Bytes.Length == 0 ? "" : " " + Hex(payload.Bytes));
        }
        else if (payload.Bytes.Length < layout.MinimumLength)
        {
            text.Append(CultureInfo.InvariantCulture, $" too short, {payload.Bytes.Length} of {layout.MinimumLength} bytes {Hex(payload.Bytes)}");
        }
        else
        {
            Message message = layout.Make();
            decoder.TryRead(message);
            AppendFields(text, layout, message, payload.Bytes);
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>Bytes in pairs of digits.</summary>
    internal static string Hex(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        foreach (byte value in bytes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{value:X2} ");
        }

        return text.ToString().TrimEnd();
    }

    private static string Number(ushort sequence) => sequence == 0 ? "#-----" : string.Create(CultureInfo.InvariantCulture, $"#{sequence:D5}");

    private static void AppendFields(StringBuilder text, MessageLayout layout, Message message, byte[] payload)
    {
        string separator = " ";
        foreach (FieldLayout field in layout.Fields.Where(field => field.Offset + field.Size <= payload.Length))
        {
            text.Append(CultureInfo.InvariantCulture, $"{separator}{field.Words} {Value(field, message)}");
            separator = ", ";
        }

        if (Explanation(message) is { Length: > 0 } explanation)
        {
            text.Append(CultureInfo.InvariantCulture, $" ({explanation})");
        }

        if (payload.Length > layout.Length)
        {
            text.Append(CultureInfo.InvariantCulture, $" and {payload.Length - layout.Length} bytes more {Hex(payload.AsSpan(layout.Length))}");
        }
    }

    private static string Value(FieldLayout field, Message message)
    {
        long number = Convert.ToInt64(field.Field.GetValue(message), CultureInfo.InvariantCulture);
        string digits = number.ToString(CultureInfo.InvariantCulture);
        if (field.Meaning is { IsEnum: true } names)
        {
            return Enum.GetName(names, Enum.ToObject(names, number)) ?? digits;
        }

        return field.Meaning is { } bits ? Bits(bits, number) : field.Unit.Length == 0 ? digits : $"{digits} {field.Unit}";
    }

    private static string Bits(Type constants, long number)
    {
        List<string> set = [];
        foreach (System.Reflection.FieldInfo constant in constants.GetFields())
        {
            long bit = Convert.ToInt64(constant.GetRawConstantValue(), CultureInfo.InvariantCulture);
            if ((number & bit) != 0)
            {
                set.Add(constant.Name);
                number &= ~bit;
            }
        }

        if (number != 0)
        {
            set.Add($"0x{number:X}");
        }

        return set.Count == 0 ? "none" : string.Join('|', set);
    }

    private static string Explanation(Message message) => message switch
    {
        Rejected rejected => DeviceWords.Of((RejectionReason)rejected.Reason, rejected.Detail),
        EventReport report => DeviceWords.Of(new DeviceEvent(
            report.Number, TimeSpan.FromMilliseconds(report.UptimeMilliseconds), (EventCode)report.Code, report.Argument1, report.Argument2)),
        _ => "",
    };

    /// <summary>Whatever the payload is.</summary>
    private sealed class RawPayload(int length) : Message
    {
        public byte[] Bytes { get; } = new byte[length];

        public override MessageId Id => MessageId.None;

        public override int MinimumLength => 0;

        public override void Transfer(PayloadCursor cursor)
        {
            for (int at = 0; at < Bytes.Length; at++)
            {
                Bytes[at] = cursor.Byte(0);
            }
        }
    }
}
