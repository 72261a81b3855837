// Who else has the record open. A session still marked Running belongs either to a program that is alive or to one that
// died; closing the former as interrupted would be a lie. Every store therefore holds a shared lock on a file next to the
// record for as long as it lives; the operating system lifts it when the program dies, however it dies. A store that
// can take the lock exclusively at opening is alone: whatever is Running then belongs to the dead.

namespace Microneedling.Sessions;

internal sealed class HostPresence : IDisposable
{
    private static readonly TimeSpan OpeningOfOthers = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(20);

    private readonly DatabaseFile file;
    private FileStream held;

    private HostPresence(DatabaseFile file, FileStream held, bool isAlone)
    {
        this.file = file;
        this.held = held;
        IsAlone = isAlone;
    }

    /// <summary>True while no other store can have the record open.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>Takes the lock: exclusively if no other store is open, else shared.</summary>
    public static HostPresence Enter(DatabaseFile file, CancellationToken ct)
    {
        try
        {
            return new HostPresence(file, DatabaseFile.OpenOwnerOnly(file.PresencePath, FileMode.OpenOrCreate, FileShare.None), isAlone: true);
        }
        catch (IOException)
        {
            return new HostPresence(file, OpenShared(file, ct), isAlone: false);
        }
        catch (UnauthorizedAccessException)
        {
            throw file.Unwritable();
        }
    }

    /// <summary>Lets other stores in.</summary>
    public void Share(CancellationToken ct)
    {
        if (IsAlone)
        {
            IsAlone = false;
            held.Dispose();
            held = OpenShared(file, ct);
        }
    }

    public void Dispose() => held.Dispose();

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
            catch (IOException) when (waited < OpeningOfOthers)
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
