// The schema in the repository against real exports, and against the program's own list of fields: neither may say more than
// the other.

using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microneedling.Sessions.Exchange;
using NJsonSchema;

namespace Microneedling.Sessions.Tests;

public sealed class SchemaTests : IDisposable
{
    private static readonly string Path = System.IO.Path.GetFullPath(System.IO.Path.Combine(ThisFile(), "../../../../hardware-docs/schemas/session-export.schema.json"));

    private readonly Record record = new();
    private readonly SetClock clock = new(Make.Start);

    public void Dispose() => record.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Real_exports_are_as_the_schema_says(bool withTexts)
    {
        var schema = await JsonSchema.FromFileAsync(Path);
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        var full = await MadeRecord.AddSessionAsync(store, clock, await MadeRecord.AddClientAsync(store));
        await using (var recorder = await store.BeginAsync(Make.Device(), Make.Status()))
        {
            await recorder.FinishAsync(SessionOutcome.Stopped, null);
        }

        Assert.Empty(schema.Validate(await store.ExportAsync(full, withTexts)));
        Assert.Empty(schema.Validate(await store.ExportAsync(full + 1, withTexts)));
    }

    [Fact]
    public async Task Whatever_is_left_out_added_or_of_another_kind_is_not_as_the_schema_says()
    {
        var schema = await JsonSchema.FromFileAsync(Path);
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        var json = await store.ExportAsync(await MadeRecord.AddSessionAsync(store, clock, await MadeRecord.AddClientAsync(store)));
        foreach (var at in Objects(JsonNode.Parse(json)!.AsObject()))
        {
            Assert.NotEmpty(schema.Validate(Changed(json, at, node => node.Add("more", 1))));
            foreach (var name in at(JsonNode.Parse(json)!.AsObject()).Select(field => field.Key))
            {
                Assert.True(schema.Validate(Changed(json, at, node => node.Remove(name))).Count > 0, $"{name} left out");
                Assert.True(schema.Validate(Changed(json, at, node => node[name] = new JsonObject())).Count > 0, $"{name} of another kind");
            }
        }
    }

    [Fact]
    public void The_schema_has_the_fields_of_the_program_and_no_others()
    {
        var definitions = JsonNode.Parse(File.ReadAllText(Path))!["$defs"]!.AsObject();
        Dictionary<string, IEnumerable<string>> own = new()
        {
            ["record"] = SessionColumns.Origin.Select(column => column.Name),
            ["session"] = SessionColumns.Session.Select(column => column.Name),
            ["pass"] = SessionColumns.Passes.Select(column => column.Name),
            ["parameters"] = SessionColumns.Parameters.Select(column => column.Name),
            ["event"] = SessionColumns.Events.Select(column => column.Name),
            ["followUp"] = SessionColumns.FollowUps.Select(column => column.Name),
            ["correction"] = SessionColumns.Corrections.Select(column => column.Name),
            ["status"] = SessionColumns.Telemetry.Select(column => column.Name),
        };

        Assert.Equal(own.Keys, definitions.Select(definition => definition.Key));
        Assert.All(own, one => Assert.Equal(one.Value, definitions[one.Key]!["properties"]!.AsObject().Select(property => property.Key)));
        Assert.All(own, one => Assert.Equal(one.Value, definitions[one.Key]!["required"]!.AsArray().Select(name => (string)name!)));
    }

    /// <summary>The root and the first of every kind of object below it.</summary>
    private static List<Func<JsonObject, JsonObject>> Objects(JsonObject root) =>
    [
        at => at,
        .. root.Where(field => field.Value is JsonObject).Select(field => (Func<JsonObject, JsonObject>)(at => at[field.Key]!.AsObject())),
        .. root.Where(field => field.Value is JsonArray).Select(field => (Func<JsonObject, JsonObject>)(at => at[field.Key]!.AsArray()[0]!.AsObject())),
    ];

    private static string Changed(string json, Func<JsonObject, JsonObject> at, Action<JsonObject> change)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        change(at(root));
        return root.ToJsonString();
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
