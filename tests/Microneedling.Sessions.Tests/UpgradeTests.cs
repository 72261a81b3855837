// A record of an earlier version: opened, brought up to date, and its sessions read as they were.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Schema;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Microneedling.Sessions.Tests;

public class UpgradeTests : IDisposable
{
    private const string FirstVersion = """
        INSERT INTO Sessions (Id, StartedUtc, EndedUtc, LastRecordedUtc, DeviceSerialNumber, DeviceBootId, FirmwareVersion, ProtocolVersion, Outcome, Strokes, DeepestActiveDepthMicrometers, FastestActiveRateMillihertz, EventsComplete) VALUES
            (7, '2026-03-14T09:26:53.0000000Z', '2026-03-14T09:30:00.0000000Z', '2026-03-14T09:29:59.0000000Z', 4000000001, 3987654321, '1.4.2', '1.0', 1, 3, 500, 60000, TRUE),
            (8, '2026-03-15T09:26:53.0000000Z', NULL, '2026-03-15T09:29:59.0000000Z', 4000000001, 3987654321, '1.4.2', '1.0', 0, 3, 500, 60000, TRUE);
        INSERT INTO SessionParameters (SessionId, Sequence, RecordedUtc, DeviceUptimeMilliseconds, AskedDepthMicrometers, AskedDepthCapMicrometers, AskedRateMillihertz, SupervisorUnlock, ActiveDepthMicrometers, ActiveDepthCapMicrometers, ActiveRateMillihertz, Token)
            VALUES (7, 2, '2026-03-14T09:26:54.0000000Z', 3600000, 510, 1600, 60001, TRUE, 500, 1597, 60000, 4123456789);
        INSERT INTO SessionEvents (SessionId, Sequence, RecordedUtc, Number, LastMissingNumber, DeviceUptimeMilliseconds, Code, Argument1, Argument2) VALUES
            (7, 3, '2026-03-14T09:26:54.0000000Z', 5, NULL, 3600005, 1, 5, 4),
            (7, 4, '2026-03-14T09:26:54.0000000Z', 6, 9, NULL, NULL, NULL, NULL);
        INSERT INTO TelemetrySamples (SessionId, Sequence, ReceivedUtc, DeviceUptimeMilliseconds, State, Fault, Inputs, Flags, StagePositionMicrometers, ActiveDepthMicrometers, DrivenRateMillihertz, MeasuredRateMillihertz, StrokeCount)
            VALUES (7, 1, '2026-03-14T09:26:53.0000000Z', 3600000, 6, 0, 3, 3, -1000, 500, 59999, 59998, 1003);
        """;

    private readonly Record record;

    public UpgradeTests()
        : this(new Record())
    {
    }

    private protected UpgradeTests(Record record) => this.record = record;

    public void Dispose()
    {
        record.Dispose();
        GC.SuppressFinalize(this);
    }

    [RecordTheory]
    [InlineData("20261001000000_InitialRecord")]
    [InlineData("20261122000000_ClinicRecord")]
    [InlineData("20261123000000_ProvableRecord")]
    public async Task A_record_of_an_earlier_version_is_brought_up_to_date_with_its_sessions_as_they_were(string version)
    {
        Build(version);
        var clock = new SetClock(Make.Start.AddYears(1));

        await using (var store = await SessionStore.OpenAsync(record.Path, clock))
        {
            var sessions = await store.ListAsync();
            Assert.Equal(
                [
                    Summary(8, new DateTimeOffset(2026, 3, 15, 9, 26, 53, TimeSpan.Zero), new DateTimeOffset(2026, 3, 15, 9, 29, 59, TimeSpan.Zero), SessionOutcome.Interrupted, eventsComplete: false),
                    Summary(7, Make.Start, new DateTimeOffset(2026, 3, 14, 9, 30, 0, TimeSpan.Zero), SessionOutcome.Completed, eventsComplete: true),
                ],
                sessions);
            var detail = (await store.FindAsync(7))!;
            var at = Make.Start.AddSeconds(1);
            Assert.Equal([new ParameterChange(at, TimeSpan.FromHours(1), Make.Request(), Make.Accepted())], detail.Parameters);
            Assert.Equal(
                [new DeviceLogEntryAt(at, new DeviceEvent(5, TimeSpan.FromMilliseconds(3_600_005), (EventCode)1, 5, 4)), new DeviceLogEntryAt(at, new MissingEvents(6, 9))],
                detail.Events);
            Assert.Equal(
                [new TelemetryPoint(Make.Start, TimeSpan.FromHours(1), DeviceState.Running, FaultCode.None, 3, 3, Depth.FromMicrometers(-1000), Depth.FromMicrometers(500), StrokeRate.FromMillihertz(59_999), StrokeRate.FromMillihertz(59_998), 1003)],
                detail.Telemetry);
            Assert.Empty(detail.Passes);

            Assert.Equal((1, clock.Now), ((await store.Site.ChecklistAsync()).Version, (await store.Site.ChecklistAsync()).CreatedAt));
            Assert.Equal(1, (await store.Site.CapsAsync()).Version);
            Assert.NotEmpty(await store.Site.PresetsAsync());
            Assert.Equal(2, (await store.ListAsync(new SessionFilter(DeviceSerialNumber: 4_000_000_001), 0)).Total);
            Assert.Equal("Client 0001", (await store.Clients.AddAsync(Make.Owner)).Label);
            await store.Clients.FollowUpAsync(Make.Owner, 7, 24, FollowUpGrade.None, FollowUpGrade.None, 0, "");
            await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
            Assert.Equal(9, recorder.SessionId);
        }

        await using var again = await SessionStore.OpenAsync(record.Path);
        Assert.Equal(3, (await again.ListAsync()).Count);
        Assert.Empty((await again.VerifyAsync()).Flaws);
        using var connection = record.OpenAsAnotherProgram();
        if (connection is SqliteConnection)
        {
            Assert.Equal("ok", connection.Scalar("PRAGMA integrity_check"));
            Assert.Null(connection.Scalar("PRAGMA foreign_key_check"));
        }
    }

    [FileFact]
    public async Task A_record_that_another_program_has_open_in_the_first_version_is_left_as_it_was()
    {
        Build("20261001000000_InitialRecord");
        var file = new DatabaseFile(record.Path);
        using (file.Enter(default))
        {
            var before = File.ReadAllBytes(record.Path);
            using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SessionStore.OpenAsync(record.Path, ct: impatient.Token));

            Assert.Equal(before, File.ReadAllBytes(record.Path));
        }

        await using var store = await SessionStore.OpenAsync(record.Path);
        Assert.Equal(2, (await store.ListAsync()).Count);
    }

    [FileFact]
    public async Task An_upgrade_that_fails_halfway_leaves_the_first_version_and_is_done_the_next_time()
    {
        Build("20261001000000_InitialRecord");
        record.Execute("CREATE TABLE Passes (Number INTEGER)"); // The migration's last table cannot be made.

        await Assert.ThrowsAsync<SessionStoreException>(() => SessionStore.OpenAsync(record.Path));
        using (var connection = record.OpenAsAnotherProgram())
        {
            Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM sqlite_master WHERE name = 'People'"));
            Assert.Equal(13L, connection.Scalar("SELECT count(*) FROM pragma_table_info('Sessions')"));
        }

        record.Execute("DROP TABLE Passes");
        await using var store = await SessionStore.OpenAsync(record.Path);
        Assert.Equal(2, (await store.ListAsync()).Count);
        Assert.NotEmpty(await store.Site.PresetsAsync());
    }

    private void Build(string version)
    {
        using (var database = RecordDatabase.At(record.Path))
        {
            database.CreateIfMissing();
            using var context = new SessionContext(database.Options);
            database.Prepare(context);
            context.GetService<IMigrator>().Migrate(version);
        }

        record.Execute(FirstVersion);
        using var connection = record.OpenAsAnotherProgram();
        if (connection is NpgsqlConnection)
        {
            connection.Scalar("SELECT setval(pg_get_serial_sequence('\"Sessions\"', 'Id'), 8)"); // SQLite counts on by itself.
        }
    }

    private static SessionSummary Summary(long id, DateTimeOffset startedAt, DateTimeOffset endedAt, SessionOutcome outcome, bool eventsComplete) => new(
        id, startedAt, endedAt, 4_000_000_001, "1.4.2", outcome, 3, Depth.FromMicrometers(500), StrokeRate.FromMillihertz(60_000), eventsComplete);
}
