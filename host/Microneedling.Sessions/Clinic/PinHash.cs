// How a PIN is kept: PBKDF2 with SHA-256, a salt of its own, version and iterations beside it. Six digits are few: what
// protects them is the lock after wrong ones; the hash only makes a stolen file slow to try.

using System.Security.Cryptography;
using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Clinic;

internal static class PinHash
{
    public const int MostPinDigits = 12;

    /// <summary>PBKDF2, SHA-256, 32 bytes, PIN as UTF-8.</summary>
    private const int Version = 1;

    private const int Iterations = 600_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>What is compared with when there is no person: takes as long, and no PIN matches.</summary>
    private static readonly PersonRow Nobody = new()
    {
        PinVersion = Version,
        PinIterations = Iterations,
        PinSalt = new byte[SaltBytes],
        PinHash = new byte[HashBytes],
    };

    /// <summary>Whether this can be a PIN: 6 … 12 digits.</summary>
    public static bool IsPin(string pin) => pin.Length is >= PeopleStore.FewestPinDigits and <= MostPinDigits && pin.All(char.IsAsciiDigit);

    /// <summary>Puts the hash of a PIN, with a new salt, into a row. Slow on purpose.</summary>
    public static void Set(PersonRow row, string pin)
    {
        row.PinVersion = Version;
        row.PinIterations = Iterations;
        row.PinSalt = RandomNumberGenerator.GetBytes(SaltBytes);
        row.PinHash = Hash(pin, row.PinSalt, row.PinIterations);
    }

    /// <summary>Whether it is the person's PIN. Takes the same time for every PIN and for nobody.</summary>
    public static bool Matches(PersonRow? person, string pin)
    {
        var row = person ?? Nobody;
        var typed = IsPin(pin) ? pin : "";
        var isEqual = CryptographicOperations.FixedTimeEquals(Hash(typed, row.PinSalt, row.PinIterations), row.PinHash);
        return isEqual && row.PinVersion == Version && person is not null && typed.Length > 0;
    }

    private static byte[] Hash(string pin, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(pin, salt, iterations, HashAlgorithmName.SHA256, HashBytes);
}
