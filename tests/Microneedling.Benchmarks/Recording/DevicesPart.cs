using System.Diagnostics;
using Microneedling.Sessions;

namespace Microneedling.Benchmarks.Recording;

/// <summary>Sixty-four devices that report twenty times a second, recorded by one program: what it costs of a core.</summary>
internal static class DevicesPart
{
    private const int Devices = 64;
    private const int ReportsPerSecond = 20;

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        int seconds = size.Of(4, 20);
        using Places places = new();
        await using SessionStore store = await SessionStore.OpenAsync(places.File("devices.db"));
        List<SessionRecorder> recorders = [];
        for (uint device = 1; device <= Devices; device++)
        {
            recorders.Add(await store.BeginAsync(Samples.Device(device), Samples.Status(0), Samples.OnTestBlock));
        }

        using Process process = Process.GetCurrentProcess();
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1.0 / ReportsPerSecond));
        for (int report = 1; report <= ReportsPerSecond; report++)
        {
            await timer.WaitForNextTickAsync();
            recorders.ForEach(recorder => recorder.RecordStatus(Samples.Status(report)));
        }

        TimeSpan before = process.TotalProcessorTime;
        long began = Stopwatch.GetTimestamp();
        for (int report = ReportsPerSecond + 1; report <= ReportsPerSecond * (seconds + 1); report++)
        {
            await timer.WaitForNextTickAsync();
            recorders.ForEach(recorder => recorder.RecordStatus(Samples.Status(report)));
        }

        process.Refresh();
        double cores = (process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(began);
        await Task.WhenAll(recorders.Select(recorder => recorder.FinishAsync(SessionOutcome.Completed, null)));
        SessionDetail one = (await store.FindAsync(recorders[0].SessionId))!;
        return
        [
            Promises.Of("record.devices64.cores", cores, $"{Devices} devices at {ReportsPerSecond} Hz into one record, each status on disk within 250 ms, {seconds} s"),
            Promises.Of("record.devices64.rows_lost", (ReportsPerSecond * (seconds + 1)) + 1 - one.Telemetry.Count, "statuses missing of one of them"),
        ];
    }
}
