// What was typed into a form, and what is wrong with it. Whatever is refused, everything typed stays in the form.

using System.Globalization;
using Microneedling.Client;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Forms;

/// <summary>Something that will not do.</summary>
/// <param name="Field">Name of the field, or null: of the whole form.</param>
/// <param name="Words">What is wrong, and what to do.</param>
public sealed record FormError(string? Field, string Words);

/// <summary>The entries of a form. Reading one that will not do adds an error, and returns null or what was typed.</summary>
public sealed class FormEntries(Texts texts)
{
    private readonly Dictionary<string, string[]> _values = [];
    private readonly List<FormError> _errors = [];

    /// <summary>What is wrong, in the order of the fields.</summary>
    public IReadOnlyList<FormError> Errors => _errors;

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsGood => _errors.Count == 0;

    /// <summary>What stands above the errors.</summary>
    public string Heading => texts["refusals.form-heading"];

    /// <summary>That there are so many more errors than are listed.</summary>
    public string MoreWords(int count) => texts["refusals.form-more", count];

    /// <summary>The labels of the fields that were written so far.</summary>
    public IDictionary<string, string> Labels { get; } = new Dictionary<string, string>();

    /// <summary>What is in a field; empty: nothing.</summary>
    public string this[string name] => _values.TryGetValue(name, out var values) && values.Length > 0 ? values[0] : "";

    /// <summary>Everything that was chosen under one name.</summary>
    public IReadOnlyList<string> All(string name) => _values.GetValueOrDefault(name, []);

    /// <summary>What is in a field before anything is typed. What was posted stays.</summary>
    public void Begin(string name, params string[] values) => _values.TryAdd(name, values);

    /// <summary>Puts something else into a field.</summary>
    public void Set(string name, params string[] values) => _values[name] = values;

    /// <summary>Takes what was posted: without blanks around it, lines ended as in the record.</summary>
    public void Read(IFormCollection posted)
    {
        foreach (var (name, values) in posted)
        {
            _values[name] = [.. values.Select(value => (value ?? "").ReplaceLineEndings("\n").Trim())];
        }
    }

    /// <summary>What is wrong with a field, or null.</summary>
    public string? ErrorOf(string name) => _errors.FirstOrDefault(error => error.Field == name)?.Words;

    /// <summary>Says that something will not do.</summary>
    public void Refuse(string? field, string words) => _errors.Add(new FormError(field, words));

    /// <summary>A text of so many characters.</summary>
    public string Text(string name, int fewest, int most)
    {
        string text = this[name];
        if (text.Length < fewest || text.Length > most)
        {
            Refuse(name, (text.Length, fewest) switch
            {
                (0, _) => texts["refusals.form-needed"],
                (_, > 1) => texts["refusals.form-textBetween", fewest, most, text.Length],
                _ => texts["refusals.form-textLong", most, text.Length],
            });
        }

        return text;
    }

    /// <summary>A whole number; null: none, or it will not do.</summary>
    public int? Whole(string name, int from, int to, bool optional = false)
    {
        string text = this[name];
        if (text.Length == 0 && optional)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= from && number <= to)
        {
            return number;
        }

        Refuse(name, texts["refusals.form-whole", from, to]);
        return null;
    }

    /// <summary>A depth in millimetres on a grain, with point or comma; null: none, or it will not do.</summary>
    public Depth? Millimeters(string name, int fromMicrometers, int toMicrometers, int grainMicrometers, bool optional = false)
    {
        string text = this[name];
        if (text.Length == 0 && optional)
        {
            return null;
        }

        if (Decimal(text) is { } number
            && number * 1000 % grainMicrometers == 0
            && number * 1000 >= fromMicrometers && number * 1000 <= toMicrometers)
        {
            return Depth.FromMicrometers((int)(number * 1000));
        }

        Refuse(name, texts["refusals.form-depth", Typed(Depth.FromMicrometers(fromMicrometers)), Typed(Depth.FromMicrometers(toMicrometers)), Typed(Depth.FromMicrometers(grainMicrometers))]);
        return null;
    }

    /// <summary>A rate in strokes a second, to a tenth; null: none, or it will not do.</summary>
    public StrokeRate? StrokesPerSecond(string name, int fromMillihertz, int toMillihertz, bool optional = false)
    {
        string text = this[name];
        if (text.Length == 0 && optional)
        {
            return null;
        }

        if (Decimal(text) is { } number && number * 10 % 1 == 0 && number * 1000 >= fromMillihertz && number * 1000 <= toMillihertz)
        {
            return StrokeRate.FromMillihertz((int)(number * 1000));
        }

        Refuse(name, texts["refusals.form-rate", fromMillihertz / 1000, toMillihertz / 1000]);
        return null;
    }

    /// <summary>A day; null: none, or it is no day.</summary>
    public DateOnly? Day(string name)
    {
        if (DateOnly.TryParseExact(this[name], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        Refuse(name, texts["refusals.form-day"]);
        return null;
    }

    /// <summary>One of the values of an enumeration, by its name; null: none was chosen.</summary>
    public TEnum? Choice<TEnum>(string name)
        where TEnum : struct, Enum
    {
        string text = this[name];
        if (Enum.GetNames<TEnum>().Contains(text))
        {
            return Enum.Parse<TEnum>(text);
        }

        Refuse(name, texts["refusals.form-choose"]);
        return null;
    }

    /// <summary>A depth as it is typed.</summary>
    public static string Typed(Depth? depth) => depth?.Millimeters.ToString("0.00", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A rate as it is typed.</summary>
    public static string Typed(StrokeRate? rate) => rate?.StrokesPerSecond.ToString("0.###", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A whole number as it is typed.</summary>
    public static string Typed(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static decimal? Decimal(string text) =>
        text.Length <= 8 && decimal.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) ? number : null;
}
