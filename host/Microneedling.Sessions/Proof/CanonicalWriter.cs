// Writes the canonical form of what is proven: lines of UTF-8, each a JSON array without white space and ended by a line
// feed, so that any program can write the same bytes. Numbers are decimal integers, points in time UTC text to the
// microsecond, days ISO dates, hashes lower-case hex; of text only ", \ and what lies below U+0020 is escaped, as in
// Python's json.dumps(value, separators=(",", ":"), ensure_ascii=False).

using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Microneedling.Sessions.Proof;

internal sealed class CanonicalWriter
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
    private const string ShortEscapes = "b\bt\tn\nf\fr\r\"\"\\\\";
    private const int LongestNumber = 20;

    private static readonly SearchValues<char> Escape = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\']);

    private readonly ArrayBufferWriter<byte> bytes = new(256);

    /// <summary>What was written since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => bytes.WrittenSpan;

    /// <summary>Forgets what was written.</summary>
    public CanonicalWriter Clear()
    {
        bytes.ResetWrittenCount();
        return this;
    }

    /// <summary>Begins a line with the name of what it tells of.</summary>
    public CanonicalWriter Line(string kind)
    {
        Byte('[');
        Quoted(kind);
        return this;
    }

    public CanonicalWriter Add(long? number)
    {
        Byte(',');
        if (number is not { } value)
        {
            Raw("null"u8);
            return this;
        }

        Utf8Formatter.TryFormat(value, bytes.GetSpan(LongestNumber), out var length);
        bytes.Advance(length);
        return this;
    }

    public CanonicalWriter Add(bool flag)
    {
        Byte(',');
        Raw(flag ? "true"u8 : "false"u8);
        return this;
    }

    public CanonicalWriter Add(string? text)
    {
        Byte(',');
        if (text is null)
        {
            Raw("null"u8);
        }
        else
        {
            Quoted(text);
        }

        return this;
    }

    public CanonicalWriter Add(DateTimeOffset? time)
    {
        if (time is not { } value)
        {
            return Add((string?)null);
        }

        Raw(",\""u8);
        value.UtcDateTime.TryFormat(bytes.GetSpan(TimeFormat.Length), out var length, TimeFormat, CultureInfo.InvariantCulture);
        bytes.Advance(length);
        Byte('"');
        return this;
    }

    public CanonicalWriter Add(DateOnly? day) => Add(day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    public CanonicalWriter Add(ReadOnlySpan<byte> hash) => Add(Convert.ToHexStringLower(hash));

    /// <summary>Ends the line.</summary>
    public CanonicalWriter End()
    {
        Raw("]\n"u8);
        return this;
    }

    private void Quoted(string text)
    {
        Byte('"');
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var plain = rest.IndexOfAny(Escape) is var found && found >= 0 ? found : rest.Length;
            bytes.Advance(Encoding.UTF8.GetBytes(rest[..plain], bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(plain))));
            rest = rest[plain..];
            if (!rest.IsEmpty)
            {
                Escaped(rest[0]);
                rest = rest[1..];
            }
        }

        Byte('"');
    }

    private void Escaped(char character)
    {
        var place = ShortEscapes.LastIndexOf(character);
        Raw(Encoding.ASCII.GetBytes(place % 2 == 1
            ? $"\\{ShortEscapes[place - 1]}"
            : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}")));
    }

    private void Byte(char ascii)
    {
        bytes.GetSpan(1)[0] = (byte)ascii;
        bytes.Advance(1);
    }

    private void Raw(ReadOnlySpan<byte> value) => bytes.Write(value);
}
