using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Npgsql;

namespace Microneedling.Benchmarks.Recording;

/// <summary>How much an hour of treatment takes in the record.</summary>
internal static class GrowthPart
{
    private const int StatusesOfAnHour = 72_000;
    private const int StatusesOfAPull = 100;
    private const int EventsOfAnHour = 2 * StatusesOfAnHour / StatusesOfAPull;
    private const double Megabyte = 1 << 20;

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        int hours = size.Of(1, 4);
        using Places places = new();
        string path = places.File("growth.db");
        double file = await PerHourAsync(path, hours, () => Task.FromResult(new FileInfo(path).Length));
        List<Finding> findings =
        [
            Figure.Told("record.growth_mb_per_hour.sqlite", file, "MB", $"an hour of treatment, 20 statuses a second and {EventsOfAnHour} events (the trigger held for 5 s of every 10 s), each row hashed: growth of the file, mean of {hours}"),
            Figure.Told("record.growth_bytes_per_status.sqlite", file * Megabyte / StatusesOfAnHour, "bytes", "the same growth, over the statuses"),
        ];
        if (Places.Server is not null)
        {
            string database = places.Database();
            double server = await PerHourAsync(database, hours, () => SizeOfAsync(database));
            findings.Add(Figure.Told("record.growth_mb_per_hour.postgresql", server, "MB", "the same hours on PostgreSQL: growth of the database"));
            findings.Add(Figure.Told("record.growth_bytes_per_status.postgresql", server * Megabyte / StatusesOfAnHour, "bytes", "the same growth, over the statuses"));
        }

        return findings;
    }

    private static async Task<double> PerHourAsync(string place, int hours, Func<Task<long>> size)
    {
        await using (SessionStore empty = await SessionStore.OpenAsync(place))
        {
        }

        long before = await size();
        await using (SessionStore store = await SessionStore.OpenAsync(place))
        {
            for (int hour = 0; hour < hours; hour++)
            {
                await TreatAsync(store);
            }
        }

        return (await size() - before) / Megabyte / hours;
    }

    private static async Task TreatAsync(SessionStore store)
    {
        SessionRecorder recorder = await store.BeginAsync(Samples.Device(), Samples.Status(0), Samples.OnTestBlock);
        uint events = 0;
        for (int i = 1; i <= StatusesOfAnHour; i++)
        {
            recorder.RecordStatus(Samples.Status(i));
            if (i % StatusesOfAPull == 0)
            {
                bool pulled = i / StatusesOfAPull % 2 == 1;
                (DeviceState from, DeviceState to) = pulled ? (DeviceState.Armed, DeviceState.Running) : (DeviceState.Running, DeviceState.Armed);
                TimeSpan at = TimeSpan.FromMilliseconds(i * 50);
                recorder.RecordEvent(new DeviceEvent(++events, at, pulled ? EventCode.TriggerPressed : EventCode.TriggerReleased, i * 3, 0));
                recorder.RecordEvent(new DeviceEvent(++events, at, EventCode.StateChanged, (int)to, (int)from));
            }
        }

        await recorder.FinishAsync(SessionOutcome.Completed, null);
    }

    private static async Task<long> SizeOfAsync(string database)
    {
        await using NpgsqlConnection connection = new(database + ";Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new("SELECT pg_database_size(current_database())", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
