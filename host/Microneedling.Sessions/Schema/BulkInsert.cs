// Many rows of one table at once: one prepared statement, its columns taken from the model, so that they are named in one
// place only. EF's own change tracking is for what is few.

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Microneedling.Sessions.Schema;

internal static class BulkInsert
{
    /// <summary>Inserts rows, each of its own table, within the transaction that is under way. A row that is there already is refused.</summary>
    public static void Insert(SessionContext context, IEnumerable<SessionRow> rows)
    {
        foreach (var ofTable in rows.GroupBy(row => row.GetType()))
        {
            InsertInto(context, context.Model.FindEntityType(ofTable.Key)!, ofTable);
        }
    }

    private static void InsertInto(SessionContext context, IEntityType type, IEnumerable<SessionRow> rows)
    {
        using var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction!.GetDbTransaction();
        Column[] columns = [.. type.GetProperties().Select((property, index) => Column.Of(property, command, index))];
        command.CommandText =
            $"INSERT INTO \"{type.GetTableName()}\" ({string.Join(", ", columns.Select(column => $"\"{column.Name}\""))}) VALUES ({string.Join(", ", columns.Select(column => column.Parameter.ParameterName))})";
        command.Prepare();
        foreach (var row in rows)
        {
            foreach (var column in columns)
            {
                column.Parameter.Value = column.ValueOf(row) ?? DBNull.Value;
            }

            command.ExecuteNonQuery();
        }
    }

    private sealed record Column(string Name, DbParameter Parameter, IClrPropertyGetter Getter, Func<object?, object?>? Convert)
    {
        public static Column Of(IProperty property, DbCommand command, int index)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{index}";
            command.Parameters.Add(parameter);
            return new Column(property.GetColumnName(), parameter, property.GetGetter(), property.GetTypeMapping().Converter?.ConvertToProvider);
        }

        public object? ValueOf(SessionRow row) => Getter.GetClrValue(row) is { } value ? Convert is null ? value : Convert(value) : null;
    }
}
