using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Microneedling.Sessions.Schema;

/// <summary>Sessions and their rows.</summary>
[DbContext(typeof(SessionContext))]
[Migration("20261001000000_InitialRecord")]
internal sealed class InitialRecord : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "Sessions",
            columns: table => new
            {
                Id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                StartedUtc = table.Column<string>(type: "TEXT", nullable: false),
                EndedUtc = table.Column<string>(type: "TEXT", nullable: true),
                LastRecordedUtc = table.Column<string>(type: "TEXT", nullable: false),
                DeviceSerialNumber = table.Column<long>(type: "INTEGER", nullable: false),
                DeviceBootId = table.Column<long>(type: "INTEGER", nullable: false),
                FirmwareVersion = table.Column<string>(type: "TEXT", nullable: false),
                ProtocolVersion = table.Column<string>(type: "TEXT", nullable: false),
                Outcome = table.Column<int>(type: "INTEGER", nullable: false),
                Strokes = table.Column<long>(type: "INTEGER", nullable: false),
                DeepestActiveDepthMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                FastestActiveRateMillihertz = table.Column<int>(type: "INTEGER", nullable: false),
                EventsComplete = table.Column<bool>(type: "INTEGER", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Sessions", session => session.Id));

        migrationBuilder.CreateTable(
            name: "SessionParameters",
            columns: table => new
            {
                SessionId = table.Column<long>(type: "INTEGER", nullable: false),
                Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                RecordedUtc = table.Column<string>(type: "TEXT", nullable: false),
                DeviceUptimeMilliseconds = table.Column<long>(type: "INTEGER", nullable: true),
                AskedDepthMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                AskedDepthCapMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                AskedRateMillihertz = table.Column<int>(type: "INTEGER", nullable: false),
                SupervisorUnlock = table.Column<bool>(type: "INTEGER", nullable: false),
                ActiveDepthMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                ActiveDepthCapMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                ActiveRateMillihertz = table.Column<int>(type: "INTEGER", nullable: false),
                Token = table.Column<long>(type: "INTEGER", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_SessionParameters", row => new { row.SessionId, row.Sequence });
                table.ForeignKey("FK_SessionParameters_Sessions_SessionId", row => row.SessionId, "Sessions", "Id", onDelete: ReferentialAction.Restrict);
            });

        migrationBuilder.CreateTable(
            name: "SessionEvents",
            columns: table => new
            {
                SessionId = table.Column<long>(type: "INTEGER", nullable: false),
                Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                RecordedUtc = table.Column<string>(type: "TEXT", nullable: false),
                Number = table.Column<long>(type: "INTEGER", nullable: false),
                LastMissingNumber = table.Column<long>(type: "INTEGER", nullable: true),
                DeviceUptimeMilliseconds = table.Column<long>(type: "INTEGER", nullable: true),
                Code = table.Column<int>(type: "INTEGER", nullable: true),
                Argument1 = table.Column<int>(type: "INTEGER", nullable: true),
                Argument2 = table.Column<int>(type: "INTEGER", nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_SessionEvents", row => new { row.SessionId, row.Sequence });
                table.ForeignKey("FK_SessionEvents_Sessions_SessionId", row => row.SessionId, "Sessions", "Id", onDelete: ReferentialAction.Restrict);
            });

        migrationBuilder.CreateTable(
            name: "TelemetrySamples",
            columns: table => new
            {
                SessionId = table.Column<long>(type: "INTEGER", nullable: false),
                Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                ReceivedUtc = table.Column<string>(type: "TEXT", nullable: false),
                DeviceUptimeMilliseconds = table.Column<long>(type: "INTEGER", nullable: false),
                State = table.Column<int>(type: "INTEGER", nullable: false),
                Fault = table.Column<int>(type: "INTEGER", nullable: false),
                Inputs = table.Column<int>(type: "INTEGER", nullable: false),
                Flags = table.Column<int>(type: "INTEGER", nullable: false),
                StagePositionMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                ActiveDepthMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                DrivenRateMillihertz = table.Column<int>(type: "INTEGER", nullable: false),
                MeasuredRateMillihertz = table.Column<int>(type: "INTEGER", nullable: false),
                StrokeCount = table.Column<long>(type: "INTEGER", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_TelemetrySamples", row => new { row.SessionId, row.Sequence });
                table.ForeignKey("FK_TelemetrySamples_Sessions_SessionId", row => row.SessionId, "Sessions", "Id", onDelete: ReferentialAction.Restrict);
            });
    }
}
