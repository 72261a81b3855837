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

    private volatile Reading? _latest;
    private volatile bool _isForgotten;

    /// <summary>Everybody, by number. While the record cannot be read: what was read last.</summary>
    /// <exception cref="SessionStoreException">It cannot be read and never was.</exception>
    public async ValueTask<IReadOnlyDictionary<long, Person>> ReadAsync()
    {
        var known = _latest;
        if (known is not null && !_isForgotten && time.GetElapsedTime(known.At) < Fresh)
        {
            return known.People;
        }

        _isForgotten = false;
        try
        {
            long at = time.GetTimestamp();
            var people = (await store.People.ListAsync()).ToFrozenDictionary(person => person.Id);
            _latest = new Reading(at, people);
            return people;
        }
        catch (SessionStoreException) when (known is not null)
        {
            // A disk that fails must not take the page from whoever controls a moving device.
            return known.People;
        }
    }

    /// <summary>Something was changed: reads again at the next question.</summary>
    public void Forget() => _isForgotten = true;

    private sealed record Reading(long At, FrozenDictionary<long, Person> People);
}
