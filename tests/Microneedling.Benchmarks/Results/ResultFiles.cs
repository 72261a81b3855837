// RESULTS.md, results.json and the pictures beside them. Parts that were not measured this time keep what they had.

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Microneedling.Benchmarks.Results;

/// <summary>A figure as results.json holds it.</summary>
/// <param name="Name">Of the figure.</param>
/// <param name="Value">Null: not measured.</param>
/// <param name="Unit">Of value and limit.</param>
/// <param name="Limit">Null: only told.</param>
/// <param name="Relation">&lt;=, &gt;=, = or null.</param>
/// <param name="Pass">Null: only told.</param>
/// <param name="How">In one line.</param>
/// <param name="Part">The part that measured it.</param>
/// <param name="Date">When, UTC.</param>
/// <param name="Machine">On what.</param>
internal sealed record StoredFigure(
    string Name, double? Value, string Unit, double? Limit, string? Relation, bool? Pass, string How, string Part, DateOnly Date, string Machine)
{
    public static StoredFigure Of(Figure figure, Part part, DateOnly date, string machine) => new(
        figure.Name, figure.Value is { } value ? Math.Round(value, 4) : null, figure.Unit, figure.Limit, figure.Relation, figure.Relation is null ? null : figure.Pass == true,
        figure.How, part.Name, date, machine);

    public Figure ToFigure() => new(Name, Value, Unit, Limit, Relation, How);
}

/// <summary>The folder that the results are written to.</summary>
internal sealed class ResultFiles(string folder)
{
    private const string Pictures = "pictures";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The folder above that holds Device.sln: what is measured in full is kept there.</summary>
    public static string Repository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Device.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Device.sln is in no folder above this program.");
    }

    /// <summary>Writes what a part has found in place of what it had found before.</summary>
    public void Replace(Part part, IReadOnlyList<Part> parts, IReadOnlyList<Finding> findings, DateOnly date, string machine)
    {
        Directory.CreateDirectory(PictureFolder);
        foreach (string old in Directory.EnumerateFiles(PictureFolder, $"{part.Name}.*.svg"))
        {
            File.Delete(old);
        }

        foreach (Picture picture in findings.OfType<Picture>())
        {
            File.WriteAllText(Path.Combine(PictureFolder, $"{part.Name}.{picture.Name}.svg"), picture.Svg + "\n");
        }

        string path = Path.Combine(folder, "results.json");
        StoredFigure[] before = File.Exists(path) ? JsonSerializer.Deserialize<StoredFigure[]>(File.ReadAllText(path), Layout)! : [];
        StoredFigure[] now =
        [
            .. parts.SelectMany(one => one == part
                ? findings.OfType<Figure>().Select(figure => StoredFigure.Of(figure, part, date, machine))
                : before.Where(figure => figure.Part == one.Name)),
        ];
        File.WriteAllText(path, JsonSerializer.Serialize(now, Layout) + "\n");
        File.WriteAllText(Path.Combine(folder, "RESULTS.md"), Document(parts, now));
        string readme = Path.Combine(folder, "README.md");
        if (File.Exists(readme))
        {
            File.WriteAllText(readme, Headlines.In(File.ReadAllText(readme), [.. now.Select(figure => figure.ToFigure())]));
        }
    }

    private string PictureFolder => Path.Combine(folder, "tests", "Microneedling.Benchmarks", Pictures);

    private string Document(IReadOnlyList<Part> parts, StoredFigure[] figures)
    {
        StringBuilder text = new();
        int met = figures.Count(figure => figure.Pass == true);
        StoredFigure[] missed = [.. figures.Where(figure => figure.Pass == false)];
        text.Append(CultureInfo.InvariantCulture, $"""
            # Results
            Made by `dotnet run -c Release --project tests/Microneedling.Benchmarks -- all`; the same as data in [results.json](results.json). {met} limits met, {missed.Length} missed{(missed.Length == 0 ? "" : ": " + string.Join(", ", missed.Select(one => $"`{one.Name}`")))}.
            Figures in device time come from the simulated board's physics in virtual time, never from the firmware's word; they are the same on any machine. Times and
            rates of programs depend on the machine named with them; ratios were taken against a peer in the same run.

            """);
        string[] missing = [.. parts.Where(part => figures.All(figure => figure.Part != part.Name)).Select(part => $"`{part.Name}`")];
        if (missing.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nNot measured in full since they were last changed, so without figures here: {string.Join(", ", missing)}.\n");
        }

        foreach (Part part in parts)
        {
            StoredFigure[] own = [.. figures.Where(figure => figure.Part == part.Name)];
            if (own.Length == 0)
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"\n## {part.Title}\n`{part.Name}`, {own[0].Date:yyyy-MM-dd}, {own[0].Machine}.\n\n");
            text.Append("| figure | measured | limit | | how |\n| --- | ---: | ---: | --- | --- |\n");
            foreach (List<StoredFigure> row in Rows(own))
            {
                string how = row[0].How.Replace("|", "\\|", StringComparison.Ordinal);
                text.Append(CultureInfo.InvariantCulture, $"| {Cell(row, one => $"`{one.Name}`")} | {Cell(row, one => one.ToFigure().Measured)} | {Cell(row, one => one.ToFigure().Asked)} | {Cell(row, one => Verdict(one.Pass))} | {how} |\n");
            }

            foreach (string picture in Directory.EnumerateFiles(PictureFolder, $"{part.Name}.*.svg").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n![{TitleOf(picture)}](tests/Microneedling.Benchmarks/{Pictures}/{picture})\n");
            }
        }

        return text.ToString();
    }

    private static string Cell(List<StoredFigure> row, Func<StoredFigure, string> text) =>
        row.Any(figure => text(figure).Length > 0) ? string.Join("<br>", row.Select(text)) : "";

    /// <summary>Figures of the same values stand in one row.</summary>
    private static IEnumerable<List<StoredFigure>> Rows(StoredFigure[] figures)
    {
        List<StoredFigure> row = [];
        foreach (StoredFigure figure in figures)
        {
            if (row.Count > 0 && figure.How != Figure.Same)
            {
                yield return row;
                row = [];
            }

            row.Add(figure);
        }

        yield return row;
    }

    private static string Verdict(bool? pass) => pass switch { true => "met", false => "**missed**", null => "" };

    private string TitleOf(string picture)
    {
        const string Label = "aria-label=\"";
        string svg = File.ReadAllText(Path.Combine(PictureFolder, picture));
        int at = svg.IndexOf(Label, StringComparison.Ordinal) + Label.Length;
        return at < Label.Length ? picture : svg[at..svg.IndexOf('"', at)];
    }
}
