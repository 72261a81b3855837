// Many rows of one table at once, its columns taken from the model, so that they are named in one place only: by one
// prepared statement on SQLite, by COPY on PostgreSQL. EF's own change tracking is for what is few.

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Microneedling.Sessions.Schema;

internal static class BulkInsert
{
    /// <summary>Inserts rows, each of its own table, within the transaction that is under way. A row that is there already is refused.</summary>
    public static void Insert(SessionContext context, IEnumerable<SessionRow> rows)
    {
        foreach (var ofTable in rows.GroupBy(row => row.GetType()))
        {
            Insert(context, context.Model.FindEntityType(ofTable.Key)!, ofTable);
        }
    }

    /// <summary>Inserts rows of one table, with the keys that they have.</summary>
    /// <returns>How many.</returns>
    public static long Insert(SessionContext context, IEntityType type, IEnumerable<object> rows)
    {
        Column[] columns = [.. type.GetProperties().Select(Column.Of)];
        return context.Database.GetDbConnection() is NpgsqlConnection server
            ? Copy(server, type, columns, rows)
            : Execute(context, type, columns, rows);
    }

    private static long Execute(SessionContext context, IEntityType type, Column[] columns, IEnumerable<object> rows)
    {
        using var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction!.GetDbTransaction();
        DbParameter[] parameters = [.. columns.Select((_, index) =>
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{index}";
            command.Parameters.Add(parameter);
            return parameter;
        })];
        command.CommandText = $"INSERT INTO \"{type.GetTableName()}\" ({Names(columns)}) VALUES ({string.Join(", ", parameters.Select(parameter => parameter.ParameterName))})";
        command.Prepare();
        long count = 0;
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                parameters[i].Value = columns[i].ValueOf(row) ?? DBNull.Value;
            }

            count += command.ExecuteNonQuery();
        }

        return count;
    }

    private static long Copy(NpgsqlConnection server, IEntityType type, Column[] columns, IEnumerable<object> rows)
    {
        using var writer = server.BeginBinaryImport($"COPY \"{type.GetTableName()}\" ({Names(columns)}) FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            writer.StartRow();
            foreach (var column in columns)
            {
                Write(writer, column.ValueOf(row));
            }
        }

        return (long)writer.Complete();
    }

    private static void Write(NpgsqlBinaryImporter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNull();
                break;
            case int number:
                writer.Write(number, NpgsqlDbType.Integer);
                break;
            case long number:
                writer.Write(number, NpgsqlDbType.Bigint);
                break;
            case byte number:
                writer.Write((short)number, NpgsqlDbType.Smallint);
                break;
            case short number:
                writer.Write(number, NpgsqlDbType.Smallint);
                break;
            case bool flag:
                writer.Write(flag, NpgsqlDbType.Boolean);
                break;
            case string text:
                writer.Write(text, NpgsqlDbType.Text);
                break;
            case DateTimeOffset time:
                writer.Write(time, NpgsqlDbType.TimestampTz);
                break;
            case DateOnly day:
                writer.Write(day, NpgsqlDbType.Date);
                break;
            case byte[] bytes:
                writer.Write(bytes, NpgsqlDbType.Bytea);
                break;
            default:
                throw new NotSupportedException($"A column of type {value.GetType().Name} cannot be copied.");
        }
    }

    private static string Names(Column[] columns) => string.Join(", ", columns.Select(column => $"\"{column.Name}\""));

    private sealed record Column(string Name, IClrPropertyGetter Getter, Func<object?, object?>? Convert)
    {
        public static Column Of(IProperty property) => new(property.GetColumnName(), property.GetGetter(), property.GetTypeMapping().Converter?.ConvertToProvider);

        public object? ValueOf(object row) => Getter.GetClrValue(row) is { } value ? Convert is null ? value : Convert(value) : null;
    }
}
