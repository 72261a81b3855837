// Reads JSON from a stream, token by token or a small value at a time, with a bound on what is held: the file may be large,
// a single value may not. Knows where it is: path and line go into every refusal.

using System.Globalization;
using System.Text.Json;

namespace Microneedling.Sessions.Exchange;

/// <summary>Takes a value; the reader is at its first token, and must be left at its last.</summary>
internal delegate void TakeValue(ref Utf8JsonReader json);

internal sealed class JsonFeed(Stream stream, long mostBytes, CancellationToken ct)
{
    private const int LongestValueBytes = 1 << 18;

    private byte[] buffer = new byte[1 << 16];
    private int begin;
    private int end;
    private bool isWhole;
    private JsonReaderState state = new(new JsonReaderOptions { MaxDepth = 8 });
    private long bytesRead;
    private long line = 1;

    /// <summary>Path to the value that is being read, such as <c>$.telemetry</c>.</summary>
    public string Path { get; set; } = "$";

    /// <summary>Which of a list it is, or null: no list.</summary>
    public int? Index { get; set; }

    /// <summary>Reads the next value of an object or array whole, or its end.</summary>
    /// <returns>False: it was the end.</returns>
    public bool TryTake(TakeValue take)
    {
        while (true)
        {
            Utf8JsonReader json = new(buffer.AsSpan(begin, end - begin), isWhole, state);
            try
            {
                var ahead = json;
                if (ahead.Read())
                {
                    if (ahead.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
                    {
                        Consume(ahead);
                        return false;
                    }

                    if (ahead.TrySkip())
                    {
                        json.Read();
                        take(ref json);
                        Consume(json);
                        return true;
                    }
                }
            }
            catch (JsonException e)
            {
                throw NotJson(e);
            }
            catch (UnsuitableException e)
            {
                throw Unsuitable(e, json.TokenStartIndex);
            }

            Fill();
        }
    }

    /// <summary>Reads the next token.</summary>
    public JsonTokenType Next(TakeValue? look = null)
    {
        while (true)
        {
            Utf8JsonReader json = new(buffer.AsSpan(begin, end - begin), isWhole, state);
            try
            {
                if (json.Read())
                {
                    look?.Invoke(ref json);
                    var token = json.TokenType;
                    Consume(json);
                    return token;
                }
            }
            catch (JsonException e)
            {
                throw NotJson(e);
            }
            catch (UnsuitableException e)
            {
                throw Unsuitable(e, json.TokenStartIndex);
            }

            Fill();
        }
    }

    /// <summary>Makes sure that nothing but blanks follows.</summary>
    public void End()
    {
        while (!isWhole || begin < end)
        {
            Utf8JsonReader json = new(buffer.AsSpan(begin, end - begin), isWhole, state);
            try
            {
                if (json.Read())
                {
                    throw Refusal("import.unsuitable", "Something follows behind the end of the export. Take the file as it was exported.");
                }

                if (isWhole)
                {
                    return;
                }
            }
            catch (JsonException e)
            {
                throw NotJson(e);
            }

            Fill();
        }
    }

    /// <summary>A refusal that names the place.</summary>
    public ImportRefusedException Refusal(string code, string message) => new(code, message, Place(line));

    private ImportRefusedException Unsuitable(UnsuitableException problem, long offset) => new(
        "import.unsuitable",
        $"A value in the file {problem.Message}.",
        Place(line + buffer.AsSpan(begin, (int)Math.Min(offset, end - begin)).Count((byte)'\n'), problem.Field));

    private ImportRefusedException NotJson(JsonException problem) => new(
        "import.notJson",
        "The file is not JSON, or is damaged or cut short. Take the file as it was exported.",
        Place((problem.LineNumber ?? 0) + 1));

    private string Place(long at, string? field = null) => string.Create(
        CultureInfo.InvariantCulture, $"{Path}{(Index is { } index ? $"[{index}]" : "")}{(field is null ? "" : $".{field}")}, line {at}");

    private void Consume(Utf8JsonReader json)
    {
        var length = (int)json.BytesConsumed;
        line += buffer.AsSpan(begin, length).Count((byte)'\n');
        begin += length;
        state = json.CurrentState;
    }

    private void Fill()
    {
        ct.ThrowIfCancellationRequested();
        if (isWhole)
        {
            throw NotJson(new JsonException(null, null, line - 1, null));
        }

        if (begin > 0)
        {
            buffer.AsSpan(begin, end - begin).CopyTo(buffer);
            (begin, end) = (0, end - begin);
        }

        if (end == buffer.Length)
        {
            if (buffer.Length >= LongestValueBytes)
            {
                throw Refusal("import.unsuitable", "A value in the file is longer than any that is exported.");
            }

            Array.Resize(ref buffer, 2 * buffer.Length);
        }

        var count = stream.Read(buffer, end, buffer.Length - end);
        isWhole = count == 0;
        end += count;
        bytesRead += count;
        if (bytesRead > mostBytes)
        {
            throw new ImportRefusedException("import.tooLarge", $"The file is larger than {mostBytes >> 20} MiB: no session is that long.");
        }
    }
}
