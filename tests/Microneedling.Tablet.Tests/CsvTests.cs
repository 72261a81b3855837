// Comma-separated values: what a spreadsheet would calculate, what would break a row, read back as it was.

using System.Text;
using Microneedling.Sessions.Exchange;

namespace Microneedling.Tablet.Tests;

public sealed class CsvTests
{
    [Theory]
    [InlineData("=1+1")]
    [InlineData("+41 79")]
    [InlineData("-cmd")]
    [InlineData("@SUM(A1)")]
    [InlineData("\tx")]
    [InlineData("\rx")]
    public void Text_that_a_spreadsheet_would_calculate_gets_an_apostrophe(string text) =>
        Assert.Equal("'" + text, Assert.Single(Csv.Read(CsvText.Line(text)))[0]);

    [Theory]
    [InlineData("a, b")]
    [InlineData("she said \"stop\"")]
    [InlineData("two\r\nlines")]
    [InlineData("plain")]
    [InlineData("")]
    public void Other_text_is_read_back_as_it_was(string text) =>
        Assert.Equal([text, "after"], Assert.Single(Csv.Read(CsvText.Line(text, "after"))));

    [Fact]
    public void Numbers_keep_their_sign_and_times_are_in_UTC() => Assert.Equal(
        ["-1000", "0", "", "true", "2026-11-02T08:00:00.250000Z"],
        Assert.Single(Csv.Read(CsvText.Line(-1000, 0u, null, true, new DateTimeOffset(2026, 11, 2, 9, 0, 0, 250, TimeSpan.FromHours(1))))));
}

/// <summary>Reads comma-separated values back, as RFC 4180 says.</summary>
public static class Csv
{
    public static string[][] Read(string text)
    {
        var rows = new List<string[]>();
        var row = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false;
        for (int index = 0; index < text.Length; index++)
        {
            char character = text[index];
            if (quoted)
            {
                if (character != '"')
                {
                    cell.Append(character);
                }
                else if (index + 1 < text.Length && text[index + 1] == '"')
                {
                    cell.Append(text[++index]);
                }
                else
                {
                    quoted = false;
                }
            }
            else if (character == '"')
            {
                quoted = true;
            }
            else if (character == ',')
            {
                row.Add(cell.ToString());
                cell.Clear();
            }
            else if (character == '\r' && index + 1 < text.Length && text[index + 1] == '\n')
            {
                index++;
                row.Add(cell.ToString());
                cell.Clear();
                rows.Add([.. row]);
                row.Clear();
            }
            else
            {
                cell.Append(character);
            }
        }

        return [.. rows];
    }
}
