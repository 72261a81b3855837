// One field of an export: its name, how a row says it, and what is taken when it is read again. Every table of the export is
// a list of these (SessionColumns.cs): JSON, CSV and reading all follow the same list.

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microneedling.Sessions.Exchange;

/// <summary>A field of rows of one table.</summary>
internal abstract class Column<TRow>(string name)
{
    public string Name => name;

    public JsonEncodedText JsonName { get; } = JsonEncodedText.Encode(name);

    /// <summary>For CSV: a number, text, time, day, flag or null.</summary>
    public abstract object? ValueOf(TRow row);

    public abstract void Write(Utf8JsonWriter json, TRow row);

    /// <summary>Takes the value that the reader is at.</summary>
    /// <exception cref="UnsuitableException">It will not do.</exception>
    public abstract void Read(ref Utf8JsonReader json, TRow row);
}

/// <summary>A value in a file that will not do; the message says what would.</summary>
internal sealed class UnsuitableException(string message, string? inField = null) : Exception(message)
{
    /// <summary>The field of the object, or null: the value itself.</summary>
    public string? Field => inField;
}

/// <summary>An integer, in the unit of its name.</summary>
internal sealed class NumberColumn<TRow>(string name, Func<TRow, long?> get, Action<TRow, long?> set, long least, long most, bool mayBeNull = false) : Column<TRow>(name)
{
    public override object? ValueOf(TRow row) => get(row);

    public override void Write(Utf8JsonWriter json, TRow row)
    {
        if (get(row) is { } number)
        {
            json.WriteNumber(JsonName, number);
        }
        else
        {
            json.WriteNull(JsonName);
        }
    }

    public override void Read(ref Utf8JsonReader json, TRow row)
    {
        if (mayBeNull && json.TokenType == JsonTokenType.Null)
        {
            set(row, null);
            return;
        }

        if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var number) || number < least || number > most)
        {
            throw new UnsuitableException(string.Create(CultureInfo.InvariantCulture, $"must be a whole number {least} … {most}{(mayBeNull ? " or null" : "")}"));
        }

        set(row, number);
    }
}

/// <summary>True or false.</summary>
internal sealed class FlagColumn<TRow>(string name, Func<TRow, bool> get, Action<TRow, bool> set) : Column<TRow>(name)
{
    public override object? ValueOf(TRow row) => get(row);

    public override void Write(Utf8JsonWriter json, TRow row) => json.WriteBoolean(JsonName, get(row));

    public override void Read(ref Utf8JsonReader json, TRow row) => set(row, json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new UnsuitableException("must be true or false"),
    });
}

/// <summary>Text; with a pattern, text of that form only.</summary>
internal sealed class TextColumn<TRow>(string name, Func<TRow, string?> get, Action<TRow, string?> set, bool mayBeNull = false, Regex? form = null) : Column<TRow>(name)
{
    /// <summary>Longer than anything that this program takes.</summary>
    private const int Longest = 4000;

    public override object? ValueOf(TRow row) => get(row);

    public override void Write(Utf8JsonWriter json, TRow row) => json.WriteString(JsonName, get(row));

    public override void Read(ref Utf8JsonReader json, TRow row)
    {
        if (mayBeNull && json.TokenType == JsonTokenType.Null)
        {
            set(row, null);
            return;
        }

        var text = json.TokenType == JsonTokenType.String ? Text(ref json) : null;
        if (text is null || text.Length > Longest || text.Contains('\0', StringComparison.Ordinal) || form?.IsMatch(text) == false)
        {
            throw new UnsuitableException($"must be text{(form is null ? $" of up to {Longest} characters" : $" of the form {form}")}{(mayBeNull ? " or null" : "")}");
        }

        set(row, text);
    }

    private static string Text(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new UnsuitableException("is not text that can be written in UTF-8");
        }
    }
}

/// <summary>A point in time: UTC, to the microsecond, as the proof has it.</summary>
internal sealed class TimeColumn<TRow>(string name, Func<TRow, DateTimeOffset?> get, Action<TRow, DateTimeOffset?> set, bool mayBeNull = false) : Column<TRow>(name)
{
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private const int Length = 27;

    public override object? ValueOf(TRow row) => get(row);

    public override void Write(Utf8JsonWriter json, TRow row)
    {
        if (get(row) is not { } time)
        {
            json.WriteNull(JsonName);
            return;
        }

        Span<byte> text = stackalloc byte[Length];
        time.UtcDateTime.TryFormat(text, out var length, Format, CultureInfo.InvariantCulture);
        json.WriteString(JsonName, text[..length]);
    }

    public override void Read(ref Utf8JsonReader json, TRow row)
    {
        if (mayBeNull && json.TokenType == JsonTokenType.Null)
        {
            set(row, null);
            return;
        }

        if (json.TokenType != JsonTokenType.String || json.ValueIsEscaped || json.ValueSpan.Length != Length || !TryParse(json.ValueSpan, out var time))
        {
            throw new UnsuitableException($"must be a time in UTC such as 2026-03-14T09:26:53.000000Z{(mayBeNull ? " or null" : "")}");
        }

        set(row, time);
    }

    private static bool TryParse(ReadOnlySpan<byte> utf8, out DateTimeOffset time)
    {
        Span<char> text = stackalloc char[Length];
        return DateTimeOffset.TryParseExact(text[..Encoding.Latin1.GetChars(utf8, text)], Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }
}

/// <summary>A day, as <c>2026-12-31</c>, or null.</summary>
internal sealed class DayColumn<TRow>(string name, Func<TRow, DateOnly?> get, Action<TRow, DateOnly?> set) : Column<TRow>(name)
{
    private const string Format = "yyyy-MM-dd";

    public override object? ValueOf(TRow row) => get(row)?.ToString(Format, CultureInfo.InvariantCulture);

    public override void Write(Utf8JsonWriter json, TRow row) => json.WriteString(JsonName, (string?)ValueOf(row));

    public override void Read(ref Utf8JsonReader json, TRow row)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            set(row, null);
            return;
        }

        if (json.TokenType != JsonTokenType.String || !DateOnly.TryParseExact(Encoding.UTF8.GetString(json.ValueSpan), Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            throw new UnsuitableException("must be a day such as 2026-12-31, or null");
        }

        set(row, day);
    }
}

/// <summary>A hash, in 64 lower-case hex digits.</summary>
internal sealed class HashColumn<TRow>(string name, Func<TRow, byte[]> get, Action<TRow, byte[]> set) : Column<TRow>(name)
{
    private const int Digits = 64;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    public override object? ValueOf(TRow row) => Convert.ToHexStringLower(get(row));

    public override void Write(Utf8JsonWriter json, TRow row) => json.WriteString(JsonName, Convert.ToHexStringLower(get(row)));

    public override void Read(ref Utf8JsonReader json, TRow row)
    {
        if (json.TokenType != JsonTokenType.String || json.ValueIsEscaped || json.ValueSpan.Length != Digits || json.ValueSpan.ContainsAnyExcept(HexDigits))
        {
            throw new UnsuitableException("must be a hash of 64 hex digits in lower case");
        }

        set(row, Convert.FromHexString(Encoding.ASCII.GetString(json.ValueSpan)));
    }
}
