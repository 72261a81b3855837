using Microneedling.Client;
using Microneedling.Sessions;
using Microneedling.Tablet.Words;

namespace Microneedling.Tablet.Device;

/// <summary>
/// Keeps the record of one session at a time: begins it when the device has accepted to be armed, writes down what the
/// device tells, closes it when <see cref="SessionVerdict"/> says so. Decides nothing about motion.
/// </summary>
/// <remarks>Arming and beginning are one step under a lock that the device's log waits for, so that no event slips between them.</remarks>
public sealed class SessionKeeper(SessionStore store, ILogger<SessionKeeper> logger) : IDisposable
{
    private const int LogLength = 64;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly List<DeviceLogEntry> _log = [];
    private Running? _running;

    /// <summary>The session that goes on, or null.</summary>
    public SessionView? Current => _running is { } running
        ? new SessionView(running.Recorder.SessionId, null, 12, running.Strokes, [], running.Recorder.Fault?.Message)
        : null;

    /// <summary>Ends when the session that goes on has been closed; at once when there is none.</summary>
    public Task Ended => _running?.Ended.Task ?? Task.CompletedTask;

    /// <summary>The session that ended last since this program started, or null.</summary>
    public FinishedSessionView? Finished { get; private set; }

    /// <summary>What went wrong with closing a session, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>The latest lines of the device's log, newest first.</summary>
    public IReadOnlyList<LogView> LatestLog { get; private set; } = [];

    /// <summary>Arms the device and begins the session of it.</summary>
    /// <param name="before">Gets the device's status before arming.</param>
    /// <param name="arm">Arms the device; throws when it refuses.</param>
    /// <param name="device">Who it is.</param>
    /// <param name="asked">What was asked for.</param>
    /// <param name="accepted">What the device holds to.</param>
    /// <param name="cancellationToken">Gives up before the device is asked.</param>
    /// <exception cref="SessionStoreException">The device is armed, but the session cannot be recorded: stop it.</exception>
    public async Task BeginAsync(Func<Task<DeviceStatus>> before, Func<Task> arm, DeviceIdentity device, TreatmentRequest asked, AcceptedTreatment accepted, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var status = await before();
            await arm();
            var recorder = await store.BeginAsync(device, status, new Sessions.Clinic.SessionStart(new Sessions.Clinic.Actor(null, "Owner"), null, null, null, new Sessions.Clinic.Cartridge("12-pin", 12, "0", new DateOnly(2030, 1, 1))), CancellationToken.None);
            var running = new Running(recorder, new SessionVerdict(status), status);
            recorder.RecordParameters(asked, accepted, status);
            foreach (var entry in _log)
            {
                running.Take(entry);
            }

            _running = running;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes down a treatment accepted while the session goes on.</summary>
    public void Take(TreatmentRequest asked, AcceptedTreatment accepted, DeviceStatus? status) =>
        _running?.Recorder.RecordParameters(asked, accepted, status);

    /// <summary>Takes in the next entry of the device's log.</summary>
    public async Task TakeAsync(DeviceLogEntry entry)
    {
        await _gate.WaitAsync();
        try
        {
            _log.Add(entry);
            if (_log.Count > LogLength)
            {
                _log.RemoveAt(0);
            }

            LatestLog = [.. _log.AsEnumerable().Reverse().Take(4).Select(line => new LogView((long)((line as DeviceEvent)?.DeviceTime.TotalMilliseconds ?? 0), DeviceWords.Of(line)))];
            _running?.Take(entry);
            await FinishIfEndedAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes in the next status.</summary>
    public async Task TakeAsync(DeviceStatus status)
    {
        await _gate.WaitAsync();
        try
        {
            _running?.Take(status);
            await FinishIfEndedAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The connection has ended: whatever session went on ends with it, and the next log begins anew.</summary>
    /// <param name="outcome">How the session ended, if the device has not told.</param>
    public async Task EndAsync(SessionOutcome outcome)
    {
        await _gate.WaitAsync();
        try
        {
            _log.Clear();
            await FinishAsync(outcome, _running?.LatestStatus);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private Task FinishIfEndedAsync() =>
        _running is { Verdict: { End: { } end, Outcome: var outcome } } ? FinishAsync(outcome, end) : Task.CompletedTask;

    private async Task FinishAsync(SessionOutcome outcome, DeviceStatus? last)
    {
        if (_running is not { } running)
        {
            return;
        }

        _running = null;
        try
        {
            var summary = await running.Recorder.FinishAsync(outcome, last);
            Finished = new FinishedSessionView(summary.Id, summary.Outcome.ToString(), OutcomeWords.Of(summary.Outcome), summary.Strokes);
        }
        catch (SessionStoreException problem)
        {
            Problem = $"Session {running.Recorder.SessionId} could not be closed: {problem.Message}";
            logger.LogError("{Problem}", Problem);
        }

        await running.Recorder.DisposeAsync();
        running.Ended.SetResult();
    }

    private sealed class Running(SessionRecorder recorder, SessionVerdict verdict, DeviceStatus begin)
    {
        private readonly DeviceStatus _begin = begin;

        public SessionRecorder Recorder { get; } = recorder;

        public SessionVerdict Verdict { get; } = verdict;

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DeviceStatus LatestStatus { get; private set; } = begin;

        public long Strokes => LatestStatus.StrokeCount - _begin.StrokeCount;

        public void Take(DeviceLogEntry entry)
        {
            if (Verdict.Concerns(entry))
            {
                Recorder.RecordEvent(entry);
                Verdict.See(entry);
            }
        }

        public void Take(DeviceStatus status)
        {
            if (status.DeviceTime < _begin.DeviceTime)
            {
                return;
            }

            LatestStatus = status;
            Recorder.RecordStatus(status);
            Verdict.See(status);
        }
    }
}
