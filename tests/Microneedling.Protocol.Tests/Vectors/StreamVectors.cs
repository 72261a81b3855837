using System.Text;
using System.Text.Json.Nodes;

namespace Microneedling.Protocol.Tests.Vectors;

/// <summary>Which stretches of a line are written down as vectors: frames side by side, STOP anywhere, stuffing, and what must not be taken for a frame.</summary>
internal static class StreamVectors
{
    public const string About =
        "Bytes on the line as they come, and what a receiver that has just begun makes of them, in order: 'stop' (a STOP byte), 'damaged' (something "
        + "between two flags that is not a frame), or a frame. A damaged stretch is thrown away whole; the frame behind it is understood.";

    public static readonly VectorFile File = new("streams.json");

    private static readonly byte[] Arm = Line.Frame(new Arm { Token = 0x9C3A71E4 }, 1004);
    private static readonly byte[] Next = Line.Frame(new Heartbeat { HostNonce = 0x0B5E55ED }, 0);
    private static readonly byte[] Full = Line.Frame(new RawMessage(0x60, [.. Enumerable.Range(0, Framing.MaximumPayloadLength).Select(at => (byte)(0x40 + at))]), 7);
    private static readonly byte[] Fullest = Line.Frame(new RawMessage(0x60, [.. Enumerable.Repeat(Framing.Flag, Framing.MaximumPayloadLength)]), 0x7E7E, 0x7E7E);

    // Token 0x00000018: one byte of the payload is stuffed, at this place of the frame.
    private static readonly byte[] Stuffed = Line.Frame(new Arm { Token = 0x18 }, 1004);
    private static readonly int EscapeAt = Array.IndexOf(Stuffed, Framing.Escape);

    /// <summary>All of them.</summary>
    public static IEnumerable<JsonObject> Make() => [.. Whole(), .. Stops(), .. Stuffing(), .. Invalid()];

    /// <summary>What a receiver makes of the bytes, as a vector tells it.</summary>
    public static JsonArray Describe(IEnumerable<object> results) => new([.. results.Select(result => result is Received frame
        ? new JsonObject { ["id"] = frame.Id, ["sequence"] = frame.Sequence, ["replyTo"] = frame.ReplyTo, ["payload"] = frame.Payload }
        : (JsonNode)(result is DecodeResult.Stop ? "stop" : "damaged"))]);

    private static IEnumerable<JsonObject> Whole()
    {
        yield return Vector("two frames", [.. Arm, .. Next], "each has flags of its own");
        yield return Vector("two frames that share a flag", [.. Arm, .. Next[1..]], "one flag closes the first and opens the second");
        yield return Vector("flags in a row", [Framing.Flag, .. Arm, Framing.Flag, Framing.Flag, .. Next], "nothing between two flags is nothing");
        yield return Vector("bytes before the first flag", [0x65, 0x74, 0x73, 0x0D, 0x0A, .. Arm], "a receiver waits for a flag; what a boot loader prints is no frame");
        yield return Vector("bytes between two frames", [.. Arm, 0x65, 0x74, .. Next], "whatever stands between two flags is taken for a frame");
        yield return Vector("a number that is not known yet", [.. Full, .. Next], "a whole frame, 54 bytes of payload: the longest");
        yield return Vector("the longest frame on the line", [.. Fullest, .. Next], "every byte of header and payload is stuffed");
    }

    private static IEnumerable<JsonObject> Stops()
    {
        yield return Vector("STOP alone", [Framing.Stop], "no frame is needed around it");
        yield return Vector("STOP before a frame", [Framing.Stop, .. Arm], "told when it comes");
        yield return Vector("STOP behind the opening flag", [.. Arm[..1], Framing.Stop, .. Arm[1..]], "the frame goes on as if it were not there");
        yield return Vector("STOP in the middle of a frame", [.. Arm[..6], Framing.Stop, .. Arm[6..]], "the frame goes on as if it were not there");
        yield return Vector("STOP between an escape and its byte", [.. Stuffed[..(EscapeAt + 1)], Framing.Stop, .. Stuffed[(EscapeAt + 1)..]], "told at once; the escaped byte is the one behind it");
        yield return Vector("STOP before the closing flag", [.. Arm[..^1], Framing.Stop, .. Arm[^1..]], "told before the frame");
        yield return Vector("STOP after every byte", [.. Arm.SelectMany(value => new[] { value, Framing.Stop })], "each is told, and the frame too");
        yield return Vector("STOP in a damaged frame", [.. Arm[..6], Framing.Stop, 0x00, .. Arm[6..], .. Next], "told although the frame is not");
    }

    private static IEnumerable<JsonObject> Stuffing()
    {
        foreach (byte reserved in new[] { Framing.Flag, Framing.Escape, Framing.Stop, Framing.XOn, Framing.XOff })
        {
            yield return Vector($"{reserved:X2} in the payload", Line.Frame(new Arm { Token = reserved }, 1), $"sent as 7D {reserved ^ Framing.EscapeMask:X2}");
            yield return Vector($"{reserved:X2} in the header", Line.Frame(new Arm { Token = 1 }, reserved), $"sent as 7D {reserved ^ Framing.EscapeMask:X2}");
            yield return Vector($"{reserved:X2} in the CRC", CrcWith(reserved), "the CRC is stuffed like everything else");
        }
    }

    private static IEnumerable<JsonObject> Invalid()
    {
        byte[] body = [0x22, 0xEC, 0x03, 0x00, 0x00, 0xE4, 0x71, 0x3A, 0x9C];
        uint crc = ReferenceDecoder.BitwiseCrc(body);
        byte[] littleEndian = BitConverter.GetBytes(crc);

        yield return Damaged("one bit turned", [.. Arm[..6], (byte)(Arm[6] ^ 0x04), .. Arm[7..]], "the CRC is not right");
        yield return Damaged("CRC big-endian", Flagged([.. body, .. littleEndian.Reverse()]), "the CRC is sent little-endian");
        yield return Damaged("CRC without the final complement", Flagged([.. body, .. BitConverter.GetBytes(~crc)]), "start and final complement are FFFFFFFF");
        yield return Damaged("CRC over the stuffed bytes", Restuffed(), "the CRC covers the bytes before stuffing");
        yield return Damaged("cut in the middle", [.. Arm[..7]], "the next flag closes it; the CRC is not right");
        yield return Damaged("closing flag lost", Arm[..^1], "the next frame's opening flag closes it: this frame is whole", isDamaged: false);
        yield return Damaged("opening flag lost", Arm[1..], "its bytes stand before the first flag: not even damaged", isDamaged: false);
        yield return Damaged("cut behind an escape", Stuffed[..(EscapeAt + 1)], "a flag closes whatever is before it, an escape too");
        yield return Damaged("shorter than header and CRC", Flagged([0x24, 0x01, 0x00, 0x00]), "a frame has at least 9 bytes between its flags, stuffing not counted");
        yield return Damaged("only a CRC of nothing", Flagged([0x00, 0x00, 0x00, 0x00]), "a frame has at least 9 bytes, although this CRC is right");
        yield return Damaged("payload of 55 bytes", Flagged(WithCrc([0x60, 0x01, 0x00, 0x00, 0x00, .. new byte[55]])), "a payload has 54 bytes at most, although this CRC is right");
        yield return Damaged("XON inside a frame", [.. Arm[..6], Framing.XOn, .. Arm[6..]], "an XON that is not stuffed spoils the frame: software flow control must be off");
        yield return Damaged("XOFF inside a frame", [.. Arm[..6], Framing.XOff, .. Arm[6..]], "an XOFF that is not stuffed spoils the frame: software flow control must be off");
        yield return Damaged("stuffed without need", [Framing.Flag, Framing.Escape, (byte)(Arm[1] ^ Framing.EscapeMask), .. Arm[2..]], "only reserved bytes are stuffed, although this CRC is right");
        yield return Damaged("escape escaped twice", [.. Stuffed[..(EscapeAt + 1)], .. Stuffed[EscapeAt..]], "7D is never the byte behind a 7D");
        yield return Damaged("a byte lost", [.. Arm[..6], .. Arm[7..]], "the CRC is not right");
        yield return Damaged("a byte doubled", [.. Arm[..6], Arm[6], .. Arm[6..]], "the CRC is not right");
        yield return Damaged("two bytes swapped", [.. Arm[..6], Arm[7], Arm[6], .. Arm[8..]], "the CRC is not right");
    }

    private static JsonObject Damaged(string name, byte[] bytes, string why, bool isDamaged = true)
    {
        JsonObject vector = Vector(name, [.. bytes, .. Next], why);
        Assert.True((vector["results"]!.AsArray() is [JsonValue, JsonObject]) == isDamaged, $"{name}: {vector}");
        return vector;
    }

    private static JsonObject Vector(string name, byte[] bytes, string why) => new()
    {
        ["name"] = name,
        ["why"] = why,
        ["bytes"] = Convert.ToHexString(bytes),
        ["results"] = Describe(Line.Decode(bytes)),
    };

    private static byte[] Flagged(byte[] inside) => [Framing.Flag, .. inside, Framing.Flag];

    private static byte[] WithCrc(byte[] covered) => [.. covered, .. BitConverter.GetBytes(ReferenceDecoder.BitwiseCrc(covered))];

    private static byte[] Restuffed()
    {
        byte[] stuffed = [0x22, 0xEC, 0x03, 0x00, 0x00, 0x7D, 0x38, 0x00, 0x00, 0x00];
        byte[] crc = BitConverter.GetBytes(ReferenceDecoder.BitwiseCrc(stuffed));
        Assert.DoesNotContain(crc, Framing.IsReserved);
        return Flagged([.. stuffed, .. crc]);
    }

    private static byte[] CrcWith(byte reserved)
    {
        for (uint token = 1; ; token++)
        {
            byte[] crc = BitConverter.GetBytes(ReferenceDecoder.BitwiseCrc([0x22, 0x01, 0x00, 0x00, 0x00, .. BitConverter.GetBytes(token)]));
            if (crc.Contains(reserved))
            {
                return Line.Frame(new Arm { Token = token }, 1);
            }
        }
    }
}

/// <summary>Check values of the CRC.</summary>
internal static class CrcVectors
{
    public const string About =
        "CRC-32 as in IEEE 802.3: polynomial EDB88320 (reflected), start and final complement FFFFFFFF. 'crc' as a number, not in the order of the line.";

    public static readonly VectorFile File = new("crc.json");

    public static IEnumerable<JsonObject> Make() =>
    [
        Vector("nothing", []),
        Vector("the nine digits 123456789", Encoding.ASCII.GetBytes("123456789")),
        Vector("a zero", [0x00]),
        Vector("four times FF", [0xFF, 0xFF, 0xFF, 0xFF]),
        Vector("the reserved bytes", [Framing.Flag, Framing.Escape, Framing.Stop, Framing.XOn, Framing.XOff]),
        Vector("all bytes", [.. Enumerable.Range(0, 256).Select(value => (byte)value)]),
    ];

    private static JsonObject Vector(string name, byte[] bytes) => new()
    {
        ["name"] = name,
        ["bytes"] = Convert.ToHexString(bytes),
        ["crc"] = Crc32.Of(bytes, 0, bytes.Length).ToString("X8", System.Globalization.CultureInfo.InvariantCulture),
    };
}
