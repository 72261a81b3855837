namespace Microneedling.Sessions.Clinic;

/// <summary>The people who may sign in, in the session record. Every change is in the audit trail in the same commit.</summary>
public sealed class PeopleStore(SessionStore store)
{
    /// <summary>Fewest digits of a PIN.</summary>
    public const int FewestPinDigits = 6;

    /// <summary>Everybody, by name; also those who may no longer sign in.</summary>
    public Task<IReadOnlyList<Person>> ListAsync(CancellationToken ct = default) => store.Missing<IReadOnlyList<Person>>(ct);

    /// <summary>Adds somebody. The first person must be a supervisor.</summary>
    /// <param name="who">Who does it.</param>
    /// <param name="name">1 … 60 characters, not taken.</param>
    /// <param name="role">Role.</param>
    /// <param name="pin">6 … 12 digits; kept only as a hash.</param>
    /// <param name="ct">Gives up while waiting to write.</param>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public Task<Person> AddAsync(Actor who, string name, Role role, string pin, CancellationToken ct = default) => store.Missing<Person>(ct);

    /// <summary>Changes name, role, or whether somebody may sign in. The last active supervisor stays one.</summary>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public Task<Person> ChangeAsync(Actor who, long id, string name, Role role, bool isActive, CancellationToken ct = default) => store.Missing<Person>(ct);

    /// <summary>Gives somebody a new PIN, and takes the lock away.</summary>
    /// <exception cref="RecordRefusedException">The PIN will not do; the message says why.</exception>
    public Task SetPinAsync(Actor who, long id, string pin, CancellationToken ct = default) => store.Missing<int>(ct);

    /// <summary>
    /// Checks a PIN. After five wrong ones none is taken for a minute, then for twice as long each time, up to an hour;
    /// that outlives a restart. Takes the same time whether the person exists or not.
    /// </summary>
    /// <returns>The person, or null: wrong, locked, or not active.</returns>
    public Task<Person?> CheckPinAsync(long id, string pin, CancellationToken ct = default) => store.Missing<Person?>(ct);

    /// <summary>One person, or null.</summary>
    public Task<Person?> FindAsync(long id, CancellationToken ct = default) => store.Missing<Person?>(ct);
}
