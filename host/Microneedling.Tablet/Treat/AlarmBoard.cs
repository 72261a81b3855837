// Decides which alarm conditions there are, which of them a person has seen, and which are silent for a while.
// Condition, acknowledged, silenced: three things, after IEC 60601-1-8. No conformity is claimed.

using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Tablet.Treat;

/// <summary>An alarm condition that is present.</summary>
/// <param name="Id">Such as <c>fault-501</c>, <c>link</c>, <c>recording</c>.</param>
/// <param name="Priority">How soon a person must act.</param>
/// <param name="Fault">The latched fault, or None.</param>
/// <param name="Detail">Words from where it came, or empty.</param>
public sealed record AlarmCondition(string Id, AlarmPriority Priority, FaultCode Fault, string Detail);

/// <summary>An alarm condition and what a person did about it.</summary>
public sealed record Alarm(AlarmCondition Condition, bool Acknowledged, TimeSpan SilencedFor);

/// <summary>The alarms of this tablet; one board for all pages.</summary>
public sealed class AlarmBoard(TimeProvider time)
{
    /// <summary>How long silencing lasts, as on the device.</summary>
    public static readonly TimeSpan SilenceLasts = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _acknowledged = [];
    private readonly Dictionary<string, long> _silencedAt = [];

    /// <summary>The conditions that are present, gravest first, with what was done about them. What is gone is forgotten.</summary>
    public IReadOnlyList<Alarm> Show(IEnumerable<AlarmCondition> present)
    {
        AlarmCondition[] conditions = [.. present.OrderByDescending(condition => condition.Priority).ThenBy(condition => condition.Id, StringComparer.Ordinal)];
        lock (_gate)
        {
            _acknowledged.IntersectWith(conditions.Select(condition => condition.Id));
            foreach (string gone in _silencedAt.Keys.Except(conditions.Select(condition => condition.Id)).ToArray())
            {
                _silencedAt.Remove(gone);
            }

            return [.. conditions.Select(condition => new Alarm(condition, _acknowledged.Contains(condition.Id), SilencedFor(condition.Id)))];
        }
    }

    /// <summary>A person has seen a condition that is present.</summary>
    public void Acknowledge(string id)
    {
        lock (_gate)
        {
            _acknowledged.Add(id);
        }
    }

    /// <summary>No sound of these conditions for a while; of others, sound.</summary>
    public void Silence(IEnumerable<string> ids)
    {
        lock (_gate)
        {
            foreach (string id in ids)
            {
                _silencedAt[id] = time.GetTimestamp();
            }
        }
    }

    /// <summary>A condition is over and may come again at once: then it is a new one.</summary>
    public void Forget(string id)
    {
        lock (_gate)
        {
            _acknowledged.Remove(id);
            _silencedAt.Remove(id);
        }
    }

    /// <summary>Name of the condition of a latched fault.</summary>
    public static string IdOf(FaultCode fault) => $"fault-{(int)fault}";

    /// <summary>The conditions that follow from what is known now.</summary>
    /// <param name="link">What is true of the link.</param>
    /// <param name="status">The device's latest status, or null.</param>
    /// <param name="sessionIsOpen">Whether a session is open.</param>
    /// <param name="recordingFault">Why it is not being written down, or null.</param>
    public static IEnumerable<AlarmCondition> Of(LinkReport link, DeviceStatus? status, bool sessionIsOpen, string? recordingFault)
    {
        ArgumentNullException.ThrowIfNull(link);
        if (status is { Fault: not FaultCode.None } faulted)
        {
            var priority = Alarms.PriorityOf(faulted.Fault);
            yield return new AlarmCondition(IdOf(faulted.Fault), faulted.Alarm > priority ? faulted.Alarm : priority, faulted.Fault, "");
        }

        if (sessionIsOpen && link.State is (LinkState.Lost or LinkState.Connecting))
        {
            yield return new AlarmCondition("link", AlarmPriority.Medium, FaultCode.None, link.Words);
        }

        if (recordingFault is not null)
        {
            yield return new AlarmCondition("recording", AlarmPriority.Medium, FaultCode.None, recordingFault);
        }

        if (link.State == LinkState.Degraded && status?.State is (DeviceState.Armed or DeviceState.Running))
        {
            yield return new AlarmCondition("disturbed", AlarmPriority.Low, FaultCode.None, link.Words);
        }
    }

    private TimeSpan SilencedFor(string id)
    {
        if (!_silencedAt.TryGetValue(id, out long at))
        {
            return TimeSpan.Zero;
        }

        var left = SilenceLasts - time.GetElapsedTime(at);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
