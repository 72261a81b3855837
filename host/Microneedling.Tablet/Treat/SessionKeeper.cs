// Keeps the record of the session that is open: everything the device tells, and its passes. Decides when a pass has
// ended (PassVerdict) and how many strokes it had (PassCount); decides nothing about motion.
//
// Beginning a session or a pass is one step under a lock that the device's log waits for, so that no event slips between.

using Microneedling.Client;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Treat;

/// <summary>What a pass is begun with.</summary>
public sealed record PassStart(
    Actor By, string ZoneId, int AreaSquareMillimeters, string? PresetKey, int? PresetVersion, Actor? UnlockedBy, string? UnlockReason,
    TreatmentRequest Asked, AcceptedTreatment Accepted);

/// <summary>Keeps the record of one session at a time.</summary>
public sealed class SessionKeeper(SessionStore store, TimeProvider time, ILogger<SessionKeeper> logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Running? _running;

    /// <summary>Passes of the open session, oldest first; the last may go on. None when no session is open.</summary>
    public IReadOnlyList<Pass> Passes => _running?.Passes ?? [];

    /// <summary>Whether a pass goes on.</summary>
    public bool PassGoesOn => Passes is [.., { Ending: PassEnding.Running }];

    /// <summary>Why the open session is not being written down, or null.</summary>
    public string? RecordingFault => _running?.Recorder.Fault?.Message;

    /// <summary>Ends when the pass that goes on has ended; at once when there is none.</summary>
    public Task PassEnded => _running?.PassEnded ?? Task.CompletedTask;

    /// <summary>Begins the record of a session; returns its number.</summary>
    /// <param name="device">Which device.</param>
    /// <param name="status">Gets the device's status.</param>
    /// <param name="start">Who treats whom, with which cartridge.</param>
    /// <param name="cancellationToken">Gives up before anything is written.</param>
    /// <exception cref="SessionStoreException">The record cannot be written.</exception>
    public async Task<long> BeginAsync(DeviceIdentity device, Func<Task<DeviceStatus>> status, SessionStart start, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var first = await status();
            var recorder = await store.BeginAsync(device, first, start, CancellationToken.None);
            _running = new Running(recorder, first, time);
            return recorder.SessionId;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Arms the device and begins the pass of it.</summary>
    /// <param name="start">What it is begun with.</param>
    /// <param name="before">Gets the device's status before arming.</param>
    /// <param name="arm">Arms the device; throws when it refuses.</param>
    /// <param name="cancellationToken">Gives up before the device is asked.</param>
    /// <exception cref="SessionStoreException">The device is armed, but that could not be written: stop it.</exception>
    public async Task BeginPassAsync(PassStart start, Func<Task<DeviceStatus>> before, Func<Task> arm, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var running = _running ?? throw new DeskRefusedException("noSession");
            var status = await before();
            await arm();
            running.BeginPass(start, status);
            await running.Recorder.FlushAsync(CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes down a treatment that the device has accepted.</summary>
    public void Take(TreatmentRequest asked, AcceptedTreatment accepted, DeviceStatus? status) => _running?.Take(asked, accepted, status);

    /// <summary>Takes in the next entry of the device's log.</summary>
    public async Task TakeAsync(DeviceLogEntry entry)
    {
        await _gate.WaitAsync();
        try
        {
            _running?.Take(entry);
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
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The link is gone: a pass that goes on ends with it, by the fault that was seen before or else by that.</summary>
    public async Task LinkLostAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _running?.EndPass(PassEnding.LinkLost);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Closes the record of the session. Without one, null.</summary>
    /// <param name="carriedThrough">What the practitioner says of it, where the last pass does not say it.</param>
    /// <param name="last">The device's latest status, or null.</param>
    /// <exception cref="SessionStoreException">It cannot be written now; it is closed when the record is opened again.</exception>
    public async Task<SessionSummary?> FinishAsync(bool carriedThrough, DeviceStatus? last)
    {
        await _gate.WaitAsync();
        try
        {
            if (_running is not { } running)
            {
                return null;
            }

            running.EndPass(PassEnding.Interrupted);
            var outcome = OutcomeOf(running.Passes, carriedThrough);
            try
            {
                return await running.Recorder.FinishAsync(outcome, last);
            }
            catch (SessionStoreException problem)
            {
                logger.LogError("Session {Session} could not be closed: {Problem}", running.Recorder.SessionId, problem.Message);
                throw;
            }
            finally
            {
                _running = null;
                await running.Recorder.DisposeAsync();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>How a session ended, by its last pass; where that says nothing, as the practitioner says.</summary>
    public static SessionOutcome OutcomeOf(IReadOnlyList<Pass> passes, bool carriedThrough)
    {
        ArgumentNullException.ThrowIfNull(passes);
        return passes switch
        {
            [.., { Ending: PassEnding.Fault }] => SessionOutcome.AbortedByFault,
            [.., { Ending: PassEnding.LinkLost }] => SessionOutcome.LinkLost,
            [.., { Ending: PassEnding.Interrupted }] => SessionOutcome.Interrupted,
            [] => SessionOutcome.Stopped,
            _ => carriedThrough ? SessionOutcome.Completed : SessionOutcome.Stopped,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private sealed class Running(SessionRecorder recorder, DeviceStatus first, TimeProvider time)
    {
        private readonly List<Pass> _passes = [];
        private uint _eventsBefore = first.LatestEventNumber;
        private uint _tokenRecorded;
        private PassVerdict? _verdict;
        private PassCount? _count;
        private TaskCompletionSource _ended = Ended();

        public SessionRecorder Recorder { get; } = recorder;

        /// <summary>A copy: pages read it while statuses come in.</summary>
        public IReadOnlyList<Pass> Passes { get; private set; } = [];

        public Task PassEnded => _ended.Task;

        public void BeginPass(PassStart start, DeviceStatus before)
        {
            (_verdict, _count) = (new PassVerdict(before), new PassCount(before));
            _ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _passes.Add(new Pass(
                _passes.Count + 1, start.ZoneId, start.AreaSquareMillimeters, start.PresetKey, start.PresetVersion, start.By, start.UnlockedBy, start.UnlockReason,
                time.GetUtcNow(), null, PassEnding.Running, 0, TimeSpan.Zero, start.Accepted.Depth, start.Accepted.Rate));
            if (_tokenRecorded != start.Accepted.Token)
            {
                Record(start.Asked, start.Accepted, before);
            }

            Write();
        }

        public void Take(TreatmentRequest asked, AcceptedTreatment accepted, DeviceStatus? status)
        {
            Record(asked, accepted, status);
            if (_verdict is not null)
            {
                var pass = _passes[^1];
                _passes[^1] = pass with
                {
                    DeepestActiveDepth = accepted.Depth > pass.DeepestActiveDepth ? accepted.Depth : pass.DeepestActiveDepth,
                    FastestActiveRate = accepted.Rate > pass.FastestActiveRate ? accepted.Rate : pass.FastestActiveRate,
                };
                Write();
            }
        }

        public void Take(DeviceLogEntry entry)
        {
            if (entry is DeviceRestarted)
            {
                _eventsBefore = 0;
            }
            else if (LastNumberOf(entry) <= _eventsBefore)
            {
                return;
            }

            Recorder.RecordEvent(entry);
            _verdict?.See(entry);
            Conclude();
        }

        public void Take(DeviceStatus status)
        {
            Recorder.RecordStatus(status);
            if (_verdict is null || _count is null)
            {
                return;
            }

            _verdict.See(status);
            _count.See(status);
            if (_count.Strokes != _passes[^1].Strokes || _count.StrokingTime != _passes[^1].StrokingTime)
            {
                _passes[^1] = _passes[^1] with { Strokes = _count.Strokes, StrokingTime = _count.StrokingTime };
                Write();
            }

            Conclude();
        }

        /// <summary>Ends the pass that goes on; what the device has told of its ending counts more.</summary>
        public void EndPass(PassEnding unlessTold)
        {
            if (_verdict is { } verdict)
            {
                Close(verdict.IsTold ? verdict.Ending : unlessTold);
            }
        }

        private static TaskCompletionSource Ended()
        {
            var ended = new TaskCompletionSource();
            ended.SetResult();
            return ended;
        }

        private static uint LastNumberOf(DeviceLogEntry entry) => entry switch
        {
            DeviceEvent happened => happened.Number,
            MissingEvents missing => missing.LastNumber,
            _ => 0,
        };

        private void Conclude()
        {
            if (_verdict is { End: not null, Ending: var ending })
            {
                Close(ending);
            }
        }

        private void Close(PassEnding ending)
        {
            (_verdict, _count) = (null, null);
            _passes[^1] = _passes[^1] with { Ending = ending, EndedAt = time.GetUtcNow() };
            Write();
            _ended.TrySetResult();
        }

        private void Record(TreatmentRequest asked, AcceptedTreatment accepted, DeviceStatus? status)
        {
            _tokenRecorded = accepted.Token;
            Recorder.RecordParameters(asked, accepted, status);
        }

        private void Write()
        {
            Passes = [.. _passes];
            Recorder.RecordPass(_passes[^1]);
        }
    }
}
