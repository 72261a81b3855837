// Who is signed in, and how long. The cookie holds nothing but the random number of a sign-in; everything is decided here:
//
//   Begin ─▶ open ── End: signed out, new PIN, no longer active ─▶ ended: its live streams end
//             └───── Sweep: 30 min without a touch, 12 h at most, but not while its page controls a device in motion ─▶ ended

using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Identity;

/// <summary>Why a sign-in ended by itself.</summary>
public enum SignInEnd
{
    /// <summary>Nobody touched a page for <see cref="SignIns.LongestIdle"/>.</summary>
    Idle,

    /// <summary>It lasted <see cref="SignIns.Longest"/>.</summary>
    TooLong,

    /// <summary>The person may no longer sign in.</summary>
    NotActive,
}

/// <summary>The sign-ins that are open. They do not outlive the program.</summary>
/// <param name="people">Whether people may still sign in.</param>
/// <param name="time">Clock.</param>
/// <param name="pageInMotion">The page that controls a homing, armed or running device now, or null.</param>
public sealed class SignIns(PeopleDirectory people, TimeProvider time, Func<string?> pageInMotion)
{
    /// <summary>A sign-in ends when no page of it was touched for so long.</summary>
    public static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(30);

    /// <summary>A sign-in ends after so long in any case.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    private readonly ConcurrentDictionary<string, SignIn> _open = new();

    /// <summary>Opens a sign-in of somebody whose PIN was right.</summary>
    public SignIn Begin(Person person)
    {
        ArgumentNullException.ThrowIfNull(person);
        long now = time.GetTimestamp();
        var signIn = new SignIn(RandomNumberGenerator.GetHexString(32, lowercase: true), person.Id, now);
        _open[signIn.Id] = signIn;
        return signIn;
    }

    /// <summary>An open sign-in with the person as the record has them now, or null. Ends it when its time is over.</summary>
    /// <param name="id">Number of the sign-in.</param>
    /// <param name="isTouch">Whether a person did something: the idle time begins anew.</param>
    public async ValueTask<(SignIn SignIn, Person Person)?> FindAsync(string id, bool isTouch)
    {
        if (!_open.TryGetValue(id, out var signIn))
        {
            return null;
        }

        var known = await people.ReadAsync();
        if (EndOf(signIn, known) is not null)
        {
            return null; // The sweep ends it, and says so in the audit trail.
        }

        if (isTouch)
        {
            signIn.TouchedAt = time.GetTimestamp();
        }

        return (signIn, known[signIn.PersonId]);
    }

    /// <summary>Ends a sign-in. False: it was not open.</summary>
    public bool End(string id)
    {
        if (!_open.TryRemove(id, out var signIn))
        {
            return false;
        }

        signIn.Dispose();
        return true;
    }

    /// <summary>Ends every sign-in of a person but one.</summary>
    public void EndAllOf(long personId, string? exceptId)
    {
        foreach (var signIn in _open.Values.Where(signIn => signIn.PersonId == personId && signIn.Id != exceptId))
        {
            End(signIn.Id);
        }
    }

    /// <summary>Ends every sign-in whose time is over, and returns which and why.</summary>
    public async Task<IReadOnlyList<(Actor Who, SignInEnd Why)>> SweepAsync()
    {
        if (_open.IsEmpty)
        {
            return [];
        }

        var known = await people.ReadAsync();
        var ended = new List<(Actor, SignInEnd)>();
        foreach (var signIn in _open.Values)
        {
            if (EndOf(signIn, known) is { } why && End(signIn.Id))
            {
                ended.Add((new Actor(signIn.PersonId, known.TryGetValue(signIn.PersonId, out var person) ? person.Name : ""), why));
            }
        }

        return ended;
    }

    private SignInEnd? EndOf(SignIn signIn, IReadOnlyDictionary<long, Person> known)
    {
        if (!known.TryGetValue(signIn.PersonId, out var person) || !person.IsActive)
        {
            return SignInEnd.NotActive;
        }

        if (pageInMotion() is { } page && signIn.IsWatching(page))
        {
            signIn.TouchedAt = time.GetTimestamp();
            return null;
        }

        return time.GetElapsedTime(signIn.BeganAt) >= Longest ? SignInEnd.TooLong
            : time.GetElapsedTime(signIn.TouchedAt) >= LongestIdle ? SignInEnd.Idle
            : null;
    }
}

/// <summary>One sign-in. By the clock's timestamps it knows when it began and was touched last.</summary>
public sealed class SignIn : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _pages = new();
    private readonly CancellationTokenSource _ended = new();
    private long _touchedAt;

    internal SignIn(string id, long personId, long beganAt) =>
        (Id, PersonId, BeganAt, _touchedAt, Ended) = (id, personId, beganAt, beganAt, _ended.Token);

    /// <summary>Its random number.</summary>
    public string Id { get; }

    /// <summary>Who is signed in.</summary>
    public long PersonId { get; }

    /// <summary>Cancelled when the sign-in ends.</summary>
    public CancellationToken Ended { get; }

    internal long BeganAt { get; }

    internal long TouchedAt
    {
        get => Interlocked.Read(ref _touchedAt);
        set => Interlocked.Exchange(ref _touchedAt, value);
    }

    /// <summary>Whether a page has its live stream by this sign-in.</summary>
    public bool IsWatching(string page) => _pages.ContainsKey(page);

    /// <summary>A page has opened its live stream.</summary>
    public void Watch(string page) => _pages.AddOrUpdate(page, 1, (_, streams) => streams + 1);

    /// <summary>One of the page's streams has ended.</summary>
    public void Leave(string page)
    {
        if (_pages.AddOrUpdate(page, 0, (_, streams) => streams - 1) <= 0)
        {
            _pages.TryRemove(KeyValuePair.Create(page, 0));
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }
}
