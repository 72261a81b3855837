using Microneedling.Sessions;

namespace Microneedling.Tablet.Report;

/// <summary>
/// Timelines of the sessions that were looked at last. Reading one takes a while, so that it begins when a page is asked for
/// and not when the page's script asks for it; and what has ended never changes, so that it is read once.
/// </summary>
public sealed class Timelines(SessionStore store)
{
    private const int MostKept = 8;

    private readonly Lock _gate = new();
    private readonly List<(long Id, Task<SessionTimeline?> Timeline)> _kept = [];

    /// <summary>As <see cref="SessionTimeline.LoadAsync"/>, all of it. Waits for what was begun already.</summary>
    public Task<SessionTimeline?> OfAsync(long id)
    {
        lock (_gate)
        {
            int index = _kept.FindIndex(one => one.Id == id && !one.Timeline.IsFaulted && !one.Timeline.IsCanceled);
            (long Id, Task<SessionTimeline?> Timeline) one = index >= 0 ? _kept[index] : (id, LoadAsync(id));
            _kept.RemoveAll(other => other.Id == id);
            _kept.Add(one);
            if (_kept.Count > MostKept)
            {
                _kept.RemoveAt(0);
            }

            return one.Timeline;
        }
    }

    private async Task<SessionTimeline?> LoadAsync(long id)
    {
        await Task.Yield(); // Off the caller's path, and out of the gate.
        var session = await store.OverviewAsync(id);
        if (session?.Summary.Outcome.IsFinal() != true)
        {
            lock (_gate)
            {
                _kept.RemoveAll(one => one.Id == id);
            }
        }

        return session is null
            ? null
            : await store.ReadCurveAsync(id, curve => SessionTimeline.Of(session, curve, SessionTimeline.ScreenColumns));
    }
}
