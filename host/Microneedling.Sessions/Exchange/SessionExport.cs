// Writes a session out. JSON: one row a line, so that files can be compared and a place in them can be named; telemetry comes
// from the record in portions, so that a session of many hours is never in memory as text.

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Exchange;

/// <summary>A session, ready to be written out.</summary>
public sealed class SessionExport
{
    private const int RowsAtOnce = 4000;
    private const int PortionBytes = 1 << 16;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SessionStore store;
    private readonly SessionDocument document;

    internal SessionExport(SessionStore store, SessionDocument document)
    {
        this.store = store;
        this.document = document;
    }

    /// <summary>Whether the session has ended. One that goes on is not exported as JSON: nothing proves it yet.</summary>
    public bool IsFinished => document.Session.Outcome.IsFinal();

    /// <summary>Writes the whole session as JSON.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="withTexts">With notes and reasons, which may speak of the client; else only their seals. Never with the client's name.</param>
    /// <param name="ct">Stops the writing.</param>
    /// <exception cref="InvalidOperationException">The session goes on.</exception>
    public async Task WriteJsonAsync(Stream to, bool withTexts, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (!IsFinished)
        {
            throw new InvalidOperationException("A session that goes on is not exported.");
        }

        if (!withTexts)
        {
            document.LeaveOutTexts();
        }

        ArrayBufferWriter<byte> text = new(2 * PortionBytes);
        using Utf8JsonWriter json = new(text, Relaxed);
        Put(text, "{\n\"format\":\"microneedling-session\",\n\"formatVersion\":2,\n\"remark\":");
        Value(json, () => json.WriteStringValue(SessionDocument.Remark));
        Put(text, ",\n\"exportHash\":");
        Value(json, () => json.WriteStringValue(Convert.ToHexStringLower(document.ExportHash())));
        Put(text, ",\n\"record\":");
        Object(json, SessionColumns.Origin, document.Origin);
        Put(text, ",\n\"contentHash\":");
        Value(json, () => json.WriteStringValue(Convert.ToHexStringLower(document.ContentHash)));
        Put(text, ",\n\"clientLabel\":");
        Value(json, () => json.WriteStringValue(document.ClientLabel));
        Put(text, ",\n\"session\":");
        Object(json, SessionColumns.Session, document.Session);
        await ListAsync(text, json, "passes", SessionColumns.Passes, document.Passes, to, ct);
        await ListAsync(text, json, "parameters", SessionColumns.Parameters, document.Parameters, to, ct);
        await ListAsync(text, json, "events", SessionColumns.Events, document.Events, to, ct);
        await ListAsync(text, json, "followUps", SessionColumns.FollowUps, document.FollowUps, to, ct);
        await ListAsync(text, json, "corrections", SessionColumns.Corrections, document.Corrections, to, ct);
        Put(text, ",\n\"telemetry\":[");
        var isFirst = true;
        await foreach (var sample in TelemetryAsync(ct))
        {
            Put(text, isFirst ? "\n" : ",\n");
            isFirst = false;
            Object(json, SessionColumns.Telemetry, sample);
            await PassOnAsync(text, to, PortionBytes, ct);
        }

        Put(text, "\n]\n}\n");
        await PassOnAsync(text, to, 0, ct);
    }

    /// <summary>Writes every table of the session as CSV into one ZIP archive.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="withTexts">As in <see cref="WriteJsonAsync"/>.</param>
    /// <param name="ct">Stops the writing.</param>
    public Task WriteTablesAsync(Stream to, bool withTexts, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (!withTexts)
        {
            document.LeaveOutTexts();
        }

        return SessionTables.WriteAsync(document, TelemetryAsync(ct), store.Time.GetUtcNow(), to, ct);
    }

    private static async Task ListAsync<TRow>(ArrayBufferWriter<byte> text, Utf8JsonWriter json, string name, Column<TRow>[] columns, List<TRow> rows, Stream to, CancellationToken ct)
    {
        Put(text, $",\n\"{name}\":[");
        for (var i = 0; i < rows.Count; i++)
        {
            Put(text, i == 0 ? "\n" : ",\n");
            Object(json, columns, rows[i]);
            await PassOnAsync(text, to, PortionBytes, ct);
        }

        Put(text, "\n]");
    }

    private async IAsyncEnumerable<TelemetrySample> TelemetryAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (id, last) = (document.Session.Id, 0L);
        List<TelemetrySample> some;
        do
        {
            var after = last;
            some = await store.ReadAsync(
                context => context.Telemetry.Where(row => row.SessionId == id && row.Sequence > after).OrderBy(row => row.Sequence).Take(RowsAtOnce).ToList(), ct);
            foreach (var sample in some)
            {
                yield return sample;
                last = sample.Sequence;
            }
        }
        while (some.Count == RowsAtOnce);
    }

    private static void Object<TRow>(Utf8JsonWriter json, Column<TRow>[] columns, TRow row)
    {
        json.WriteStartObject();
        foreach (var column in columns)
        {
            column.Write(json, row);
        }

        json.WriteEndObject();
        json.Flush();
        json.Reset();
    }

    private static void Value(Utf8JsonWriter json, Action write)
    {
        write();
        json.Flush();
        json.Reset();
    }

    private static void Put(ArrayBufferWriter<byte> text, string more) => Encoding.UTF8.GetBytes(more, (IBufferWriter<byte>)text);

    private static async Task PassOnAsync(ArrayBufferWriter<byte> text, Stream to, int atLeast, CancellationToken ct)
    {
        if (text.WrittenCount > atLeast)
        {
            await to.WriteAsync(text.WrittenMemory, ct);
            text.ResetWrittenCount();
        }
    }
}
