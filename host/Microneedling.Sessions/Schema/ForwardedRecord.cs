using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Microneedling.Sessions.Schema;

/// <summary>What forwarding to the clinic's record needs on both ends, and the mark of a client who was erased.</summary>
[DbContext(typeof(SessionContext))]
[Migration("20261123120000_ForwardedRecord")]
internal sealed class ForwardedRecord : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("Key", "Courses", nullable: true);
        migrationBuilder.CreateIndex("IX_Courses_Key", "Courses", "Key", unique: true);
        migrationBuilder.AddColumn<DateTimeOffset>("ErasedUtc", "Clients", nullable: true);
        migrationBuilder.AddColumn<string>("NewValueSeal", "Corrections", nullable: true);

        migrationBuilder.CreateTable(
            name: "Forwardings",
            columns: table => new
            {
                ClinicKey = table.Column<string>(nullable: false),
                Links = table.Column<long>(nullable: false),
                DeliveredUtc = table.Column<DateTimeOffset>(nullable: false),
                Conflicts = table.Column<long>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Forwardings", row => row.ClinicKey));

        migrationBuilder.CreateTable(
            name: "Recorders",
            columns: table => new
            {
                Key = table.Column<string>(nullable: false),
                Name = table.Column<string>(nullable: false),
                Links = table.Column<long>(nullable: false),
                HeadHash = table.Column<byte[]>(nullable: false),
                FirstUtc = table.Column<DateTimeOffset>(nullable: false),
                LatestUtc = table.Column<DateTimeOffset>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_Recorders", row => row.Key));

        migrationBuilder.CreateTable(
            name: "ReceivedLinks",
            columns: table => new
            {
                RecorderKey = table.Column<string>(nullable: false),
                Number = table.Column<long>(nullable: false),
                Hash = table.Column<byte[]>(nullable: false),
                AtUtc = table.Column<DateTimeOffset>(nullable: false),
                Kind = table.Column<int>(nullable: false),
                SubjectId = table.Column<long>(nullable: false),
                ContentHash = table.Column<byte[]>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_ReceivedLinks", row => new { row.RecorderKey, row.Number, row.Hash });
                table.ForeignKey("FK_ReceivedLinks_Recorders_RecorderKey", row => row.RecorderKey, "Recorders", "Key", onDelete: ReferentialAction.Restrict);
            });

        migrationBuilder.CreateTable(
            name: "Conflicts",
            columns: table => new
            {
                Id = table.Column<long>(nullable: false).Numbered(),
                RecorderKey = table.Column<string>(nullable: false),
                AtUtc = table.Column<DateTimeOffset>(nullable: false),
                Kind = table.Column<int>(nullable: false),
                Number = table.Column<long>(nullable: false),
                SubjectKey = table.Column<string>(nullable: false),
                KnownHash = table.Column<string>(nullable: false),
                GivenHash = table.Column<string>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Conflicts", row => row.Id);
                table.ForeignKey("FK_Conflicts_Recorders_RecorderKey", row => row.RecorderKey, "Recorders", "Key", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("IX_Conflicts_RecorderKey_Kind_Number_GivenHash", "Conflicts", ["RecorderKey", "Kind", "Number", "GivenHash"], unique: true);
    }
}
