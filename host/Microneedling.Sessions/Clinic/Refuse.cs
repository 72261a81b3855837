// What the record takes: checks that refuse with a code and a message, and text as it is kept and compared.

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Microneedling.Sessions.Clinic;

internal static class Refuse
{
    public static void If([DoesNotReturnIf(true)] bool isWrong, string code, string message)
    {
        if (isWrong)
        {
            throw new RecordRefusedException(code, message);
        }
    }

    /// <summary>A line of text without blanks around it.</summary>
    /// <exception cref="RecordRefusedException">It is too short, too long, or has control characters.</exception>
    public static string Line(string? text, int least, int most, string code, string what)
    {
        var line = text?.Trim() ?? "";
        If(
            line.Length < least || line.Length > most || line.Any(char.IsControl),
            code,
            $"{what} must have {least} … {most.ToString("N0", CultureInfo.InvariantCulture)} characters, all in one line.");
        return line;
    }

    /// <summary>Text of several lines without blanks around it.</summary>
    /// <exception cref="RecordRefusedException">It is too short or too long, or has control characters other than breaks and tabs.</exception>
    public static string Lines(string? text, int least, int most, string code, string what)
    {
        var lines = text?.Trim() ?? "";
        If(
            lines.Length < least || lines.Length > most || lines.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')),
            code,
            $"{what} must have {least} … {most.ToString("N0", CultureInfo.InvariantCulture)} characters.");
        return lines;
    }

    public static void Outside(int value, int least, int most, string code, string what) =>
        If(value < least || value > most, code, $"{what} must be {least} … {most.ToString("N0", CultureInfo.InvariantCulture)}.");

    public static void Undefined<T>(T value, string code, string what)
        where T : struct, Enum =>
        If(!Enum.IsDefined(value), code, $"{what} is not one of those that there are.");
}

/// <summary>Text as it is compared: the same for people who cannot tell two texts apart.</summary>
internal static class TextKey
{
    /// <summary>In capitals; blanks trimmed and each run of them one; without characters that show nothing.</summary>
    public static string Of(string text)
    {
        StringBuilder key = new(text.Length);
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c))
            {
                if (key.Length > 0 && key[^1] != ' ')
                {
                    key.Append(' ');
                }
            }
            else if (char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.Control))
            {
                key.Append(char.ToUpperInvariant(c));
            }
        }

        return key.ToString().TrimEnd();
    }
}
