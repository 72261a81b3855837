// Steps that the engines need said differently. Everything else of a migration leaves the types of columns to the engine.

using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace Microneedling.Sessions.Schema;

internal static class MigrationSteps
{
    /// <summary>A number that the database gives, never twice.</summary>
    public static OperationBuilder<AddColumnOperation> Numbered(this OperationBuilder<AddColumnOperation> column) => column
        .Annotation("Sqlite:Autoincrement", true)
        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn);

    /// <summary>Adds a column that names a row of another table, or none.</summary>
    public static void AddReference<T>(this MigrationBuilder migrationBuilder, string table, string column, string principalTable, string principalColumn)
    {
        if (migrationBuilder.ActiveProvider == "Microsoft.EntityFrameworkCore.Sqlite")
        {
            // Written out: a column that is added together with its foreign key leaves the table where it is. EF would copy
            // the table into a new one and drop the old.
            var type = typeof(T) == typeof(long) ? "INTEGER" : "TEXT";
            migrationBuilder.Sql($"""ALTER TABLE "{table}" ADD COLUMN "{column}" {type} NULL REFERENCES "{principalTable}" ("{principalColumn}") ON DELETE RESTRICT""");
            return;
        }

        migrationBuilder.AddColumn<T>(column, table, nullable: true);
        migrationBuilder.AddForeignKey($"FK_{table}_{principalTable}_{column}", table, column, principalTable, principalColumn: principalColumn, onDelete: ReferentialAction.Restrict);
    }
}
