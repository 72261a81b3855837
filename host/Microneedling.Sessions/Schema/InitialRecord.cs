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
                Id = table.Column<long>(nullable: false).Numbered(),
                StartedUtc = table.Column<DateTimeOffset>(nullable: false),
                EndedUtc = table.Column<DateTimeOffset>(nullable: true),
                LastRecordedUtc = table.Column<DateTimeOffset>(nullable: false),
                DeviceSerialNumber = table.Column<long>(nullable: false),
                DeviceBootId = table.Column<long>(nullable: false),
                FirmwareVersion = table.Column<string>(nullable: false),
                ProtocolVersion = table.Column<string>(nullable: false),
                Outcome = table.Column<int>(nullable: false),
                Strokes = table.Column<long>(nullable: false),
                DeepestActiveDepthMicrometers = table.Column<int>(nullable: false),
                FastestActiveRateMillihertz = table.Column<int>(nullable: false),
                EventsComplete = table.Column<bool>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Sessions", session => session.Id));

        migrationBuilder.CreateTable(
            name: "SessionParameters",
            columns: table => new
            {
                SessionId = table.Column<long>(nullable: false),
                Sequence = table.Column<long>(nullable: false),
                RecordedUtc = table.Column<DateTimeOffset>(nullable: false),
                DeviceUptimeMilliseconds = table.Column<long>(nullable: true),
                AskedDepthMicrometers = table.Column<int>(nullable: false),
                AskedDepthCapMicrometers = table.Column<int>(nullable: false),
                AskedRateMillihertz = table.Column<int>(nullable: false),
                SupervisorUnlock = table.Column<bool>(nullable: false),
                ActiveDepthMicrometers = table.Column<int>(nullable: false),
                ActiveDepthCapMicrometers = table.Column<int>(nullable: false),
                ActiveRateMillihertz = table.Column<int>(nullable: false),
                Token = table.Column<long>(nullable: false),
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
                SessionId = table.Column<long>(nullable: false),
                Sequence = table.Column<long>(nullable: false),
                RecordedUtc = table.Column<DateTimeOffset>(nullable: false),
                Number = table.Column<long>(nullable: false),
                LastMissingNumber = table.Column<long>(nullable: true),
                DeviceUptimeMilliseconds = table.Column<long>(nullable: true),
                Code = table.Column<int>(nullable: true),
                Argument1 = table.Column<int>(nullable: true),
                Argument2 = table.Column<int>(nullable: true),
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
                SessionId = table.Column<long>(nullable: false),
                Sequence = table.Column<long>(nullable: false),
                ReceivedUtc = table.Column<DateTimeOffset>(nullable: false),
                DeviceUptimeMilliseconds = table.Column<long>(nullable: false),
                State = table.Column<byte>(nullable: false),
                Fault = table.Column<int>(nullable: false),
                Inputs = table.Column<int>(nullable: false),
                Flags = table.Column<byte>(nullable: false),
                StagePositionMicrometers = table.Column<int>(nullable: false),
                ActiveDepthMicrometers = table.Column<int>(nullable: false),
                DrivenRateMillihertz = table.Column<int>(nullable: false),
                MeasuredRateMillihertz = table.Column<int>(nullable: false),
                StrokeCount = table.Column<long>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_TelemetrySamples", row => new { row.SessionId, row.Sequence });
                table.ForeignKey("FK_TelemetrySamples_Sessions_SessionId", row => row.SessionId, "Sessions", "Id", onDelete: ReferentialAction.Restrict);
            });
    }
}
