using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Microneedling.Sessions.Schema;

/// <summary>
/// People, clients, what the site has laid down, audit trail and passes; and what sessions did not keep before. Sessions
/// from before stay as they are: what was not kept is null.
/// </summary>
[DbContext(typeof(SessionContext))]
[Migration("20261122000000_ClinicRecord")]
internal sealed class ClinicRecord : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreatePeopleAndClients(migrationBuilder);
        CreateSite(migrationBuilder);
        CreateClientHistory(migrationBuilder);
        ExtendSessions(migrationBuilder);
    }

    private static void CreatePeopleAndClients(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "People",
            columns: table => new
            {
                Id = table.Column<long>(nullable: false).Numbered(),
                Name = table.Column<string>(nullable: false),
                NameKey = table.Column<string>(nullable: false),
                Role = table.Column<int>(nullable: false),
                IsActive = table.Column<bool>(nullable: false),
                PinVersion = table.Column<int>(nullable: false),
                PinIterations = table.Column<int>(nullable: false),
                PinSalt = table.Column<byte[]>(nullable: false),
                PinHash = table.Column<byte[]>(nullable: false),
                WrongPins = table.Column<int>(nullable: false),
                LockedUntilUtc = table.Column<DateTimeOffset>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_People", row => row.Id));
        migrationBuilder.CreateIndex("IX_People_NameKey", "People", "NameKey", unique: true);

        migrationBuilder.CreateTable(
            name: "Clients",
            columns: table => new
            {
                Key = table.Column<string>(nullable: false),
                Number = table.Column<long>(nullable: false),
                Label = table.Column<string>(nullable: false),
                LabelKey = table.Column<string>(nullable: false),
                Name = table.Column<string>(nullable: true),
                NameKey = table.Column<string>(nullable: true),
                BirthYear = table.Column<int>(nullable: true),
                SkinType = table.Column<int>(nullable: false),
                Thickness = table.Column<int>(nullable: false),
                Notes = table.Column<string>(nullable: false),
                CreatedUtc = table.Column<DateTimeOffset>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Clients", row => row.Key));
        migrationBuilder.CreateIndex("IX_Clients_Number", "Clients", "Number", unique: true);
        migrationBuilder.CreateIndex("IX_Clients_LabelKey", "Clients", "LabelKey", unique: true);

        migrationBuilder.CreateTable(
            name: "AuditEntries",
            columns: table => new
            {
                Id = table.Column<long>(nullable: false).Numbered(),
                AtUtc = table.Column<DateTimeOffset>(nullable: false),
                ById = table.Column<long>(nullable: true),
                ByName = table.Column<string>(nullable: false),
                Action = table.Column<string>(nullable: false),
                Subject = table.Column<string>(nullable: false),
                Details = table.Column<string>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_AuditEntries", row => row.Id));
    }

    private static void CreateSite(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "Checklists",
            columns: table => new
            {
                Version = table.Column<int>(nullable: false),
                Items = table.Column<string>(nullable: false),
                CreatedUtc = table.Column<DateTimeOffset>(nullable: false),
                ById = table.Column<long>(nullable: true),
                ByName = table.Column<string>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Checklists", row => row.Version));

        migrationBuilder.CreateTable(
            name: "DepthCaps",
            columns: table => new
            {
                Version = table.Column<int>(nullable: false),
                PractitionerMicrometers = table.Column<int>(nullable: false),
                SupervisorMicrometers = table.Column<int>(nullable: false),
                EngineerMicrometers = table.Column<int>(nullable: false),
                MicrometersByZone = table.Column<string>(nullable: false),
                CreatedUtc = table.Column<DateTimeOffset>(nullable: false),
                ById = table.Column<long>(nullable: true),
                ByName = table.Column<string>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_DepthCaps", row => row.Version));

        migrationBuilder.CreateTable(
            name: "Presets",
            columns: table => new
            {
                Key = table.Column<string>(nullable: false),
                Version = table.Column<int>(nullable: false),
                Name = table.Column<string>(nullable: false),
                ZoneIds = table.Column<string>(nullable: false),
                Indication = table.Column<string>(nullable: false),
                DepthFromMicrometers = table.Column<int>(nullable: false),
                DepthToMicrometers = table.Column<int>(nullable: false),
                DepthMicrometers = table.Column<int>(nullable: false),
                RateMillihertz = table.Column<int>(nullable: true),
                BurstStrokes = table.Column<int>(nullable: true),
                Source = table.Column<string>(nullable: false),
                Grade = table.Column<int>(nullable: false),
                OnLabel = table.Column<bool>(nullable: false),
                Notes = table.Column<string>(nullable: false),
                IsRetired = table.Column<bool>(nullable: false),
                CreatedUtc = table.Column<DateTimeOffset>(nullable: false),
                ById = table.Column<long>(nullable: true),
                ByName = table.Column<string>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Presets", row => new { row.Key, row.Version }));
    }

    private static void CreateClientHistory(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "SuitabilityChecks",
            columns: table => new
            {
                Id = table.Column<long>(nullable: false).Numbered(),
                ClientKey = table.Column<string>(nullable: false),
                AtUtc = table.Column<DateTimeOffset>(nullable: false),
                ById = table.Column<long>(nullable: true),
                ByName = table.Column<string>(nullable: false),
                ChecklistVersion = table.Column<int>(nullable: false),
                AnsweredYes = table.Column<string>(nullable: false),
                IsSuitable = table.Column<bool>(nullable: false),
                Notes = table.Column<string>(nullable: false),
                OverrideUtc = table.Column<DateTimeOffset>(nullable: true),
                OverrideById = table.Column<long>(nullable: true),
                OverrideByName = table.Column<string>(nullable: true),
                OverrideReason = table.Column<string>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_SuitabilityChecks", row => row.Id);
                table.ForeignKey("FK_SuitabilityChecks_Clients_ClientKey", row => row.ClientKey, "Clients", "Key", onDelete: ReferentialAction.Restrict);
                table.ForeignKey("FK_SuitabilityChecks_Checklists_ChecklistVersion", row => row.ChecklistVersion, "Checklists", "Version", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("IX_SuitabilityChecks_ClientKey", "SuitabilityChecks", "ClientKey");
        migrationBuilder.CreateIndex("IX_SuitabilityChecks_ChecklistVersion", "SuitabilityChecks", "ChecklistVersion");

        migrationBuilder.CreateTable(
            name: "Consents",
            columns: table => new
            {
                Id = table.Column<long>(nullable: false).Numbered(),
                ClientKey = table.Column<string>(nullable: false),
                AtUtc = table.Column<DateTimeOffset>(nullable: false),
                ById = table.Column<long>(nullable: true),
                ByName = table.Column<string>(nullable: false),
                Wording = table.Column<string>(nullable: false),
                WithdrawnUtc = table.Column<DateTimeOffset>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Consents", row => row.Id);
                table.ForeignKey("FK_Consents_Clients_ClientKey", row => row.ClientKey, "Clients", "Key", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("IX_Consents_ClientKey", "Consents", "ClientKey");

        migrationBuilder.CreateTable(
            name: "Courses",
            columns: table => new
            {
                Id = table.Column<long>(nullable: false).Numbered(),
                ClientKey = table.Column<string>(nullable: false),
                Indication = table.Column<string>(nullable: false),
                PlannedSessions = table.Column<int>(nullable: false),
                IntervalDays = table.Column<int>(nullable: false),
                CreatedUtc = table.Column<DateTimeOffset>(nullable: false),
                IsClosed = table.Column<bool>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Courses", row => row.Id);
                table.ForeignKey("FK_Courses_Clients_ClientKey", row => row.ClientKey, "Clients", "Key", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("IX_Courses_ClientKey", "Courses", "ClientKey");

        migrationBuilder.CreateTable(
            name: "FollowUps",
            columns: table => new
            {
                Id = table.Column<long>(nullable: false).Numbered(),
                SessionId = table.Column<long>(nullable: false),
                HoursAfter = table.Column<int>(nullable: false),
                Redness = table.Column<int>(nullable: false),
                Swelling = table.Column<int>(nullable: false),
                Pain = table.Column<int>(nullable: false),
                Notes = table.Column<string>(nullable: false),
                AtUtc = table.Column<DateTimeOffset>(nullable: false),
                ById = table.Column<long>(nullable: true),
                ByName = table.Column<string>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_FollowUps", row => row.Id);
                table.ForeignKey("FK_FollowUps_Sessions_SessionId", row => row.SessionId, "Sessions", "Id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("IX_FollowUps_SessionId", "FollowUps", "SessionId");
    }

    private static void ExtendSessions(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddReference<long>("Sessions", "PersonId", "People", "Id");
        migrationBuilder.AddReference<string>("Sessions", "ClientKey", "Clients", "Key");
        migrationBuilder.AddReference<long>("Sessions", "SuitabilityCheckId", "SuitabilityChecks", "Id");
        migrationBuilder.AddReference<long>("Sessions", "CourseId", "Courses", "Id");
        migrationBuilder.AddColumn<string>("PersonName", "Sessions", nullable: true);
        migrationBuilder.AddColumn<string>("CartridgeType", "Sessions", nullable: true);
        migrationBuilder.AddColumn<int>("CartridgeNeedles", "Sessions", nullable: true);
        migrationBuilder.AddColumn<string>("CartridgeLot", "Sessions", nullable: true);
        migrationBuilder.AddColumn<DateOnly>("CartridgeExpires", "Sessions", nullable: true);
        foreach (var column in new[] { "PersonId", "ClientKey", "CourseId", "DeviceSerialNumber", "CartridgeLot", "Outcome" })
        {
            migrationBuilder.CreateIndex($"IX_Sessions_{column}_Id", "Sessions", [column, "Id"]);
        }

        migrationBuilder.CreateIndex("IX_Sessions_SuitabilityCheckId", "Sessions", "SuitabilityCheckId");
        migrationBuilder.CreateIndex("IX_Sessions_StartedUtc", "Sessions", "StartedUtc");

        migrationBuilder.AddColumn<int>("AskedBurstStrokes", "SessionParameters", nullable: true);
        migrationBuilder.AddColumn<int>("ActiveBurstStrokes", "SessionParameters", nullable: true);
        migrationBuilder.AddColumn<long>("RestartedBootId", "SessionEvents", nullable: true);
        migrationBuilder.AddColumn<int>("ActiveDepthCapMicrometers", "TelemetrySamples", nullable: true);
        migrationBuilder.AddColumn<int>("ActiveRateMillihertz", "TelemetrySamples", nullable: true);
        migrationBuilder.AddColumn<int>("ActiveBurstStrokes", "TelemetrySamples", nullable: true);
        migrationBuilder.AddColumn<byte>("Alarm", "TelemetrySamples", nullable: true);
        migrationBuilder.AddColumn<long>("SessionNumber", "TelemetrySamples", nullable: true);

        migrationBuilder.CreateTable(
            name: "Passes",
            columns: table => new
            {
                SessionId = table.Column<long>(nullable: false),
                Number = table.Column<int>(nullable: false),
                ZoneId = table.Column<string>(nullable: false),
                AreaSquareMillimeters = table.Column<int>(nullable: false),
                PresetKey = table.Column<string>(nullable: true),
                PresetVersion = table.Column<int>(nullable: true),
                ById = table.Column<long>(nullable: true),
                ByName = table.Column<string>(nullable: false),
                UnlockedById = table.Column<long>(nullable: true),
                UnlockedByName = table.Column<string>(nullable: true),
                UnlockReason = table.Column<string>(nullable: true),
                StartedUtc = table.Column<DateTimeOffset>(nullable: false),
                EndedUtc = table.Column<DateTimeOffset>(nullable: true),
                Ending = table.Column<int>(nullable: false),
                Strokes = table.Column<long>(nullable: false),
                StrokingMilliseconds = table.Column<long>(nullable: false),
                DeepestActiveDepthMicrometers = table.Column<int>(nullable: false),
                FastestActiveRateMillihertz = table.Column<int>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Passes", row => new { row.SessionId, row.Number });
                table.ForeignKey("FK_Passes_Sessions_SessionId", row => row.SessionId, "Sessions", "Id", onDelete: ReferentialAction.Restrict);
            });
    }
}
