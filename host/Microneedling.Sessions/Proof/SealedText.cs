// Free text that may speak of a client is proven without being in the proof: the canonical form holds the SHA-256 of a
// random salt and the text. When a client is erased, text and salt go; the hash stays, proves nothing to a guesser, and
// keeps everything that was chained after it provable.
//
//   kept:   "<salt, 32 hex digits>.<hash, 64 hex digits>"        erased:   ".<hash>"

using System.Security.Cryptography;
using System.Text;

namespace Microneedling.Sessions.Proof;

internal static class SealedText
{
    private const int SaltBytes = 16;
    private const char Between = '.';

    /// <summary>A new seal of a text; null for none.</summary>
    public static string? Of(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Convert.ToHexStringLower(salt) + Between + Hash(salt, text);
    }

    /// <summary>The part of a seal that is proven.</summary>
    public static string? ProvenPart(string? seal) => seal?[(seal.IndexOf(Between, StringComparison.Ordinal) + 1)..];

    /// <summary>A seal without its salt.</summary>
    public static string? Erased(string? seal) => seal is null ? null : Between + ProvenPart(seal);

    /// <summary>Whether the text of a seal is gone.</summary>
    public static bool IsErased(string? seal) => seal?.StartsWith(Between) == true;

    /// <summary>Whether a seal belongs to a text. One without its salt belongs to a text that is gone.</summary>
    public static bool Fits(string? seal, string? text)
    {
        if (seal is null || IsErased(seal))
        {
            return string.IsNullOrEmpty(text);
        }

        var salt = seal[..Math.Max(0, seal.IndexOf(Between, StringComparison.Ordinal))];
        return text is not null && salt.Length == 2 * SaltBytes && salt.All(char.IsAsciiHexDigit) && Hash(Convert.FromHexString(salt), text) == ProvenPart(seal);
    }

    private static string Hash(byte[] salt, string text) => Convert.ToHexStringLower(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(text)]));
}
