// People, their PINs, and the lock after wrong ones.
//
//   CheckPinAsync:  one at a time ─ locked? null ─ hash (slow, nothing held in the database)
//                   ─ transaction { still the same PIN? still not locked? count, lock or reset } ─ person or null
//
// Whether a guess counts is decided in the transaction: guesses at the same time, from several programs too, get no more
// tries than one after another.

using System.Globalization;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Clinic;

/// <summary>The people who may sign in, in the session record. Every change is in the audit trail in the same commit.</summary>
public sealed class PeopleStore(SessionStore store)
{
    /// <summary>Fewest digits of a PIN.</summary>
    public const int FewestPinDigits = 6;

    private const int FreeWrongPins = 5;
    private static readonly TimeSpan LongestLock = TimeSpan.FromHours(1);

    /// <summary>Stands for who types a PIN: nobody knows.</summary>
    private static readonly Actor NotSignedIn = new(null, "Not signed in");

    /// <summary>Everybody, by name; also those who may no longer sign in.</summary>
    public Task<IReadOnlyList<Person>> ListAsync(CancellationToken ct = default) => store.ReadAsync<IReadOnlyList<Person>>(
        context => [.. context.People.OrderBy(row => row.NameKey).AsEnumerable().Select(ClinicMapping.ToRecord)],
        ct);

    /// <summary>Adds somebody. The first person must be a supervisor.</summary>
    /// <param name="who">Who does it.</param>
    /// <param name="name">1 … 60 characters, not taken.</param>
    /// <param name="role">Role.</param>
    /// <param name="pin">6 … 12 digits; kept only as a hash.</param>
    /// <param name="ct">Gives up while waiting to write.</param>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public async Task<Person> AddAsync(Actor who, string name, Role role, string pin, CancellationToken ct = default)
    {
        var row = new PersonRow { Role = role, IsActive = true };
        Rename(row, name);
        Refuse.Undefined(role, "person.role", "The role");
        RefusePin(pin);
        await Task.Run(() => PinHash.Set(row, pin), ct);
        return await store.ChangeAsync(
            who,
            change =>
            {
                Refuse.If(
                    role != Role.Supervisor && !change.Context.People.Any(),
                    "person.firstNotSupervisor",
                    "The first person must be a supervisor. Add a supervisor first, then the others.");
                RefuseTakenName(change, row);
                change.Context.Add(row);
                change.Context.SaveChanges();
                change.Audit("person.added", Subject(row.Id), $"{row.Name}, {row.Role}");
                return row.ToRecord();
            },
            ct);
    }

    /// <summary>Changes name, role, or whether somebody may sign in. The last active supervisor stays one.</summary>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public Task<Person> ChangeAsync(Actor who, long id, string name, Role role, bool isActive, CancellationToken ct = default) => store.ChangeAsync(
        who,
        change =>
        {
            var row = Find(change, id);
            var before = row.ToRecord();
            Rename(row, name);
            Refuse.Undefined(role, "person.role", "The role");
            RefuseTakenName(change, row);
            Refuse.If(
                before is { Role: Role.Supervisor, IsActive: true } && !(role == Role.Supervisor && isActive)
                    && !change.Context.People.Any(other => other.Id != id && other.Role == Role.Supervisor && other.IsActive),
                "person.lastSupervisor",
                "This is the last supervisor who may sign in. Make somebody else a supervisor first.");
            row.Role = role;
            row.IsActive = isActive;
            var after = row.ToRecord();
            if (after != before)
            {
                change.Audit("person.changed", Subject(id), Difference(before, after));
            }

            return after;
        },
        ct);

    /// <summary>Gives somebody a new PIN, and takes the lock away.</summary>
    /// <exception cref="RecordRefusedException">The PIN will not do; the message says why.</exception>
    public async Task SetPinAsync(Actor who, long id, string pin, CancellationToken ct = default)
    {
        RefusePin(pin);
        var hashed = new PersonRow();
        await Task.Run(() => PinHash.Set(hashed, pin), ct);
        await store.ChangeAsync(
            who,
            change =>
            {
                var row = Find(change, id);
                (row.PinVersion, row.PinIterations, row.PinSalt, row.PinHash) = (hashed.PinVersion, hashed.PinIterations, hashed.PinSalt, hashed.PinHash);
                (row.WrongPins, row.LockedUntilUtc) = (0, null);
                change.Audit("person.pinSet", Subject(id), "");
            },
            ct);
    }

    /// <summary>
    /// Checks a PIN. After five wrong ones none is taken for a minute; each further wrong one locks for twice as long, up
    /// to an hour. That outlives a restart. Takes the same time whether the person exists or not. One is checked at a time.
    /// </summary>
    /// <returns>The person, or null: wrong, locked, or not active.</returns>
    public async Task<Person?> CheckPinAsync(long id, string pin, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(pin);
        await store.CheckingPin.WaitAsync(ct);
        try
        {
            while (true)
            {
                var person = await store.ReadAsync(context => context.People.SingleOrDefault(row => row.Id == id), ct);
                if (person is not null && IsLocked(person, store.Time.GetUtcNow()))
                {
                    await ShortenLockAsync(id, ct);
                    return null;
                }

                var matches = await Task.Run(() => PinHash.Matches(person, pin), ct);
                if (person is not { IsActive: true })
                {
                    return null;
                }

                // Not to be given up any more: a guess whose answer is known counts.
                var (isDecided, signedIn) = await DecideAsync(person, matches);
                if (isDecided)
                {
                    return signedIn;
                }
            }
        }
        finally
        {
            store.CheckingPin.Release();
        }
    }

    /// <summary>One person, or null.</summary>
    public Task<Person?> FindAsync(long id, CancellationToken ct = default) =>
        store.ReadAsync(context => context.People.SingleOrDefault(row => row.Id == id)?.ToRecord(), ct);

    internal static string Subject(long id) => $"person:{id}";

    /// <summary>How long so many wrong PINs lock for.</summary>
    internal static TimeSpan LockAfter(int wrongPins) =>
        wrongPins < FreeWrongPins ? TimeSpan.Zero
        : wrongPins - FreeWrongPins >= 6 ? LongestLock
        : TimeSpan.FromMinutes(1 << (wrongPins - FreeWrongPins));

    private static bool IsLocked(PersonRow person, DateTimeOffset now) => person.LockedUntilUtc is { } until && now < until;

    private Task<(bool IsDecided, Person? SignedIn)> DecideAsync(PersonRow guessed, bool matches) => store.ChangeAsync<(bool, Person?)>(
        matches ? new Actor(guessed.Id, guessed.Name) : NotSignedIn,
        change =>
        {
            var row = Find(change, guessed.Id);
            if (!row.PinHash.AsSpan().SequenceEqual(guessed.PinHash))
            {
                return (false, null);
            }

            if (!row.IsActive || IsLocked(row, change.Now))
            {
                return (true, null);
            }

            if (matches)
            {
                if (row.WrongPins > 0)
                {
                    change.Audit("person.pinRight", Subject(row.Id), $"after {row.WrongPins} wrong");
                    (row.WrongPins, row.LockedUntilUtc) = (0, null);
                }

                return (true, row.ToRecord());
            }

            row.WrongPins = Math.Min(row.WrongPins, int.MaxValue - 1) + 1;
            row.LockedUntilUtc = row.WrongPins >= FreeWrongPins ? change.Now + LockAfter(row.WrongPins) : null;
            var isLocked = row.LockedUntilUtc is { } until ? string.Create(CultureInfo.InvariantCulture, $", locked until {until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "";
            change.Audit("person.pinWrong", Subject(row.Id), $"{row.WrongPins} in a row{isLocked}");
            return (true, null);
        },
        CancellationToken.None);

    /// <summary>Someone may have set the clock back: a lock never lasts longer from now than it was meant to.</summary>
    private Task ShortenLockAsync(long id, CancellationToken ct) => store.ChangeAsync(
        NotSignedIn,
        change =>
        {
            var row = Find(change, id);
            var latest = change.Now + LockAfter(row.WrongPins);
            if (row.LockedUntilUtc > latest)
            {
                row.LockedUntilUtc = latest;
                change.Audit("person.lockShortened", Subject(id), "the clock was set back");
            }
        },
        ct);

    private static PersonRow Find(Change change, long id) =>
        change.Context.People.Find(id) ?? throw new RecordRefusedException("person.unknown", "There is no such person. Choose one from the list.");

    private static void Rename(PersonRow row, string name)
    {
        row.Name = Refuse.Line(name, 1, 60, "person.name", "The name");
        row.NameKey = TextKey.Of(row.Name);
        Refuse.If(row.NameKey.Length == 0, "person.name", "The name must have characters that can be seen.");
    }

    private static void RefuseTakenName(Change change, PersonRow row) => Refuse.If(
        change.Context.People.Any(other => other.NameKey == row.NameKey && other.Id != row.Id),
        "person.nameTaken",
        "Somebody has this name already. Add a second name or an initial.");

    private static void RefusePin(string pin) =>
        Refuse.If(pin is null || !PinHash.IsPin(pin), "person.pin", $"A PIN has {FewestPinDigits} … {PinHash.MostPinDigits} digits and nothing else.");

    private static string Difference(Person before, Person after) => string.Join(
        "; ",
        new[]
        {
            before.Name == after.Name ? null : $"name {before.Name} → {after.Name}",
            before.Role == after.Role ? null : $"role {before.Role} → {after.Role}",
            before.IsActive == after.IsActive ? null : after.IsActive ? "may sign in" : "may no longer sign in",
        }.OfType<string>());
}
