using System.Data;
using System.Globalization;
using Npgsql;

namespace Microneedling.Sessions;

/// <summary>By advisory locks of the server, held on a connection of its own: one of the program, one of each session that it records.</summary>
internal sealed class ServerPresence : HostPresence
{
    private static readonly string Keys = $"({DatabaseServer.LockClass}, {DatabaseServer.PresenceLock})";

    private readonly DatabaseServer server;
    private readonly HashSet<long> claimed = [];
    private NpgsqlConnection held;
    private bool isOver;

    private ServerPresence(DatabaseServer server, NpgsqlConnection held, bool isAlone)
    {
        this.server = server;
        this.held = held;
        IsAlone = isAlone;
    }

    /// <summary>Takes the lock: exclusively if no other store is open, else shared.</summary>
    public static ServerPresence Enter(DatabaseServer server, CancellationToken ct)
    {
        var connection = server.OpenOwnConnection();
        try
        {
            var isAlone = (bool)Run(connection, $"SELECT pg_try_advisory_lock{Keys}")!;
            if (!isAlone)
            {
                WaitForShared(server, connection, ct);
            }

            return new ServerPresence(server, connection, isAlone);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public override bool TellsWhileShared => true;

    public override void Share(CancellationToken ct)
    {
        if (IsAlone)
        {
            IsAlone = false;
            Run(held, $"SELECT pg_advisory_lock_shared{Keys}");
            Run(held, $"SELECT pg_advisory_unlock{Keys}");
        }
    }

    public override void Renew()
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        if (!IsAlive())
        {
            held.Dispose();
            server.CloseConnections(); // They ended with it.
            held = server.OpenOwnConnection();
            WaitForShared(server, held, CancellationToken.None);
            foreach (var sessionId in claimed)
            {
                Run(held, $"SELECT pg_try_advisory_lock_shared{KeysOf(sessionId)}");
            }
        }
    }

    public override void Claim(long sessionId)
    {
        claimed.Add(sessionId);
        Run(held, $"SELECT pg_try_advisory_lock_shared{KeysOf(sessionId)}");
    }

    public override void Release(long sessionId)
    {
        if (claimed.Remove(sessionId))
        {
            Run(held, $"SELECT pg_advisory_unlock_shared{KeysOf(sessionId)}");
        }
    }

    /// <summary>Those whose lock can be had: whoever recorded them has let it go, however it ended.</summary>
    public override IReadOnlyList<long> Abandoned(IReadOnlyList<long> running) =>
    [
        .. running.Where(sessionId => !claimed.Contains(sessionId)
            && (bool)Run(held, $"SELECT pg_try_advisory_lock{KeysOf(sessionId)}")!
            && Run(held, $"SELECT pg_advisory_unlock{KeysOf(sessionId)}") is true),
    ];

    private static string KeysOf(long sessionId) => string.Create(CultureInfo.InvariantCulture, $"({DatabaseServer.SessionLockClass}, {unchecked((int)sessionId)})");

    private bool IsAlive()
    {
        try
        {
            return held.State == ConnectionState.Open && Run(held, "SELECT 1") is not null;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public override void Dispose()
    {
        isOver = true;
        held.Dispose();
    }

    private static void WaitForShared(DatabaseServer server, NpgsqlConnection connection, CancellationToken ct)
    {
        try
        {
            Run(connection, $"SET lock_timeout = '{RecordDatabase.OpeningOfOthers.TotalSeconds:0}s'");
            using var command = new NpgsqlCommand($"SELECT pg_advisory_lock_shared{Keys}", connection);
            using (ct.Register(command.Cancel))
            {
                command.ExecuteScalar();
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            throw new OperationCanceledException(ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw server.InUse();
        }
    }

    private static object? Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
