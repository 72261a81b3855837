// What the plots of a session are drawn from: of an hour, 72 000 rows. SQLite's driver takes longer to hand a row over than
// SQLite takes to find it, so there the driver is passed by; the query is the same on both engines.

using System.Buffers.Text;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace Microneedling.Sessions.Schema;

internal static class CurveRows
{
    /// <summary>The statuses of a session, oldest first, read while they are gone through.</summary>
    public static IEnumerable<CurvePoint> Of(SessionContext context, long sessionId)
    {
        var points = context.Telemetry.Where(row => row.SessionId == sessionId).OrderBy(row => row.Sequence).Select(row => new CurvePoint(
            row.ReceivedUtc, row.DeviceUptimeMilliseconds, row.Flags, row.StagePositionMicrometers, row.ActiveDepthMicrometers, row.DrivenRateMillihertz, row.MeasuredRateMillihertz));
        return context.Database.IsSqlite() ? StepThrough(points.CreateDbCommand(), sessionId) : points.AsEnumerable();
    }

    /// <summary>Columns are in the order in which <see cref="Of"/> names them.</summary>
    private static IEnumerable<CurvePoint> StepThrough(DbCommand query, long sessionId)
    {
        using var command = query;
        var file = ((SqliteConnection)command.Connection!).Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(file, command.CommandText, out var statement), file);
        using var rows = statement;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(rows, 1, sessionId), file);
        int result;
        while ((result = raw.sqlite3_step(rows)) == raw.SQLITE_ROW)
        {
            yield return new CurvePoint(
                TimeIn(rows, 0),
                raw.sqlite3_column_int64(rows, 1),
                (byte)raw.sqlite3_column_int(rows, 2),
                raw.sqlite3_column_int(rows, 3),
                raw.sqlite3_column_int(rows, 4),
                raw.sqlite3_column_int(rows, 5),
                raw.sqlite3_column_int(rows, 6));
        }

        SqliteException.ThrowExceptionForRC(result, file);
    }

    private static DateTimeOffset TimeIn(sqlite3_stmt rows, int column) =>
        Utf8Parser.TryParse(raw.sqlite3_column_blob(rows, column), out DateTimeOffset time, out _, 'O')
            ? time
            : throw new FormatException("The record holds a status whose time cannot be read.");
}
