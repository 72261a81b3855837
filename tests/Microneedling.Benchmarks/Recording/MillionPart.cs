using System.Diagnostics;
using System.Globalization;
using Microneedling.Client;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Benchmarks.Recording;

/// <summary>A page of fifty among a million sessions, by each filter and by some together, on both engines.</summary>
internal static class MillionPart
{
    private const int Sessions = 1_000_000;
    private const int Clients = 2_000;
    private const int Rounds = 20;
    private const double MostMilliseconds = 50;

    private static readonly (string Name, SessionFilter Filter, int Page)[] Questions =
    [
        ("the newest", new SessionFilter(), 0),
        ("the 200th page", new SessionFilter(), 199),
        ("of a client", new SessionFilter(ClientKey: KeyOf(7)), 0),
        ("of a person", new SessionFilter(PersonId: 3), 0),
        ("with a device", new SessionFilter(DeviceSerialNumber: 1005), 100),
        ("with a lot", new SessionFilter(Lot: "LOT-0042"), 1),
        ("with a lot that nobody had", new SessionFilter(Lot: "LOT-X"), 0),
        ("aborted by a fault", new SessionFilter(Outcome: SessionOutcome.AbortedByFault), 0),
        ("of one day two years ago", new SessionFilter(From: Samples.Start.AddDays(-700), Before: Samples.Start.AddDays(-699)), 0),
        ("of a client, on a device, completed", new SessionFilter(ClientKey: KeyOf(7), DeviceSerialNumber: 1007, Outcome: SessionOutcome.Completed), 0),
        ("with a lot, by a person, last year", new SessionFilter(PersonId: 3, Lot: "LOT-0043", From: Samples.Start.AddDays(-365)), 0),
    ];

    public static async Task<IEnumerable<Row>> MeasureAsync()
    {
        using Places places = new();
        List<Row> rows = [.. await OnAsync("SQLite", places.File("million.db"))];
        if (Places.Server is null)
        {
            rows.Add(Row.Told("PostgreSQL: not measured, MICRONEEDLING_POSTGRES names no server", 0, ""));
        }
        else
        {
            rows.AddRange(await OnAsync("PostgreSQL", places.Database()));
        }

        return rows;
    }

    private static async Task<IEnumerable<Row>> OnAsync(string engine, string database)
    {
        await using SessionStore store = await SessionStore.OpenAsync(database);
        long began = Stopwatch.GetTimestamp();
        await store.WriteAsync(Generate);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await using (SessionContext context = store.CreateContext())
        {
            // PostgreSQL's own housekeeping does this within minutes of such an intake.
            await context.Database.ExecuteSqlRawAsync(context.Database.IsSqlite() ? "ANALYZE" : "VACUUM ANALYZE");
        }

        List<Row> rows = [Row.Told($"{engine}: a million sessions made in", seconds, "s")];
        foreach (var (name, filter, page) in Questions)
        {
            List<double> milliseconds = [];
            int found = 0;
            for (int round = 0; round <= Rounds; round++)
            {
                long asked = Stopwatch.GetTimestamp();
                found = (await store.ListAsync(filter, page)).Sessions.Count;
                milliseconds.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            milliseconds.RemoveAt(0); // Compiles the query.
            rows.Add(Row.AtMost($"{engine}: {name}, {found} found, slowest of {Rounds}", milliseconds.Max(), MostMilliseconds, "ms"));
        }

        return rows;
    }

    private static void Generate(SessionContext context)
    {
        using var transaction = context.Database.BeginTransaction();
        context.AddRange(Enumerable.Range(1, 5).Select(person => new PersonRow { Id = person, Name = $"Person {person}", NameKey = $"person {person}", Role = Role.Practitioner, IsActive = true }));
        context.AddRange(Enumerable.Range(0, Clients).Select(client => new ClientRow { Key = KeyOf(client), Number = client + 1, Label = $"Client {client + 1:0000}", LabelKey = $"client {client + 1:0000}", CreatedUtc = Samples.Start }));
        context.SaveChanges();
        BulkInsert.Insert(context, context.Model.FindEntityType(typeof(Session))!, Enumerable.Range(1, Sessions).Select(Made));
        transaction.Commit();
    }

    private static Session Made(int number)
    {
        DateTimeOffset started = Samples.Start.AddMinutes((number - Sessions) * 1.5);
        return new Session
        {
            Id = number,
            Key = string.Create(CultureInfo.InvariantCulture, $"session{number:0000000}"),
            StartedUtc = started,
            EndedUtc = started.AddMinutes(20),
            LastRecordedUtc = started.AddMinutes(20),
            DeviceSerialNumber = 1000 + (number % 12),
            DeviceBootId = number,
            FirmwareVersion = "1.4.2",
            ProtocolVersion = "1.2",
            Outcome = (number % 50) switch { 0 => SessionOutcome.AbortedByFault, < 5 => SessionOutcome.Stopped, _ => SessionOutcome.Completed },
            Strokes = 4_000,
            DeepestActiveDepthMicrometers = 500,
            FastestActiveRateMillihertz = 60_000,
            EventsComplete = true,
            PersonId = 1 + (number % 5),
            PersonName = $"Person {1 + (number % 5)}",
            ClientKey = KeyOf(number % Clients),
            CartridgeType = "Sim 12",
            CartridgeNeedles = 12,
            CartridgeLot = string.Create(CultureInfo.InvariantCulture, $"LOT-{number / 5_000:0000}"),
            CartridgeExpires = new DateOnly(2099, 12, 31),
        };
    }

    private static string KeyOf(int client) => string.Create(CultureInfo.InvariantCulture, $"client{client:0000000000}");
}
