// What differs between the engines that may keep the record: a SQLite file (DatabaseFile) or a PostgreSQL database
// (DatabaseServer). Everything else is the same code and the same schema on both.

using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Microneedling.Sessions;

internal abstract class RecordDatabase : IDisposable
{
    /// <summary>How long one attempt to write waits for another program's lock.</summary>
    public const int LockTimeoutSeconds = 5;

    /// <summary>How long a program waits for another one that is just opening the record.</summary>
    public static readonly TimeSpan OpeningOfOthers = TimeSpan.FromSeconds(10);

    /// <summary>What a message calls it: never a secret.</summary>
    public abstract string Name { get; }

    /// <summary>For every context of this record.</summary>
    public abstract DbContextOptions<SessionContext> Options { get; }

    /// <summary>Where this computer notes the end of the chain; null where it keeps no note.</summary>
    public abstract HeadNote? HeadNote { get; }

    /// <summary>The database that a path or a connection string names.</summary>
    /// <param name="given">A path, or a PostgreSQL connection string such as <c>Host=localhost;Database=microneedling</c>.</param>
    /// <exception cref="SessionStoreException">A connection string has a fault.</exception>
    public static RecordDatabase At(string given) => DatabaseServer.IsConnectionString(given) ? new DatabaseServer(given) : new DatabaseFile(given);

    /// <summary>Makes an empty one where the engine lets anybody do so.</summary>
    public abstract void CreateIfMissing();

    /// <summary>Reads whether it is empty or ours, and not from a newer version. Changes nothing.</summary>
    /// <param name="knownMigrations">The migrations that this version knows.</param>
    public abstract void Inspect(IReadOnlyCollection<string> knownMigrations);

    /// <summary>Says that this program has it open: alone if no other has.</summary>
    public abstract HostPresence Enter(CancellationToken ct);

    /// <summary>What is to be done before migrating. Only when alone.</summary>
    public abstract void Prepare(SessionContext context);

    /// <summary>Begins to read one snapshot.</summary>
    public abstract IDbContextTransaction BeginReading(SessionContext context);

    /// <summary>Begins a change: until it ends nobody else changes anything.</summary>
    public abstract IDbContextTransaction BeginWriting(SessionContext context);

    /// <summary>Within a transaction that others could write beside: waits until nobody does, and keeps others from it to the end.</summary>
    public abstract void WaitToWrite(SessionContext context);

    /// <summary>Within a change that erases: notes that places in the file are to be overwritten.</summary>
    public virtual void MarkErased(SessionContext context)
    {
    }

    /// <summary>Overwrites what erasing has set free, if it is noted. Outside of transactions.</summary>
    /// <returns>Whether nothing is left of it; of a server: its own affair.</returns>
    public virtual bool OverwriteErased(SessionContext context) => true;

    /// <summary>What it takes on the disk, in bytes.</summary>
    public abstract long SizeBytes(SessionContext context);

    /// <summary>Closes the idle connections.</summary>
    public abstract void CloseConnections();

    /// <summary>What went wrong, and what to do, in words without secrets and without more of a path than was given.</summary>
    public SessionStoreException Explain(Exception error) => error switch
    {
        SessionStoreException explained => explained,
        ChainBrokenException => Refusal("was changed from outside: where its chain of proof ends is gone. Keep it as it is, and restore a backup in its place.", isDamaged: true),
        _ => ExplainOwn(error),
    };

    /// <summary>It, or what belongs to it, cannot be written.</summary>
    public abstract SessionStoreException Unwritable();

    /// <summary>Another program has the record open and prevents what must be done.</summary>
    public SessionStoreException InUse() => Refusal("is open in another program, which must be closed first. Close it, then try again.");

    public virtual void Dispose() => CloseConnections();

    /// <summary>The engine's own errors.</summary>
    protected abstract SessionStoreException ExplainOwn(Exception error);

    protected SessionStoreException Refusal(string remedy, Exception? cause = null, bool isDamaged = false) => new($"The session record {Name} {remedy}", cause, isDamaged);
}
