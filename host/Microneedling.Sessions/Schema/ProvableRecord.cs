using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Microneedling.Sessions.Schema;

/// <summary>The chain that proves the record, and corrections. What is there already is chained when the record is opened.</summary>
[DbContext(typeof(SessionContext))]
[Migration("20261123000000_ProvableRecord")]
internal sealed class ProvableRecord : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("Key", "Sessions", type: "TEXT", nullable: true);
        migrationBuilder.CreateIndex("IX_Sessions_Key", "Sessions", "Key", unique: true);
        migrationBuilder.AddColumn<string>("UnlockReasonSeal", "Passes", type: "TEXT", nullable: true);
        migrationBuilder.AddColumn<string>("NotesSeal", "FollowUps", type: "TEXT", nullable: true);

        migrationBuilder.CreateTable(
            name: "RecordState",
            columns: table => new
            {
                Id = table.Column<int>(type: "INTEGER", nullable: false),
                Key = table.Column<string>(type: "TEXT", nullable: false),
                CreatedUtc = table.Column<string>(type: "TEXT", nullable: false),
                Links = table.Column<long>(type: "INTEGER", nullable: false),
                HeadHash = table.Column<byte[]>(type: "BLOB", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_RecordState", row => row.Id));

        migrationBuilder.CreateTable(
            name: "ChainLinks",
            columns: table => new
            {
                Number = table.Column<long>(type: "INTEGER", nullable: false),
                AtUtc = table.Column<string>(type: "TEXT", nullable: false),
                Kind = table.Column<int>(type: "INTEGER", nullable: false),
                SubjectId = table.Column<long>(type: "INTEGER", nullable: false),
                ContentHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                Hash = table.Column<byte[]>(type: "BLOB", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_ChainLinks", row => row.Number));
        migrationBuilder.CreateIndex("IX_ChainLinks_Kind_SubjectId", "ChainLinks", ["Kind", "SubjectId"], unique: true);

        migrationBuilder.CreateTable(
            name: "Corrections",
            columns: table => new
            {
                Id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                SessionId = table.Column<long>(type: "INTEGER", nullable: false),
                AtUtc = table.Column<string>(type: "TEXT", nullable: false),
                ById = table.Column<long>(type: "INTEGER", nullable: true),
                ByName = table.Column<string>(type: "TEXT", nullable: false),
                Field = table.Column<int>(type: "INTEGER", nullable: false),
                NewValue = table.Column<string>(type: "TEXT", nullable: false),
                Reason = table.Column<string>(type: "TEXT", nullable: false),
                ReasonSeal = table.Column<string>(type: "TEXT", nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Corrections", row => row.Id);
                table.ForeignKey("FK_Corrections_Sessions_SessionId", row => row.SessionId, "Sessions", "Id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("IX_Corrections_SessionId", "Corrections", "SessionId");
    }
}
