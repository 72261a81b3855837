using System.Globalization;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Report;

/// <summary>
/// What stands at the head and foot of every page of paper. Margin boxes take their words from a style sheet alone, so each
/// session has one.
/// </summary>
public static class PrintHead
{
    /// <summary>The style sheet of a session's print.</summary>
    public static string Css(long sessionId, Texts texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        string[] page = texts["sessions.printPage", "\u0001", "\u0002"].Split('\u0001', '\u0002');
        return string.Create(CultureInfo.InvariantCulture, $$"""
            @page {
              size: A4;
              margin: 20mm 15mm 18mm;
              @top-left { content: "Microneedling"; font: 600 9pt sans-serif; color: #4d5f6c; }
              @top-right { content: {{Quoted(texts["sessions.title-one", sessionId])}}; font: 600 9pt sans-serif; color: #4d5f6c; }
              @bottom-left { content: {{Quoted(texts["sessions.prototypeShort"])}}; font: 8pt sans-serif; color: #4d5f6c; }
              @bottom-right { content: {{Quoted(page[0])}} counter(page) {{Quoted(page[1])}} counter(pages) {{Quoted(page[2])}}; font: 9pt sans-serif; color: #4d5f6c; }
            }
            """);
    }

    private static string Quoted(string words) => $"\"{words.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
