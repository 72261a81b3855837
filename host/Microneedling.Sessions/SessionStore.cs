using Microneedling.Client;

namespace Microneedling.Sessions;

/// <summary>The record of all sessions, kept in one SQLite file.</summary>
public sealed class SessionStore : IAsyncDisposable
{
    private SessionStore() { }

    /// <summary>Opens the record; creates it, brings its schema up to date and closes sessions of a host that died.</summary>
    /// <param name="databasePath">The file. Its folder must exist.</param>
    /// <param name="time">Clock; the system's when null.</param>
    /// <param name="ct">Gives up opening.</param>
    /// <exception cref="SessionStoreException">The file is no session record, is from a newer version, or cannot be written. It is left as it was.</exception>
    public static Task<SessionStore> OpenAsync(string databasePath, TimeProvider? time = null, CancellationToken ct = default) => throw new NotImplementedException();

    /// <summary>Begins a session and its recording.</summary>
    /// <param name="device">The device.</param>
    /// <param name="status">Its status now: strokes and events count from here.</param>
    /// <param name="ct">Gives up beginning.</param>
    /// <exception cref="SessionStoreException">The record cannot be written.</exception>
    public Task<SessionRecorder> BeginAsync(DeviceIdentity device, DeviceStatus status, CancellationToken ct = default) => throw new NotImplementedException();

    /// <summary>The newest sessions, newest first.</summary>
    /// <param name="limit">How many at most, 1 or more.</param>
    /// <param name="ct">Gives up reading.</param>
    public Task<IReadOnlyList<SessionSummary>> ListAsync(int limit = 100, CancellationToken ct = default) => throw new NotImplementedException();

    /// <summary>One session with everything recorded of it, or null when there is no such session.</summary>
    public Task<SessionDetail?> FindAsync(long id, CancellationToken ct = default) => throw new NotImplementedException();

    /// <summary>Closes the record. Recorders still running are disposed first.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
