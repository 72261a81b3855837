using System.Diagnostics;
using Microneedling.Sessions;
using Microneedling.Sessions.Schema;

namespace Microneedling.Benchmarks.Recording;

/// <summary>
/// Statuses into the record, as fast as they are taken, and the same rows by EF's SaveChanges, a call a batch: both
/// into SQLite on this disk, on the disk before a batch is acknowledged. Ours proves each row besides.
/// </summary>
internal static class IngestPart
{
    private const int RowsOfBatch = 5000;

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        int batches = size.Of(6, 60);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-");
        try
        {
            (double peer, _) = await ByEntityFrameworkAsync(batches, Path.Combine(folder.FullName, "peer.db"));
            (double ours, double worst) = await ByRecorderAsync(batches, Path.Combine(folder.FullName, "ours.db"));
            return
            [
                Promises.Of("record.ingest_rows_per_s", ours, $"statuses into SQLite, on disk at each of {batches} commits of {RowsOfBatch}, each row hashed"),
                Figure.Told("record.ingest.worst_commit_ms", worst, "ms", "the longest of these commits"),
                Figure.Told("record.ingest.ef_rows_per_s", peer, "rows/s", "the same rows by EF SaveChanges, a call a batch, nothing hashed"),
                Figure.Told("record.ingest.vs_ef_x", ours / peer, "x", "ours against EF SaveChanges"),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(double RowsPerSecond, double WorstMilliseconds)> ByRecorderAsync(int batches, string path)
    {
        await using SessionStore store = await SessionStore.OpenAsync(path);
        SessionRecorder recorder = await store.BeginAsync(Samples.Device(), Samples.Status(0), Samples.OnTestBlock);
        int next = 1;
        return await TimeAsync(batches, async () =>
        {
            for (int i = 0; i < RowsOfBatch; i++)
            {
                recorder.RecordStatus(Samples.Status(next++));
            }

            await recorder.FlushAsync();
        });
    }

    private static async Task<(double RowsPerSecond, double WorstMilliseconds)> ByEntityFrameworkAsync(int batches, string path)
    {
        await using SessionStore store = await SessionStore.OpenAsync(path);
        SessionRecorder recorder = await store.BeginAsync(Samples.Device(), Samples.Status(0), Samples.OnTestBlock);
        await recorder.FinishAsync(SessionOutcome.Completed, null);
        int next = 1;
        return await TimeAsync(batches, () => store.WriteAsync(context =>
        {
            for (int i = 0; i < RowsOfBatch; i++)
            {
                TelemetrySample sample = Samples.Status(next++).ToRow();
                (sample.SessionId, sample.Sequence) = (recorder.SessionId, next);
                context.Add(sample);
            }

            context.SaveChanges();
        }));
    }

    private static async Task<(double RowsPerSecond, double WorstMilliseconds)> TimeAsync(int batches, Func<Task> batch)
    {
        await batch();
        List<double> milliseconds = [];
        for (int i = 0; i < batches; i++)
        {
            long began = Stopwatch.GetTimestamp();
            await batch();
            milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return (batches * RowsOfBatch * 1000.0 / milliseconds.Sum(), milliseconds.Max());
    }
}
