// Every text exists in every language with the same values in it, and every text that a page, script or refusal asks for exists.

using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Tests;

public sealed partial class TextsTests
{
    private static readonly Texts English = Texts.Of("en");
    private static readonly Texts Spanish = Texts.Of("es");

    [Fact]
    public void Both_languages_have_the_same_texts_but_for_the_devices_words_which_the_driver_has_in_English()
    {
        static string[] KeysOf(Texts texts) => [.. texts.Keys.Where(key => !key.StartsWith("words.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

        Assert.Equal(KeysOf(English), KeysOf(Spanish));
        Assert.DoesNotContain(English.Keys, key => key.StartsWith("words.", StringComparison.Ordinal));
    }

    [Fact]
    public void Both_languages_have_the_same_values_in_their_texts()
    {
        foreach (string key in English.Keys)
        {
            Assert.True(
                ValuesIn(English[key]).SequenceEqual(ValuesIn(Spanish[key])), $"{key}: '{English[key]}' and '{Spanish[key]}' have different values.");
        }
    }

    [Fact]
    public void No_text_is_empty_or_left_in_the_other_language()
    {
        string[] same = [.. English.Keys.Where(key => English[key] == Spanish[key] && LongWord().Count(English[key]) >= 2)];

        Assert.All(English.Keys, key => Assert.NotEmpty(English[key]));
        Assert.True(same.Length == 0, $"Not translated: {string.Join(", ", same)}");
    }

    [Fact]
    public void Every_text_that_is_asked_for_by_name_exists()
    {
        string[] missing = [.. AskedFor().Where(asked => English.Find(asked.Key) is null).Select(asked => $"{asked.Key} in {asked.File}")];

        Assert.True(missing.Length == 0, string.Join(Environment.NewLine, missing));
    }

    [Fact]
    public void Every_text_is_asked_for()
    {
        string everything = string.Join('\n', Sources().Select(File.ReadAllText));
        string[] unused = [.. English.Keys.Where(key => !everything.Contains(key, StringComparison.Ordinal) && !IsAskedForByPart(key, everything))];

        Assert.True(unused.Length == 0, $"Nothing asks for: {string.Join(", ", unused)}");
    }

    [Fact]
    public void Every_fault_has_words_a_cause_and_a_next_step_in_every_language()
    {
        foreach (var fault in Enum.GetValues<FaultCode>().Where(fault => fault != FaultCode.None))
        {
            foreach (var texts in new[] { English, Spanish })
            {
                Assert.NotNull(texts.Find($"faults.{(int)fault}-title"));
                Assert.NotNull(texts.Find($"faults.{(int)fault}-cause"));
                Assert.NotNull(texts.Find($"faults.{(int)fault}-next"));
            }
        }
    }

    [Fact]
    public void Every_state_refusal_and_event_of_the_device_has_Spanish_words()
    {
        Assert.All(Enum.GetValues<DeviceState>(), state => Assert.NotNull(Spanish.Find($"words.state-{state}")));
        Assert.All(Enum.GetValues<RejectionReason>().Where(reason => reason != RejectionReason.None), reason => Assert.NotNull(Spanish.Find($"words.rejection-{reason}")));
        Assert.All(Enum.GetValues<EventCode>().Where(code => code != EventCode.None), code => Assert.NotNull(Spanish.Find($"words.event-{code}")));
        Assert.All(Enum.GetValues<LinkState>(), state => Assert.NotNull(Spanish.Find($"words.link-{state}")));
    }

    [Theory]
    [InlineData("en", "The depth is too shallow. The least is 0.10 mm.")]
    [InlineData("es", "La profundidad es insuficiente. La mínima es 0.100 mm.")]
    public void A_refusal_of_the_device_is_said_in_the_persons_language(string language, string words) =>
        Assert.Equal(words, Texts.Of(language).Of(new RejectedException(RejectionReason.DepthTooShallow, 100)));

    [Fact]
    public void An_event_is_said_with_its_states_in_the_persons_language() =>
        Assert.Equal("Ahora armado, antes aparcado.", Spanish.Of(new DeviceEvent(1, default, EventCode.StateChanged, (int)DeviceState.Armed, (int)DeviceState.Parked)));

    private static string[] ValuesIn(string text) => [.. Value().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<(string Key, string File)> AskedFor() =>
        from file in Sources()
        from Match match in Asked().Matches(File.ReadAllText(file))
        let key = match.Groups["key"].Value
        where !key.EndsWith('-') && !key.EndsWith('.')
        select (key, Path.GetFileName(file));

    /// <summary>Keys such as "common.nav-" + name: the part before the value stands in a source.</summary>
    private static bool IsAskedForByPart(string key, string everything)
    {
        for (int end = key.Length - 1; end > key.IndexOf('.', StringComparison.Ordinal); end--)
        {
            if (key[end - 1] is '-' or '.' && (everything.Contains($"\"{key[..end]}\"", StringComparison.Ordinal) || everything.Contains($"\"{key[..end]}{{", StringComparison.Ordinal) || everything.Contains($"`{key[..end]}${{", StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return key.StartsWith("refusals.", StringComparison.Ordinal) && everything.Contains($"\"{key["refusals.".Length..]}\"", StringComparison.Ordinal)
            || key.StartsWith("faults.", StringComparison.Ordinal) || key.StartsWith("zones.", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Sources([CallerFilePath] string thisFile = "")
    {
        string host = Path.GetFullPath(Path.Combine(thisFile, "../../../host"));
        string[] folders = [Path.Combine(host, "Microneedling.Tablet"), Path.Combine(host, "Microneedling.Sessions")];
        return folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".cshtml" or ".ts" && !file.Contains("node_modules", StringComparison.Ordinal)
                && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !file.EndsWith(".test.ts", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\p{L}{4,}")]
    private static partial Regex LongWord();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Value();

    [GeneratedRegex("""(?:\bT\[|\btexts\[|\btext\(|Texts\[|\]\[)\$?"(?<key>[a-z]+\.[A-Za-z0-9.-]+)["{]""")]
    private static partial Regex Asked();
}
