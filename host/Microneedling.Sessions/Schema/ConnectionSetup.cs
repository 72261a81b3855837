using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Microneedling.Sessions.Schema;

/// <summary>
/// What SQLite forgets between connections: a commit is on the disk before it is reported (FULL), rows belong to a session,
/// and what is changed or deleted is overwritten. The journal mode is kept in the file; see <see cref="DatabaseFile"/>.
/// </summary>
internal sealed class ConnectionSetup : DbConnectionInterceptor
{
    public static readonly ConnectionSetup Instance = new();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;";
        command.ExecuteNonQuery();
    }

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
