// The texts of pages and refusals, from Texts/LANGUAGE/GROUP.json: flat objects of key and text, in which {0}, {1} … stand
// for values. A text is asked for as "group.key".

using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Microneedling.Tablet.Words;

/// <summary>The texts of one language.</summary>
public sealed class Texts
{
    /// <summary>The languages there are, by their code; the first is used when nothing else is asked for.</summary>
    public static readonly IReadOnlyList<string> Languages = ["en", "es"];

    private static readonly FrozenDictionary<string, Texts> All = Languages.ToFrozenDictionary(language => language, Load);

    private readonly FrozenDictionary<string, string> _texts;

    private Texts(string language, IEnumerable<KeyValuePair<string, string>> texts) =>
        (Language, _texts) = (language, texts.ToFrozenDictionary());

    /// <summary>The language's code, such as <c>es</c>.</summary>
    public string Language { get; }

    /// <summary>The keys there are.</summary>
    public IEnumerable<string> Keys => _texts.Keys;

    /// <summary>The text of a key. A key without one is a programming error.</summary>
    public string this[string key] => Find(key) ?? throw new ArgumentException($"There is no text {key} in {Language}.", nameof(key));

    /// <summary>The text of a key with values in it.</summary>
    public string this[string key, params object[] values] => string.Format(CultureInfo.InvariantCulture, this[key], values);

    /// <summary>The texts of a language; of the first when there is none of that code.</summary>
    public static Texts Of(string? language) => language is not null && All.TryGetValue(language, out var texts) ? texts : All[Languages[0]];

    /// <summary>The language that a request asks for: by its cookie, else by what its browser prefers.</summary>
    public static Texts Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var preferred = request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value?.Split('-')[0]);
        return Of(((string?[])[request.Cookies[Cookie], .. preferred]).FirstOrDefault(code => code is not null && All.ContainsKey(code)));
    }

    /// <summary>Name of the cookie that holds the language chosen at this tablet.</summary>
    public const string Cookie = "language";

    /// <summary>The text of a key, or null.</summary>
    public string? Find(string key) => _texts.GetValueOrDefault(key);

    /// <summary>The texts of some groups, for a script.</summary>
    public IReadOnlyDictionary<string, string> Groups(IEnumerable<string> groups)
    {
        var prefixes = groups.Select(group => group + ".").ToArray();
        return _texts.Where(text => prefixes.Any(prefix => text.Key.StartsWith(prefix, StringComparison.Ordinal)))
            .OrderBy(text => text.Key, StringComparer.Ordinal)
            .ToDictionary();
    }

    private static Texts Load(string language)
    {
        var assembly = typeof(Texts).Assembly;
        string prefix = $"Texts/{language}/";
        var files = assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal));
        return new Texts(language, files.SelectMany(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            string group = Path.GetFileNameWithoutExtension(name[prefix.Length..]);
            return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!.Select(text => KeyValuePair.Create($"{group}.{text.Key}", text.Value));
        }));
    }
}
