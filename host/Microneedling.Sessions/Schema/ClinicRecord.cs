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
                Id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                Name = table.Column<string>(type: "TEXT", nullable: false),
                NameKey = table.Column<string>(type: "TEXT", nullable: false),
                Role = table.Column<int>(type: "INTEGER", nullable: false),
                IsActive = table.Column<bool>(type: "INTEGER", nullable: false),
                PinVersion = table.Column<int>(type: "INTEGER", nullable: false),
                PinIterations = table.Column<int>(type: "INTEGER", nullable: false),
                PinSalt = table.Column<byte[]>(type: "BLOB", nullable: false),
                PinHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                WrongPins = table.Column<int>(type: "INTEGER", nullable: false),
                LockedUntilUtc = table.Column<string>(type: "TEXT", nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_People", row => row.Id));
        migrationBuilder.CreateIndex("IX_People_NameKey", "People", "NameKey", unique: true);

        migrationBuilder.CreateTable(
            name: "Clients",
            columns: table => new
            {
                Key = table.Column<string>(type: "TEXT", nullable: false),
                Number = table.Column<long>(type: "INTEGER", nullable: false),
                Label = table.Column<string>(type: "TEXT", nullable: false),
                LabelKey = table.Column<string>(type: "TEXT", nullable: false),
                Name = table.Column<string>(type: "TEXT", nullable: true),
                NameKey = table.Column<string>(type: "TEXT", nullable: true),
                BirthYear = table.Column<int>(type: "INTEGER", nullable: true),
                SkinType = table.Column<int>(type: "INTEGER", nullable: false),
                Thickness = table.Column<int>(type: "INTEGER", nullable: false),
                Notes = table.Column<string>(type: "TEXT", nullable: false),
                CreatedUtc = table.Column<string>(type: "TEXT", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Clients", row => row.Key));
        migrationBuilder.CreateIndex("IX_Clients_Number", "Clients", "Number", unique: true);
        migrationBuilder.CreateIndex("IX_Clients_LabelKey", "Clients", "LabelKey", unique: true);

        migrationBuilder.CreateTable(
            name: "AuditEntries",
            columns: table => new
            {
                Id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                AtUtc = table.Column<string>(type: "TEXT", nullable: false),
                ById = table.Column<long>(type: "INTEGER", nullable: true),
                ByName = table.Column<string>(type: "TEXT", nullable: false),
                Action = table.Column<string>(type: "TEXT", nullable: false),
                Subject = table.Column<string>(type: "TEXT", nullable: false),
                Details = table.Column<string>(type: "TEXT", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_AuditEntries", row => row.Id));
    }

    private static void CreateSite(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "Checklists",
            columns: table => new
            {
                Version = table.Column<int>(type: "INTEGER", nullable: false),
                Items = table.Column<string>(type: "TEXT", nullable: false),
                CreatedUtc = table.Column<string>(type: "TEXT", nullable: false),
                ById = table.Column<long>(type: "INTEGER", nullable: true),
                ByName = table.Column<string>(type: "TEXT", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Checklists", row => row.Version));

        migrationBuilder.CreateTable(
            name: "DepthCaps",
            columns: table => new
            {
                Version = table.Column<int>(type: "INTEGER", nullable: false),
                PractitionerMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                SupervisorMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                EngineerMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                MicrometersByZone = table.Column<string>(type: "TEXT", nullable: false),
                CreatedUtc = table.Column<string>(type: "TEXT", nullable: false),
                ById = table.Column<long>(type: "INTEGER", nullable: true),
                ByName = table.Column<string>(type: "TEXT", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_DepthCaps", row => row.Version));

        migrationBuilder.CreateTable(
            name: "Presets",
            columns: table => new
            {
                Key = table.Column<string>(type: "TEXT", nullable: false),
                Version = table.Column<int>(type: "INTEGER", nullable: false),
                Name = table.Column<string>(type: "TEXT", nullable: false),
                ZoneIds = table.Column<string>(type: "TEXT", nullable: false),
                Indication = table.Column<string>(type: "TEXT", nullable: false),
                DepthFromMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                DepthToMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                DepthMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                RateMillihertz = table.Column<int>(type: "INTEGER", nullable: true),
                BurstStrokes = table.Column<int>(type: "INTEGER", nullable: true),
                Source = table.Column<string>(type: "TEXT", nullable: false),
                Grade = table.Column<int>(type: "INTEGER", nullable: false),
                OnLabel = table.Column<bool>(type: "INTEGER", nullable: false),
                Notes = table.Column<string>(type: "TEXT", nullable: false),
                IsRetired = table.Column<bool>(type: "INTEGER", nullable: false),
                CreatedUtc = table.Column<string>(type: "TEXT", nullable: false),
                ById = table.Column<long>(type: "INTEGER", nullable: true),
                ByName = table.Column<string>(type: "TEXT", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Presets", row => new { row.Key, row.Version }));
    }

    private static void CreateClientHistory(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "SuitabilityChecks",
            columns: table => new
            {
                Id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                ClientKey = table.Column<string>(type: "TEXT", nullable: false),
                AtUtc = table.Column<string>(type: "TEXT", nullable: false),
                ById = table.Column<long>(type: "INTEGER", nullable: true),
                ByName = table.Column<string>(type: "TEXT", nullable: false),
                ChecklistVersion = table.Column<int>(type: "INTEGER", nullable: false),
                AnsweredYes = table.Column<string>(type: "TEXT", nullable: false),
                IsSuitable = table.Column<bool>(type: "INTEGER", nullable: false),
                Notes = table.Column<string>(type: "TEXT", nullable: false),
                OverrideUtc = table.Column<string>(type: "TEXT", nullable: true),
                OverrideById = table.Column<long>(type: "INTEGER", nullable: true),
                OverrideByName = table.Column<string>(type: "TEXT", nullable: true),
                OverrideReason = table.Column<string>(type: "TEXT", nullable: true),
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
                Id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                ClientKey = table.Column<string>(type: "TEXT", nullable: false),
                AtUtc = table.Column<string>(type: "TEXT", nullable: false),
                ById = table.Column<long>(type: "INTEGER", nullable: true),
                ByName = table.Column<string>(type: "TEXT", nullable: false),
                Wording = table.Column<string>(type: "TEXT", nullable: false),
                WithdrawnUtc = table.Column<string>(type: "TEXT", nullable: true),
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
                Id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                ClientKey = table.Column<string>(type: "TEXT", nullable: false),
                Indication = table.Column<string>(type: "TEXT", nullable: false),
                PlannedSessions = table.Column<int>(type: "INTEGER", nullable: false),
                IntervalDays = table.Column<int>(type: "INTEGER", nullable: false),
                CreatedUtc = table.Column<string>(type: "TEXT", nullable: false),
                IsClosed = table.Column<bool>(type: "INTEGER", nullable: false),
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
                Id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                SessionId = table.Column<long>(type: "INTEGER", nullable: false),
                HoursAfter = table.Column<int>(type: "INTEGER", nullable: false),
                Redness = table.Column<int>(type: "INTEGER", nullable: false),
                Swelling = table.Column<int>(type: "INTEGER", nullable: false),
                Pain = table.Column<int>(type: "INTEGER", nullable: false),
                Notes = table.Column<string>(type: "TEXT", nullable: false),
                AtUtc = table.Column<string>(type: "TEXT", nullable: false),
                ById = table.Column<long>(type: "INTEGER", nullable: true),
                ByName = table.Column<string>(type: "TEXT", nullable: false),
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
        // Written out: a column that is added together with its foreign key leaves the table where it is. EF would copy
        // the table into a new one and drop the old.
        migrationBuilder.Sql("""ALTER TABLE "Sessions" ADD COLUMN "PersonId" INTEGER NULL REFERENCES "People" ("Id") ON DELETE RESTRICT""");
        migrationBuilder.Sql("""ALTER TABLE "Sessions" ADD COLUMN "ClientKey" TEXT NULL REFERENCES "Clients" ("Key") ON DELETE RESTRICT""");
        migrationBuilder.Sql("""ALTER TABLE "Sessions" ADD COLUMN "SuitabilityCheckId" INTEGER NULL REFERENCES "SuitabilityChecks" ("Id") ON DELETE RESTRICT""");
        migrationBuilder.Sql("""ALTER TABLE "Sessions" ADD COLUMN "CourseId" INTEGER NULL REFERENCES "Courses" ("Id") ON DELETE RESTRICT""");
        migrationBuilder.AddColumn<string>("PersonName", "Sessions", type: "TEXT", nullable: true);
        migrationBuilder.AddColumn<string>("CartridgeType", "Sessions", type: "TEXT", nullable: true);
        migrationBuilder.AddColumn<int>("CartridgeNeedles", "Sessions", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<string>("CartridgeLot", "Sessions", type: "TEXT", nullable: true);
        migrationBuilder.AddColumn<string>("CartridgeExpires", "Sessions", type: "TEXT", nullable: true);
        foreach (var column in new[] { "PersonId", "ClientKey", "CourseId", "DeviceSerialNumber", "CartridgeLot", "Outcome" })
        {
            migrationBuilder.CreateIndex($"IX_Sessions_{column}_Id", "Sessions", [column, "Id"]);
        }

        migrationBuilder.CreateIndex("IX_Sessions_SuitabilityCheckId", "Sessions", "SuitabilityCheckId");
        migrationBuilder.CreateIndex("IX_Sessions_StartedUtc", "Sessions", "StartedUtc");

        migrationBuilder.AddColumn<int>("AskedBurstStrokes", "SessionParameters", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<int>("ActiveBurstStrokes", "SessionParameters", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<long>("RestartedBootId", "SessionEvents", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<int>("ActiveDepthCapMicrometers", "TelemetrySamples", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<int>("ActiveRateMillihertz", "TelemetrySamples", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<int>("ActiveBurstStrokes", "TelemetrySamples", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<int>("Alarm", "TelemetrySamples", type: "INTEGER", nullable: true);
        migrationBuilder.AddColumn<long>("SessionNumber", "TelemetrySamples", type: "INTEGER", nullable: true);

        migrationBuilder.CreateTable(
            name: "Passes",
            columns: table => new
            {
                SessionId = table.Column<long>(type: "INTEGER", nullable: false),
                Number = table.Column<int>(type: "INTEGER", nullable: false),
                ZoneId = table.Column<string>(type: "TEXT", nullable: false),
                AreaSquareMillimeters = table.Column<int>(type: "INTEGER", nullable: false),
                PresetKey = table.Column<string>(type: "TEXT", nullable: true),
                PresetVersion = table.Column<int>(type: "INTEGER", nullable: true),
                ById = table.Column<long>(type: "INTEGER", nullable: true),
                ByName = table.Column<string>(type: "TEXT", nullable: false),
                UnlockedById = table.Column<long>(type: "INTEGER", nullable: true),
                UnlockedByName = table.Column<string>(type: "TEXT", nullable: true),
                UnlockReason = table.Column<string>(type: "TEXT", nullable: true),
                StartedUtc = table.Column<string>(type: "TEXT", nullable: false),
                EndedUtc = table.Column<string>(type: "TEXT", nullable: true),
                Ending = table.Column<int>(type: "INTEGER", nullable: false),
                Strokes = table.Column<long>(type: "INTEGER", nullable: false),
                StrokingMilliseconds = table.Column<long>(type: "INTEGER", nullable: false),
                DeepestActiveDepthMicrometers = table.Column<int>(type: "INTEGER", nullable: false),
                FastestActiveRateMillihertz = table.Column<int>(type: "INTEGER", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Passes", row => new { row.SessionId, row.Number });
                table.ForeignKey("FK_Passes_Sessions_SessionId", row => row.SessionId, "Sessions", "Id", onDelete: ReferentialAction.Restrict);
            });
    }
}
