using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Microneedling.Sessions.Schema;

/// <summary>How long the site keeps what identifies its clients.</summary>
[DbContext(typeof(SessionContext))]
[Migration("20261123130000_RetentionRecord")]
internal sealed class RetentionRecord : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateTable(
        name: "RetentionRules",
        columns: table => new
        {
            Version = table.Column<int>(nullable: false),
            Years = table.Column<int>(nullable: true),
            CreatedUtc = table.Column<DateTimeOffset>(nullable: false),
            ById = table.Column<long>(nullable: true),
            ByName = table.Column<string>(nullable: false),
        },
        constraints: table => table.PrimaryKey("PK_RetentionRules", row => row.Version));
}
