// Who else has the record open. A session still marked Running belongs either to a program that is alive or to one that
// died; closing the former as interrupted would be a lie. Every store therefore holds a shared lock for as long as it
// lives, of a file next to the record or of the server's own; it is lifted when the program dies, however it dies. A store
// that can take the lock exclusively at opening is alone: whatever is Running then belongs to the dead. On a server, where
// hosts come and go and are hardly ever alone, each session that is being recorded has such a lock as well.

namespace Microneedling.Sessions;

internal abstract class HostPresence : IDisposable
{
    /// <summary>True while no other store can have the record open.</summary>
    public bool IsAlone { get; protected set; }

    /// <summary>Whether <see cref="Abandoned"/> can tell anything while other stores have the record open.</summary>
    public virtual bool TellsWhileShared => false;

    /// <summary>Lets other stores in.</summary>
    public abstract void Share(CancellationToken ct);

    /// <summary>Takes the lock again when it was lost with the connection that held it.</summary>
    public abstract void Renew();

    /// <summary>This program begins to record a session: within the change that adds it, before it is committed.</summary>
    public virtual void Claim(long sessionId)
    {
    }

    /// <summary>This program records it no more.</summary>
    public virtual void Release(long sessionId)
    {
    }

    /// <summary>Of sessions that are marked Running those that no living program records, as far as that can be told. Within a change.</summary>
    public abstract IReadOnlyList<long> Abandoned(IReadOnlyList<long> running);

    public abstract void Dispose();
}

/// <summary>By a lock of the operating system on a file next to the record.</summary>
internal sealed class FilePresence : HostPresence
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    private readonly DatabaseFile file;
    private FileStream held;

    private FilePresence(DatabaseFile file, FileStream held, bool isAlone)
    {
        this.file = file;
        this.held = held;
        IsAlone = isAlone;
    }

    /// <summary>Takes the lock: exclusively if no other store is open, else shared.</summary>
    public static FilePresence Enter(DatabaseFile file, CancellationToken ct)
    {
        try
        {
            return new FilePresence(file, DatabaseFile.OpenOwnerOnly(file.PresencePath, FileMode.OpenOrCreate, FileShare.None), isAlone: true);
        }
        catch (IOException)
        {
            return new FilePresence(file, OpenShared(file, ct), isAlone: false);
        }
        catch (UnauthorizedAccessException)
        {
            throw file.Unwritable();
        }
    }

    public override void Share(CancellationToken ct)
    {
        if (IsAlone)
        {
            IsAlone = false;
            held.Dispose();
            held = OpenShared(file, ct);
        }
    }

    public override void Renew()
    {
        // The operating system takes no lock away from a program that lives.
    }

    public override IReadOnlyList<long> Abandoned(IReadOnlyList<long> running) => IsAlone ? running : [];

    public override void Dispose() => held.Dispose();

    private static FileStream OpenShared(DatabaseFile file, CancellationToken ct)
    {
        for (var waited = TimeSpan.Zero; ; waited += RetryInterval)
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(file.PresencePath, FileMode.Open, FileAccess.Read, FileShare.Read);
            }
            catch (Exception e) when (e is FileNotFoundException or UnauthorizedAccessException)
            {
                throw file.Unwritable();
            }
            catch (IOException) when (waited < RecordDatabase.OpeningOfOthers)
            {
                ct.WaitHandle.WaitOne(RetryInterval);
            }
            catch (IOException)
            {
                throw file.InUse();
            }
        }
    }
}
