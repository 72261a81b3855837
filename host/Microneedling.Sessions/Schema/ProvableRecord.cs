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
        migrationBuilder.AddColumn<string>("Key", "Sessions", nullable: true);
        migrationBuilder.CreateIndex("IX_Sessions_Key", "Sessions", "Key", unique: true);
        migrationBuilder.AddColumn<string>("UnlockReasonSeal", "Passes", nullable: true);
        migrationBuilder.AddColumn<string>("NotesSeal", "FollowUps", nullable: true);

        migrationBuilder.CreateTable(
            name: "RecordState",
            columns: table => new
            {
                Id = table.Column<int>(nullable: false),
                Key = table.Column<string>(nullable: false),
                CreatedUtc = table.Column<DateTimeOffset>(nullable: false),
                Links = table.Column<long>(nullable: false),
                HeadHash = table.Column<byte[]>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_RecordState", row => row.Id));

        migrationBuilder.CreateTable(
            name: "ChainLinks",
            columns: table => new
            {
                Number = table.Column<long>(nullable: false),
                AtUtc = table.Column<DateTimeOffset>(nullable: false),
                Kind = table.Column<int>(nullable: false),
                SubjectId = table.Column<long>(nullable: false),
                ContentHash = table.Column<byte[]>(nullable: false),
                Hash = table.Column<byte[]>(nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_ChainLinks", row => row.Number));
        migrationBuilder.CreateIndex("IX_ChainLinks_Kind_SubjectId", "ChainLinks", ["Kind", "SubjectId"], unique: true);

        migrationBuilder.CreateTable(
            name: "Corrections",
            columns: table => new
            {
                Id = table.Column<long>(nullable: false).Numbered(),
                SessionId = table.Column<long>(nullable: false),
                AtUtc = table.Column<DateTimeOffset>(nullable: false),
                ById = table.Column<long>(nullable: true),
                ByName = table.Column<string>(nullable: false),
                Field = table.Column<int>(nullable: false),
                NewValue = table.Column<string>(nullable: false),
                Reason = table.Column<string>(nullable: false),
                ReasonSeal = table.Column<string>(nullable: true),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Corrections", row => row.Id);
                table.ForeignKey("FK_Corrections_Sessions_SessionId", row => row.SessionId, "Sessions", "Id", onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateIndex("IX_Corrections_SessionId", "Corrections", "SessionId");
    }
}
