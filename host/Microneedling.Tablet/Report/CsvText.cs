using System.Globalization;
using System.Text;

namespace Microneedling.Tablet.Report;

/// <summary>
/// Comma-separated values as RFC 4180 says. Text that a spreadsheet would take for a formula gets an apostrophe in front;
/// numbers are written as they are.
/// </summary>
public sealed class CsvText
{
    private const string FormulaBeginnings = "=+-@\t\r";

    private readonly StringBuilder _text = new();

    /// <summary>Adds a row.</summary>
    /// <param name="cells">Numbers, texts, times (written in UTC), or null: empty.</param>
    public CsvText Row(params object?[] cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        _text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static string Cell(object? value) => value switch
    {
        null => "",
        string text => Quoted(text.Length > 0 && FormulaBeginnings.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text),
        DateTimeOffset at => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Quoted(value.ToString() ?? ""),
    };

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
