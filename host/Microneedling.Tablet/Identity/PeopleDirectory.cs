using System.Collections.Frozen;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Identity;

/// <summary>
/// The people of the record, as every request asks for them: read again after <see cref="Fresh"/>, so that another
/// program's change counts soon, and at once after <see cref="Forget"/>.
/// </summary>
public sealed class PeopleDirectory(SessionStore store, TimeProvider time)
{
    /// <summary>How old what is known may be.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>How long a question waits for a slow disk when an older answer is known: pages in control must go on reporting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private Reading? _latest;
    private Task<Reading>? _reading;
    private int _changes;

    /// <summary>Everybody, by number. While the record cannot be read: what was read last.</summary>
    /// <exception cref="SessionStoreException">It cannot be read and never was.</exception>
    public async ValueTask<IReadOnlyDictionary<long, Person>> ReadAsync()
    {
        Reading? known;
        Task<Reading> reading;
        lock (_gate)
        {
            known = _latest;
            if (known is { IsForgotten: false } && time.GetElapsedTime(known.At) < Fresh)
            {
                return known.People;
            }

            if (_reading is null || _reading.IsCompleted)
            {
                _reading = LoadAsync(_changes);
            }

            reading = _reading;
        }

        try
        {
            return (known is null ? await reading : await reading.WaitAsync(Patience)).People;
        }
        catch (Exception problem) when (known is not null && problem is SessionStoreException or TimeoutException)
        {
            return known.People;
        }
    }

    /// <summary>Something was changed: reads again at the next question.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _latest = _latest is null ? null : _latest with { IsForgotten = true };
            _reading = null; // One that has begun may not have seen the change: its answer is not kept.
            _changes++;
        }
    }

    private async Task<Reading> LoadAsync(int changes)
    {
        var reading = new Reading(time.GetTimestamp(), (await store.People.ListAsync()).ToFrozenDictionary(person => person.Id), IsForgotten: false);
        lock (_gate)
        {
            _latest = changes == _changes ? reading : _latest;
        }

        return reading;
    }

    private sealed record Reading(long At, FrozenDictionary<long, Person> People, bool IsForgotten);
}
