using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microneedling.Protocol.Tests.Vectors;

/// <summary>
/// A file of golden vectors in shared/vectors: JSON, one vector a line, told apart by its name. What stands in the file
/// stays: MICRONEEDLING_UPDATE_VECTORS=1 adds vectors that are new and never touches one that is there. To change one,
/// delete its line first; that is to change the protocol.
/// </summary>
internal sealed class VectorFile(string name)
{
    private const string UpdateVariable = "MICRONEEDLING_UPDATE_VECTORS";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The vectors as they stand in the file, in its order.</summary>
    public IReadOnlyList<JsonObject> Read() => File.Exists(PathOf())
        ? [.. JsonNode.Parse(File.ReadAllText(PathOf()))!["vectors"]!.AsArray().Select(vector => vector!.AsObject())]
        : [];

    /// <summary>Fails unless the file has every one of these vectors, byte for byte; adds new ones when it is told to.</summary>
    public void AssertHas(string about, IEnumerable<JsonObject> made)
    {
        List<JsonObject> golden = [.. Read()];
        Dictionary<string, string> lines = golden.ToDictionary(NameOf, Line);
        List<string> missing = [];
        foreach (JsonObject vector in made)
        {
            if (!lines.TryGetValue(NameOf(vector), out string? line))
            {
                missing.Add(NameOf(vector));
                golden.Add(vector);
            }
            else if (line != Line(vector))
            {
                Assert.Fail(
                    $"The protocol has changed: '{NameOf(vector)}' in shared/vectors/{name} is not what the code writes now."
                    + $"{Environment.NewLine}golden {line}{Environment.NewLine}now    {Line(vector)}{Environment.NewLine}"
                    + $"Peers in the field speak the golden one. If the change is meant, delete the line and run again with {UpdateVariable}=1.");
            }
        }

        if (missing.Count > 0 && Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            string vectors = string.Join(",\n", golden.Select(Line));
            File.WriteAllText(PathOf(), $"{{\n\"about\": {JsonSerializer.Serialize(about, Readable)},\n\"vectors\": [\n{vectors}\n]\n}}\n");
            return;
        }

        Assert.True(missing.Count == 0, $"shared/vectors/{name} lacks {string.Join(", ", missing)}. Add them with {UpdateVariable}=1.");
    }

    private static string NameOf(JsonObject vector) => (string)vector["name"]!;

    private static string Line(JsonObject vector) => vector.ToJsonString(Readable);

    private string PathOf([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "shared", "vectors", name);
}
