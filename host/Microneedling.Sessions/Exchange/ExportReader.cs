// Reads an export: every field must be there once and no other, of the right kind; then its hashes must fit. What is read is
// held in memory (an eight-hour session: about 100 MB), so that the record is not kept waiting while a file comes in.

using System.Text;
using System.Text.Json;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Exchange;

internal sealed class ExportReader
{
    /// <summary>A session of eight hours at 20 statuses a second has a good half of each.</summary>
    public const long MostBytes = 512L << 20;

    private const int MostRows = 1_000_000;

    private const string Unsealed = "A text in the file is not the one that was sealed: it was changed.";
    private const string NotOurs = "The file is no session that was exported from here or from another record.";

    private readonly JsonFeed feed;
    private readonly SessionDocument document = new();
    private readonly Dictionary<string, Action> parts;
    private byte[] exportHash = [];
    private string? format;
    private long? version;
    private long rows;

    private ExportReader(JsonFeed feed)
    {
        this.feed = feed;
        parts = new Dictionary<string, Action>(StringComparer.Ordinal)
        {
            ["format"] = () => Scalar(ReadFormat),
            ["formatVersion"] = () => Scalar(ReadVersion),
            ["remark"] = () => Scalar((ref Utf8JsonReader json) => Must(json.TokenType == JsonTokenType.String && json.ValueTextEquals(SessionDocument.Remark), $"must be: {SessionDocument.Remark}")),
            ["exportHash"] = () => Scalar((ref Utf8JsonReader json) => HashOf(ref json, hash => exportHash = hash)),
            ["record"] = () => Scalar((ref Utf8JsonReader json) => ReadRow(ref json, SessionColumns.Origin, document.Origin)),
            ["contentHash"] = () => Scalar((ref Utf8JsonReader json) => HashOf(ref json, hash => document.ContentHash = hash)),
            ["clientLabel"] = () => Scalar((ref Utf8JsonReader json) => Label.Read(ref json, document)),
            ["session"] = () => Scalar((ref Utf8JsonReader json) => ReadRow(ref json, SessionColumns.Session, document.Session)),
            ["passes"] = () => Rows(SessionColumns.Passes, document.Passes),
            ["parameters"] = () => Rows(SessionColumns.Parameters, document.Parameters),
            ["events"] = () => Rows(SessionColumns.Events, document.Events),
            ["followUps"] = () => Rows(SessionColumns.FollowUps, document.FollowUps),
            ["corrections"] = () => Rows(SessionColumns.Corrections, document.Corrections),
            ["telemetry"] = () => Rows(SessionColumns.Telemetry, document.Telemetry),
        };
    }

    private static TextColumn<SessionDocument> Label { get; } = new("clientLabel", document => document.ClientLabel, (document, value) => document.ClientLabel = value, mayBeNull: true);

    /// <summary>Reads and checks.</summary>
    /// <exception cref="ImportRefusedException">It will not do; the message says what and where.</exception>
    public static SessionDocument Read(Stream stream, CancellationToken ct, long mostBytes = MostBytes)
    {
        ExportReader reader = new(new JsonFeed(stream, mostBytes, ct));
        reader.Read();
        reader.Check();
        return reader.document;
    }

    private void Read()
    {
        if (feed.Next() != JsonTokenType.StartObject)
        {
            throw feed.Refusal("import.notOurs", NotOurs);
        }

        HashSet<string> met = [];
        while (true)
        {
            feed.Path = "$";
            string? name = null;
            if (feed.Next((ref Utf8JsonReader json) => name = json.TokenType == JsonTokenType.PropertyName ? Name(ref json) : null) != JsonTokenType.PropertyName)
            {
                break;
            }

            feed.Path = $"$.{name}";
            if (!parts.TryGetValue(name!, out var read))
            {
                throw version is null ? feed.Refusal("import.notOurs", NotOurs) : feed.Refusal("import.unsuitable", "The file has a field that is no part of an export.");
            }

            if (!met.Add(name!))
            {
                throw feed.Refusal("import.unsuitable", "The file has a field twice.");
            }

            read();
        }

        feed.End();
        if (format is null || version is null)
        {
            throw feed.Refusal("import.notOurs", NotOurs);
        }

        if (parts.Keys.FirstOrDefault(part => !met.Contains(part)) is { } missing)
        {
            throw feed.Refusal("import.unsuitable", $"The file has no field {missing}.");
        }
    }

    /// <summary>Whether what was read is what was proven, and can be kept.</summary>
    private void Check()
    {
        var session = document.Session;
        feed.Path = "$.session";
        Refuse(session.EndedUtc is null, "import.notFinished", "The session in the file had not ended. Export it once it is finished.");
        feed.Path = "$.passes";
        Refuse(!IsRising(document.Passes.Select(pass => (long)pass.Number)), "import.unsuitable", "The passes in the file are not in the order of their numbers.");
        Refuse(document.Passes.Any(pass => !SealedText.Fits(pass.UnlockReasonSeal, pass.UnlockReason)), "import.seal", Unsealed);
        feed.Path = "$";
        Refuse(
            !IsRising(document.Parameters.Select(row => row.Sequence)) || !IsRising(document.Events.Select(row => row.Sequence)) || !IsRising(document.RowsInOrder().Select(row => row.Sequence)),
            "import.unsuitable",
            "The rows in the file are not in the order of their sequence, or have a number twice.");
        using (SessionContent content = new())
        {
            foreach (var row in document.RowsInOrder())
            {
                content.Add(row);
            }

            Compare("$.contentHash", document.ContentHash, content.End(document.Passes, session));
        }

        for (var i = 0; i < document.FollowUps.Count; i++)
        {
            var (row, hash) = (document.FollowUps[i].Row, document.FollowUps[i].ContentHash);
            Compare($"$.followUps[{i}].contentHash", hash, Canonical.Hash(row, session.Key!));
            Refuse(!SealedText.Fits(row.NotesSeal, row.Notes), "import.seal", Unsealed);
        }

        for (var i = 0; i < document.Corrections.Count; i++)
        {
            var (row, hash) = (document.Corrections[i].Row, document.Corrections[i].ContentHash);
            Compare($"$.corrections[{i}].contentHash", hash, Canonical.Hash(row, session.Key!));
            Refuse(!SealedText.Fits(row.ReasonSeal, row.Reason) || (row.NewValueSeal is not null && !SealedText.Fits(row.NewValueSeal, row.NewValue)), "import.seal", Unsealed);
        }

        Compare("$.exportHash", exportHash, document.ExportHash());
    }

    private static bool IsRising(IEnumerable<long> numbers)
    {
        long last = 0;
        return numbers.All(number => number > last && (last = number) == number);
    }

    private void Refuse(bool isWrong, string code, string message)
    {
        if (isWrong)
        {
            throw new ImportRefusedException(code, message, feed.Path);
        }
    }

    private void Compare(string path, byte[] said, byte[] computed)
    {
        feed.Path = path;
        if (!said.AsSpan().SequenceEqual(computed))
        {
            throw new ImportRefusedException(
                "import.hash",
                "The file is not as it was exported: something in it was changed, or it was exported from a record that had been changed.",
                $"{path} {Convert.ToHexStringLower(said)} ≠ {Convert.ToHexStringLower(computed)}");
        }
    }

    private void ReadFormat(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String || !json.ValueTextEquals(SessionDocument.Format))
        {
            throw feed.Refusal("import.notOurs", NotOurs);
        }

        format = SessionDocument.Format;
    }

    private void ReadVersion(ref Utf8JsonReader json)
    {
        Must(json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var given) && given >= 1 && (version = given) is not null, "must be a whole number from 1");
        if (version > SessionDocument.FormatVersion)
        {
            throw feed.Refusal("import.newer", $"The file was exported by a newer version of this program (format {version}; this one reads {SessionDocument.FormatVersion}). Update this program.");
        }

        if (version < SessionDocument.FormatVersion)
        {
            throw feed.Refusal("import.older", "The file was exported by an older version of this program, which did not export the whole session. Export it again from its record with this version.");
        }
    }

    private void Scalar(TakeValue take)
    {
        if (!feed.TryTake(take))
        {
            throw feed.Refusal("import.unsuitable", "A value is missing in the file.");
        }
    }

    private void Rows<TRow>(Column<TRow>[] columns, List<TRow> into)
        where TRow : new()
    {
        if (feed.Next() != JsonTokenType.StartArray)
        {
            throw feed.Refusal("import.unsuitable", "A list is needed here.");
        }

        TRow row = new();
        TakeValue take = (ref Utf8JsonReader json) => ReadRow(ref json, columns, row);
        for (feed.Index = 0; feed.TryTake(take); feed.Index = into.Count)
        {
            into.Add(row);
            row = new();
            if (++rows > MostRows)
            {
                throw new ImportRefusedException("import.tooLarge", $"The file has more than {MostRows} rows: no session is that long.");
            }
        }

        feed.Index = null;
    }

    /// <summary>Reads an object: each field once, no other.</summary>
    private static void ReadRow<TRow>(ref Utf8JsonReader json, Column<TRow>[] columns, TRow row)
    {
        Must(json.TokenType == JsonTokenType.StartObject, "must be an object");
        var met = 0u;
        for (var i = 0; json.Read() && json.TokenType == JsonTokenType.PropertyName; i++)
        {
            var index = i < columns.Length && json.ValueTextEquals(columns[i].JsonName.EncodedUtf8Bytes) ? i : IndexOf(ref json, columns);
            if (index < 0)
            {
                throw new UnsuitableException("is in a field that is no part of an export", Name(ref json));
            }

            Must((met & (1u << index)) == 0, "is there twice", columns[index].Name);
            met |= 1u << index;
            json.Read();
            try
            {
                columns[index].Read(ref json, row);
            }
            catch (UnsuitableException problem)
            {
                throw new UnsuitableException(problem.Message, columns[index].Name);
            }
        }

        for (var i = 0; i < columns.Length; i++)
        {
            Must((met & (1u << i)) != 0, "is missing", columns[i].Name);
        }
    }

    private static int IndexOf<TRow>(ref Utf8JsonReader json, Column<TRow>[] columns)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            if (json.ValueTextEquals(columns[i].JsonName.EncodedUtf8Bytes))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The name of a field, cut to what can be shown.</summary>
    private static string Name(ref Utf8JsonReader json)
    {
        var name = Encoding.UTF8.GetString(json.ValueSpan);
        return name.Length <= 40 ? name : name[..40] + "…";
    }

    private static void HashOf(ref Utf8JsonReader json, Action<byte[]> take) => new HashColumn<Action<byte[]>>("", _ => [], (into, hash) => into(hash)).Read(ref json, take);

    private static void Must(bool isSo, string what, string? field = null)
    {
        if (!isSo)
        {
            throw new UnsuitableException(what, field);
        }
    }
}
