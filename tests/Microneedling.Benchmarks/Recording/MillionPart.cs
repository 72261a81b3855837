using System.Diagnostics;
using System.Globalization;
using Microneedling.Client;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Benchmarks.Recording;

/// <summary>A page of fifty among up to a million sessions, by each filter and by some together, on both engines.</summary>
internal static class MillionPart
{
    private const string Sqlite = "sqlite";
    private const string PostgreSql = "postgresql";
    private const int Clients = 2_000;
    private const int Rounds = 20;

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

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        using Places places = new();
        List<Finding> findings = [];
        int[] counts = size.Of<int[]>([10_000], [10_000, 100_000, 1_000_000]);
        Dictionary<string, double> slowest = [];
        foreach (int count in counts)
        {
            foreach (string engine in Places.Server is null ? [Sqlite] : new[] { Sqlite, PostgreSql })
            {
                (slowest[engine], string question) = await OnAsync(engine == Sqlite ? places.File($"{count}.db") : places.Database(), count);
                findings.Add(Figure.Told($"record.page_ms.{engine}.{count}", slowest[engine], "ms", $"the slowest of {Questions.Length} filters, slowest of {Rounds}: {question}"));
            }
        }

        findings.Add(slowest.ContainsKey(PostgreSql)
            ? Promises.Of("record.page_ms.million", slowest.Values.Max(), $"a page of 50 among {counts[^1]} sessions, the slowest filter on the slower engine, slowest of {Rounds}")
            : throw new LeftOutException(Places.WhyNoServer));
        return findings;
    }

    private static async Task<(double Milliseconds, string Question)> OnAsync(string database, int count)
    {
        await using SessionStore store = await SessionStore.OpenAsync(database);
        await store.WriteAsync(context => Generate(context, count));
        await using (SessionContext context = store.CreateContext())
        {
            // PostgreSQL's own housekeeping does this within minutes of such an intake.
            await context.Database.ExecuteSqlRawAsync(context.Database.IsSqlite() ? "ANALYZE" : "VACUUM ANALYZE");
        }

        (double Milliseconds, string Question) slowest = default;
        foreach (var (name, filter, page) in Questions)
        {
            _ = await store.ListAsync(filter, page); // Compiles the query.
            for (int round = 0; round < Rounds; round++)
            {
                long asked = Stopwatch.GetTimestamp();
                _ = await store.ListAsync(filter, page);
                double milliseconds = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
                slowest = milliseconds > slowest.Milliseconds ? (milliseconds, name) : slowest;
            }
        }

        return slowest;
    }

    private static void Generate(SessionContext context, int sessions)
    {
        using var transaction = context.Database.BeginTransaction();
        context.AddRange(Enumerable.Range(1, 5).Select(person => new PersonRow { Id = person, Name = $"Person {person}", NameKey = $"person {person}", Role = Role.Practitioner, IsActive = true }));
        context.AddRange(Enumerable.Range(0, Clients).Select(client => new ClientRow { Key = KeyOf(client), Number = client + 1, Label = $"Client {client + 1:0000}", LabelKey = $"client {client + 1:0000}", CreatedUtc = Samples.Start }));
        context.SaveChanges();
        BulkInsert.Insert(context, context.Model.FindEntityType(typeof(Session))!, Enumerable.Range(1, sessions).Select(number => Made(number, sessions)));
        transaction.Commit();
    }

    private static Session Made(int number, int sessions)
    {
        DateTimeOffset started = Samples.Start.AddMinutes((number - sessions) * 1.5);
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
