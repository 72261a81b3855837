// Files that were changed at random: refused, or what they say is what was exported. Never half of it, never a crash.

using System.Text;
using System.Text.Json.Nodes;
using Microneedling.Sessions.Exchange;
using Xunit.Abstractions;

namespace Microneedling.Sessions.Tests;

public sealed class MutatedImportTests(ITestOutputHelper output) : IDisposable
{
    private const int Mutations = 1500;

    private readonly Record source = new();
    private readonly SetClock clock = new(Make.Start);

    public void Dispose() => source.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_changed_at_random_is_refused_or_says_what_was_exported(bool asText)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        string json;
        await using (var store = await SessionStore.OpenAsync(source.Path, clock))
        {
            json = await store.ExportAsync(await MadeRecord.AddSessionAsync(store, clock, await MadeRecord.AddClientAsync(store)));
        }

        var (record, taken, refused) = (new Record(), 0, 0);
        var target = await SessionStore.OpenAsync(record.Path, clock);
        try
        {
            for (var i = 0; i < Mutations; i++)
            {
                var mutated = asText ? MutatedText(json, random) : MutatedValue(json, random);
                try
                {
                    await target.Exchange.ImportAsync(Make.Owner, new MemoryStream(mutated));
                }
                catch (ImportRefusedException problem)
                {
                    refused++;
                    Assert.StartsWith("import.", problem.Code, StringComparison.Ordinal);
                    Assert.Empty(await target.ListAsync());
                    continue;
                }

                taken++;
                Assert.True(
                    MadeRecord.WithoutLocal(json) == MadeRecord.WithoutLocal(await target.ExportAsync(1)),
                    $"seed {seed}, mutation {i}: taken with another content:\n{Encoding.UTF8.GetString(mutated)}");
                await target.DisposeAsync();
                record.Dispose();
                record = new Record();
                target = await SessionStore.OpenAsync(record.Path, clock);
            }

            Assert.Empty((await target.VerifyAsync()).Flaws);
        }
        finally
        {
            await target.DisposeAsync();
            record.Dispose();
        }

        output.WriteLine($"{taken} taken as they were, {refused} refused");
        Assert.True(refused > Mutations / 2);
    }

    /// <summary>Some bytes changed, put in, taken out or cut off.</summary>
    private static byte[] MutatedText(string json, Random random)
    {
        List<byte> bytes = [.. Encoding.UTF8.GetBytes(json)];
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 80), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count / 2), random.Next(1, 80)));
                    break;
                default:
                    bytes.Insert(at, (byte)" \n\"{}[]:,019-eE\\"[random.Next(16)]);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>A value changed, taken away, doubled or moved, and still JSON.</summary>
    private static byte[] MutatedValue(string json, Random random)
    {
        var root = JsonNode.Parse(json)!;
        List<JsonNode> all = [];
        Collect(root, all);
        var node = all[random.Next(1, all.Count)];
        switch (node.Parent)
        {
            case JsonObject parent:
                var name = node.GetPropertyName();
                Mutate(() => parent.Remove(name), value => parent[name] = value, value => parent[name + (random.Next(2) == 0 ? "" : "x")] = value);
                break;
            case JsonArray parent:
                var index = node.GetElementIndex();
                Mutate(() => parent.RemoveAt(index), value => parent[index] = value, value => parent.Insert(random.Next(parent.Count + 1), value));
                break;
        }

        return Encoding.UTF8.GetBytes(root.ToJsonString());

        void Mutate(Action remove, Action<JsonNode?> replace, Action<JsonNode?> add)
        {
            switch (random.Next(5))
            {
                case 0:
                    remove();
                    break;
                case 1:
                    add(node.DeepClone());
                    break;
                case 2:
                    replace(null);
                    break;
                case 3:
                    replace(all[random.Next(1, all.Count)].DeepClone());
                    break;
                default:
                    replace(Another(node, random));
                    break;
            }
        }
    }

    private static JsonNode? Another(JsonNode node, Random random) => node switch
    {
        JsonValue value when value.TryGetValue<long>(out var number) => number + random.Next(-3, 4),
        JsonValue value when value.TryGetValue<string>(out var text) && text.Length > 0 => text[..^1] + (char)(text[^1] ^ 1),
        JsonValue value when value.TryGetValue<bool>(out var flag) => !flag,
        JsonArray { Count: > 1 } list => new JsonArray([.. list.Reverse().Select(item => item?.DeepClone())]),
        _ => new JsonObject(),
    };

    private static void Collect(JsonNode node, List<JsonNode> into)
    {
        into.Add(node);
        foreach (var child in node switch
        {
            JsonObject fields => fields.Select(field => field.Value),
            JsonArray items => items,
            _ => [],
        })
        {
            if (child is not null)
            {
                Collect(child, into);
            }
        }
    }
}
