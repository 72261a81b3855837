using System.Globalization;

namespace Microneedling.Sessions.Exchange;

/// <summary>
/// Comma-separated values as RFC 4180 says. Text that a spreadsheet would take for a formula gets an apostrophe in front;
/// numbers are written as they are.
/// </summary>
public static class CsvText
{
    private const string FormulaBeginnings = "=+-@\t\r";

    /// <summary>A row with its line break.</summary>
    /// <param name="cells">Numbers, texts, times (written in UTC to the microsecond), flags, or null: empty.</param>
    public static string Line(params object?[] cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        return string.Join(',', cells.Select(Cell)) + "\r\n";
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        string text => Quoted(text.Length > 0 && FormulaBeginnings.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text),
        bool flag => flag ? "true" : "false",
        DateTimeOffset at => at.UtcDateTime.ToString(TimeColumn<object>.Format, CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Quoted(value.ToString() ?? ""),
    };

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
