// The record in a PostgreSQL database: what may be done to it before anything is written, and the server's errors in words.
// Programs know of one another by an advisory lock that each holds on a connection of its own; one change at a time is by
// a second one, held to the end of the change's transaction.

using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Microneedling.Sessions;

internal sealed class DatabaseServer : RecordDatabase
{
    /// <summary>"MNsr": the first half of the advisory locks' keys; the second says which.</summary>
    public const int LockClass = 0x4D4E7372;

    /// <summary>Held by every program that has the record open.</summary>
    public const int PresenceLock = 1;

    /// <summary>"MNss": the first half of the keys of sessions' locks; the second is the session's number. Held by the program that records it.</summary>
    public const int SessionLockClass = 0x4D4E7373;

    private const int WritingLock = 2;
    private const int CommandTimeoutSeconds = 30;

    private static readonly FrozenDictionary<string, string> Remedies = new Dictionary<string, string>
    {
        [PostgresErrorCodes.InvalidCatalogName] = "does not exist on its server. Create it with createdb, then try again.",
        [PostgresErrorCodes.InvalidPassword] = Refused,
        [PostgresErrorCodes.InvalidAuthorizationSpecification] = Refused,
        [PostgresErrorCodes.InsufficientPrivilege] = "cannot be written by this user. Make this user the owner of the database.",
        [PostgresErrorCodes.ReadOnlySqlTransaction] = "cannot be written: its server takes no changes now. Check the server.",
        [PostgresErrorCodes.DiskFull] = "cannot grow: the server's disk is full. Free some space there.",
        [PostgresErrorCodes.TooManyConnections] = "cannot be reached: its server has too many connections. Close other programs, or raise max_connections.",
        [PostgresErrorCodes.LockNotAvailable] = "is locked by another program. Close that program.",
        [PostgresErrorCodes.DataCorrupted] = Damaged,
        [PostgresErrorCodes.IndexCorrupted] = Damaged,
        [PostgresErrorCodes.UndefinedTable] = "lacks a table: it was changed from outside. Restore a backup.",
    }.ToFrozenDictionary();

    private const string Damaged = "is damaged on its server. Keep it as it is, and restore a backup into another database.";
    private const string Refused = "is refused by its server: user or password are wrong. Check PGPASSWORD or ~/.pgpass.";
    private const string Unreachable = "cannot be reached: its server does not answer. Check that the server runs, its name and port, and the network.";
    private const string Unexplained = "could not be read or written. Check the server's own log.";

    private readonly NpgsqlConnectionStringBuilder address;
    private readonly NpgsqlDataSource source;
    private DbContextOptions<SessionContext>? options;

    /// <param name="connectionString">As Npgsql takes it; with at least host and database.</param>
    /// <exception cref="SessionStoreException">It has a fault; the message does not quote it.</exception>
    public DatabaseServer(string connectionString)
    {
        address = Parse(connectionString);
        source = NpgsqlDataSource.Create(address);
    }

    public override string Name => $"{address.Database} on {address.Host}";

    public override DbContextOptions<SessionContext> Options => options ??= SessionContext.Configure(
        new DbContextOptionsBuilder<SessionContext>().UseNpgsql(source, server => server.CommandTimeout(CommandTimeoutSeconds)));

    /// <summary>None: the tablets that forward to a server know where its chain ended.</summary>
    public override HeadNote? HeadNote => null;

    /// <summary>Whether somebody means a server and not a path.</summary>
    public static bool IsConnectionString(string given) =>
        given.Split(';').Any(part => part.Split('=', 2) is [var key, _] && key.Trim().ToUpperInvariant() is "HOST" or "SERVER");

    /// <summary>A database is made by whoever runs the server.</summary>
    public override void CreateIfMissing()
    {
    }

    public override void Inspect(IReadOnlyCollection<string> knownMigrations)
    {
        using var connection = source.OpenConnection();
        if (Scalar(connection, "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()") == 0)
        {
            return;
        }

        if (Scalar(connection, "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = '__EFMigrationsHistory'") == 0
            || Migrations(connection) is not { } migrations
            || (migrations.Count > 0 && !migrations.Intersect(knownMigrations).Any()))
        {
            throw Refusal("is the database of another program. Choose another one.");
        }

        if (migrations.Except(knownMigrations).Any())
        {
            throw Refusal("was written by a newer version of this program. Update this program.");
        }
    }

    public override HostPresence Enter(CancellationToken ct) => ServerPresence.Enter(this, ct);

    /// <summary>A connection that ends with its use, and whatever it locked with it.</summary>
    public NpgsqlConnection OpenOwnConnection()
    {
        NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(address.ConnectionString) { Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    public override void Prepare(SessionContext context)
    {
        // Nothing to mark: whose database it is, its tables tell.
    }

    public override IDbContextTransaction BeginReading(SessionContext context) => context.Database.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);

    public override IDbContextTransaction BeginWriting(SessionContext context)
    {
        var transaction = context.Database.BeginTransaction();
        WaitToWrite(context);
        return transaction;
    }

    public override void WaitToWrite(SessionContext context) => context.Database.ExecuteSql($"SELECT pg_advisory_xact_lock({LockClass}, {WritingLock})");

    public override long SizeBytes(SessionContext context) => context.Database.SqlQuery<long>($"SELECT pg_database_size(current_database()) AS \"Value\"").Single();

    public override void CloseConnections() => source.Clear();

    public override void Dispose()
    {
        base.Dispose();
        source.Dispose();
    }

    public override SessionStoreException Unwritable() => Refusal(Remedies[PostgresErrorCodes.InsufficientPrivilege]);

    /// <summary>The server's own messages are kept as cause; they quote no secret.</summary>
    protected override SessionStoreException ExplainOwn(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case PostgresException { SqlState: var state } postgres:
                    return Refusal(Remedies.GetValueOrDefault(state) ?? (state.StartsWith("57P", StringComparison.Ordinal) ? Unreachable : Unexplained), postgres);
                case SocketException or IOException or TimeoutException:
                    return Refusal(Unreachable);
            }
        }

        return error is NpgsqlException ? Refusal(Unreachable, error) : Refusal(Unexplained, error);
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        NpgsqlConnectionStringBuilder address;
        try
        {
            address = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new SessionStoreException("The connection string of the session record has a fault. Write it as Host=NAME;Database=NAME;Username=NAME.");
        }

        if (string.IsNullOrWhiteSpace(address.Host) || string.IsNullOrWhiteSpace(address.Database))
        {
            throw new SessionStoreException("The connection string of the session record must name the host and the database: Host=NAME;Database=NAME;Username=NAME.");
        }

        if (!IsOnThisComputer(address.Host))
        {
            if (!connectionString.Contains("SSL", StringComparison.OrdinalIgnoreCase))
            {
                address.SslMode = SslMode.VerifyFull;
            }

            if (address.SslMode is not (SslMode.VerifyFull or SslMode.VerifyCA or SslMode.Require))
            {
                throw new SessionStoreException($"The session record on {address.Host} would cross the network in the clear. Leave SSL Mode away, or set it to VerifyFull.");
            }
        }

        address.ApplicationName ??= "Microneedling";
        address.IncludeErrorDetail = false;
        address.PersistSecurityInfo = false;
        address.Options = $"{address.Options} -c synchronous_commit=on -c lock_timeout={LockTimeoutSeconds}s -c standard_conforming_strings=on".Trim();
        return address;
    }

    private static bool IsOnThisComputer(string host) =>
        host.StartsWith('/') || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));

    private static List<string> Migrations(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\"", connection);
        using var reader = command.ExecuteReader();
        List<string> migrations = [];
        while (reader.Read())
        {
            migrations.Add(reader.GetString(0));
        }

        return migrations;
    }

    private static long Scalar(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return (long)command.ExecuteScalar()!;
    }
}
