using System.Diagnostics;
using Microneedling.Sessions;
using Microneedling.Sessions.Backups;
using Microneedling.Sessions.Exchange;
using Microsoft.Data.Sqlite;

namespace Microneedling.Benchmarks.Recording;

/// <summary>What keeping a record costs: checks, backups, a long session out of it and into another, and a disk that refuses.</summary>
internal static class KeepingPart
{
    private const int StatusesOfAnHour = 72_000;
    private const double Megabyte = 1e6;

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        int hours = size.Of(1, 8);
        using Places places = new();
        string record = places.File("kept.db");
        long session;
        List<Figure> figures = [];
        await using (SessionStore store = await SessionStore.OpenAsync(record))
        {
            figures.Add(Figure.Told("record.waiting_mb_per_hour", await WaitingMegabytesAsync(store, record), "MB", $"memory that the notes of an hour ({StatusesOfAnHour} statuses) take while the disk takes none"));
            await Samples.RecordAsync(store, hours * StatusesOfAnHour);
            session = await Samples.RecordAsync(store, hours * StatusesOfAnHour);
        }

        double hundreds = new FileInfo(record).Length / Megabyte / 100;
        string of = $"for each 100 MB of a record of {hundreds * 100:0} MB in a file";
        figures.Add(Figure.Told("record.quick_check_ms", await MillisecondsAsync(() => Task.Run(() => BackupFile.Damage(record, "quick_check"))) / hundreds, "ms", $"the check at the start after a program that died, {of}"));
        using RecordBackups backups = new(record);
        figures.Add(Figure.Told("record.backup_ms", await MillisecondsAsync(() => backups.BackUpAsync()) / hundreds, "ms", $"a backup taken, read again, checked and proved, {of}"));

        figures.AddRange(await OutAndInAsync(places, record, session, hours));
        return figures;
    }

    private static async Task<IEnumerable<Figure>> OutAndInAsync(Places places, string record, long session, int hours)
    {
        string path = places.File("session.json");
        double written;
        await using (SessionStore from = await SessionStore.OpenAsync(record))
        await using (FileStream file = File.Create(path))
        {
            SessionExport export = (await new SessionExchange(from).FindAsync(session))!;
            written = await MillisecondsAsync(() => export.WriteJsonAsync(file, withTexts: true));
        }

        await using SessionStore into = await SessionStore.OpenAsync(places.File("other.db"));
        await using FileStream again = File.OpenRead(path);
        double read = await MillisecondsAsync(() => new SessionExchange(into).ImportAsync(Samples.Owner, again));
        string how = $"a session of {hours} h ({hours * StatusesOfAnHour} statuses)";
        return
        [
            Figure.Told("record.export_mb", again.Length / Megabyte, "MB", $"{how} as JSON, with its proof"),
            Figure.Told("record.export_ms", written, "ms", "writing it to a file"),
            Figure.Told("record.import_ms", read, "ms", "taking it into another record: read, proved, committed"),
        ];
    }

    private static async Task<double> WaitingMegabytesAsync(SessionStore store, string record)
    {
        await using SessionRecorder recorder = await store.BeginAsync(Samples.Device(), Samples.Status(0), Samples.OnTestBlock);
        double waiting;
        await using (SqliteConnection other = new(new SqliteConnectionStringBuilder { DataSource = record, Pooling = false }.ToString()))
        {
            await other.OpenAsync();
            await using SqliteCommand holdOff = other.CreateCommand();
            holdOff.CommandText = "BEGIN IMMEDIATE";
            await holdOff.ExecuteNonQueryAsync();
            long before = GC.GetTotalMemory(forceFullCollection: true);
            for (int i = 1; i < StatusesOfAnHour; i++)
            {
                recorder.RecordStatus(Samples.Status(i));
            }

            waiting = (GC.GetTotalMemory(forceFullCollection: true) - before) / Megabyte;
        }

        await recorder.FinishAsync(SessionOutcome.Completed, null);
        return waiting;
    }

    private static async Task<double> MillisecondsAsync(Func<Task> measured)
    {
        long began = Stopwatch.GetTimestamp();
        await measured();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
