using Microneedling.Client;

namespace Microneedling.Sessions;

/// <summary>Records one running session. Safe to use from several threads.</summary>
/// <remarks>The Record methods only take notes: a background writer commits them at most about 250 ms later.</remarks>
public sealed class SessionRecorder : IAsyncDisposable
{
    internal SessionRecorder() { }

    /// <summary>Number of the session in the record.</summary>
    public long SessionId => throw new NotImplementedException();

    /// <summary>
    /// Why the rows noted so far are not on disk, or null while writing goes well. They are kept and tried again; the
    /// fault goes away when they are written.
    /// </summary>
    public SessionStoreException? Fault => throw new NotImplementedException();

    /// <summary>Notes a treatment that the device accepted. Never blocks, never throws for the disk; ignored once finished.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="active">What the device answered.</param>
    /// <param name="status">The latest status, for its device time; or null.</param>
    public void RecordParameters(TreatmentRequest asked, AcceptedTreatment active, DeviceStatus? status) => throw new NotImplementedException();

    /// <summary>Notes a status. Never blocks, never throws for the disk; ignored once finished.</summary>
    public void RecordStatus(DeviceStatus status) => throw new NotImplementedException();

    /// <summary>Notes an event or a gap. Never blocks, never throws for the disk; ignored once finished.</summary>
    public void RecordEvent(DeviceLogEntry entry) => throw new NotImplementedException();

    /// <summary>Returns when everything noted before the call is on disk. Cancelling stops the waiting only.</summary>
    /// <exception cref="SessionStoreException">It could not be written; it is kept and tried again.</exception>
    public Task FlushAsync(CancellationToken ct = default) => throw new NotImplementedException();

    /// <summary>Writes what is left and closes the session. A second call changes nothing and returns the same.</summary>
    /// <param name="outcome">How it ended; not Running.</param>
    /// <param name="last">The last status, if there is one: strokes and events count up to here.</param>
    /// <param name="ct">Stops the waiting.</param>
    /// <exception cref="SessionStoreException">It could not be written; may be called again.</exception>
    public Task<SessionSummary> FinishAsync(SessionOutcome outcome, DeviceStatus? last, CancellationToken ct = default) => throw new NotImplementedException();

    /// <summary>Ends the recording. A session that was not finished is closed as Interrupted.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
