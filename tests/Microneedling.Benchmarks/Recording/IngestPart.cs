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
    private const int Batches = 60;
    private const int RowsOfBatch = 5000;
    private const double RowsPerSecondTarget = 50_000;

    public static async Task<IEnumerable<Row>> MeasureAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("microneedling-");
        try
        {
            (double peer, _) = await ByEntityFrameworkAsync(Path.Combine(folder.FullName, "peer.db"));
            (double ours, double worst) = await ByRecorderAsync(Path.Combine(folder.FullName, "ours.db"));
            return
            [
                Row.AtLeast($"statuses into the record, {Batches} commits of {RowsOfBatch}", ours, RowsPerSecondTarget, "/s"),
                Row.Told("  worst commit", worst, "ms"),
                Row.Told("  the same by EF SaveChanges, a call a batch", peer, "/s"),
                Row.Told("  ratio", ours / peer, "times"),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(double RowsPerSecond, double WorstMilliseconds)> ByRecorderAsync(string path)
    {
        await using SessionStore store = await SessionStore.OpenAsync(path);
        SessionRecorder recorder = await store.BeginAsync(Samples.Device(), Samples.Status(0), Samples.OnTestBlock);
        int next = 1;
        return await TimeAsync(async () =>
        {
            for (int i = 0; i < RowsOfBatch; i++)
            {
                recorder.RecordStatus(Samples.Status(next++));
            }

            await recorder.FlushAsync();
        });
    }

    private static async Task<(double RowsPerSecond, double WorstMilliseconds)> ByEntityFrameworkAsync(string path)
    {
        await using SessionStore store = await SessionStore.OpenAsync(path);
        SessionRecorder recorder = await store.BeginAsync(Samples.Device(), Samples.Status(0), Samples.OnTestBlock);
        await recorder.FinishAsync(SessionOutcome.Completed, null);
        int next = 1;
        return await TimeAsync(() => store.WriteAsync(context =>
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

    private static async Task<(double RowsPerSecond, double WorstMilliseconds)> TimeAsync(Func<Task> batch)
    {
        await batch();
        List<double> milliseconds = [];
        for (int i = 0; i < Batches; i++)
        {
            long began = Stopwatch.GetTimestamp();
            await batch();
            milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return (Batches * RowsOfBatch * 1000.0 / milliseconds.Sum(), milliseconds.Max());
    }
}
