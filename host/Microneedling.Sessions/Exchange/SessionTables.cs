// A session's tables as comma-separated values, one file each, in a ZIP archive: the columns of the export, and behind them
// the names of what is a number there, for people with a spreadsheet.

using System.IO.Compression;
using System.Text;
using Microneedling.Client;
using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Exchange;

internal static class SessionTables
{
    private const int PortionBytes = 1 << 16;

    /// <summary>A column of words behind the numbers.</summary>
    private sealed record Words<TRow>(string Name, Func<TRow, string?> Of);

    /// <param name="document">The session without its telemetry.</param>
    /// <param name="telemetry">All of it, oldest first.</param>
    /// <param name="at">Time noted in the archive.</param>
    /// <param name="to">Where to; written without being read or sought.</param>
    /// <param name="ct">Stops the writing.</param>
    public static async Task WriteAsync(SessionDocument document, IAsyncEnumerable<TelemetrySample> telemetry, DateTimeOffset at, Stream to, CancellationToken ct)
    {
        using Outlet outlet = new(to);
        using (ZipArchive zip = new(outlet, ZipArchiveMode.Create, leaveOpen: true))
        {
            await TableAsync(zip, "session", SessionColumns.Session, All([document.Session]), new Words<Session>("outcomeName", row => row.Outcome.ToString()));
            await TableAsync(zip, "passes", SessionColumns.Passes, All(document.Passes), new Words<PassRow>("endingName", row => row.Ending.ToString()));
            await TableAsync(zip, "parameters", SessionColumns.Parameters, All(document.Parameters));
            await TableAsync(zip, "events", SessionColumns.Events, All(document.Events),
                new Words<SessionEvent>("kind", row => OfEntry(row).Kind), new Words<SessionEvent>("codeName", row => row.Code?.ToString()), new Words<SessionEvent>("words", row => OfEntry(row).Words));
            await TableAsync(zip, "followUps", SessionColumns.FollowUps, All(document.FollowUps));
            await TableAsync(zip, "corrections", SessionColumns.Corrections, All(document.Corrections));
            await TableAsync(zip, "telemetry", SessionColumns.Telemetry, telemetry, new Words<TelemetrySample>("stateName", row => row.State.ToString()), new Words<TelemetrySample>("faultName", row => row.Fault.ToString()));
        }

        await outlet.PassOnAsync(0, ct);

        async Task TableAsync<TRow>(ZipArchive zip, string name, Column<TRow>[] columns, IAsyncEnumerable<TRow> rows, params Words<TRow>[] words)
        {
            var entry = zip.CreateEntry(name + ".csv", CompressionLevel.Fastest);
            entry.LastWriteTime = at;
            using StreamWriter text = new(entry.Open(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 15);
            text.Write(CsvText.Line([.. columns.Select(column => column.Name), .. words.Select(word => word.Name)]));
            await foreach (var row in rows.WithCancellation(ct))
            {
                text.Write(CsvText.Line([.. columns.Select(column => column.ValueOf(row)), .. words.Select(word => word.Of(row))]));
                await outlet.PassOnAsync(PortionBytes, ct);
            }
        }
    }

    private static (string Kind, string Words) OfEntry(SessionEvent row) => row.ToRecord().Entry switch
    {
        DeviceEvent happened => ("event", DeviceWords.Of(happened)),
        MissingEvents missing => ("missing", DeviceWords.Of(missing)),
        DeviceRestarted restart => ("restarted", $"The device was started anew (boot {restart.BootId})."),
        var other => (other.GetType().Name, ""),
    };

    private static IAsyncEnumerable<TRow> All<TRow>(IEnumerable<TRow> rows) => rows.ToAsyncEnumerable();

    /// <summary>
    /// What the archive wrote and nobody has had yet. An archive cannot end an entry without writing at once, which an answer
    /// over HTTP refuses; this takes it and passes it on in portions.
    /// </summary>
    private sealed class Outlet(Stream to) : MemoryStream
    {
        /// <summary>Else the archive would go back and amend what is gone already.</summary>
        public override bool CanSeek => false;

        public async Task PassOnAsync(int above, CancellationToken ct)
        {
            if (Length > above)
            {
                await to.WriteAsync(GetBuffer().AsMemory(0, (int)Length), ct);
                SetLength(0);
            }
        }
    }
}
