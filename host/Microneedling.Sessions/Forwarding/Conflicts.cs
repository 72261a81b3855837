using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Forwarding;

/// <summary>What does not fit together when a record is forwarded.</summary>
public enum ConflictKind
{
    /// <summary>The recorder's chain is not the one that it forwarded before: it was set back to an older copy, or two copies of it are in use.</summary>
    SetBack = 1,

    /// <summary>A session of this key is known with another content. The one that is known stays.</summary>
    SessionDiffers = 2,

    /// <summary>What the recorder holds is not what its link proves: it was changed there. It was not taken.</summary>
    ContentChanged = 3,
}

internal static class Conflict
{
    /// <summary>Notes a conflict, once.</summary>
    public static void Note(
        SessionContext context, DateTimeOffset now, string recorderKey, ConflictKind kind, long number, string subjectKey, byte[] knownHash, byte[] givenHash)
    {
        var given = Convert.ToHexStringLower(givenHash);
        if (!context.Conflicts.Any(row => row.RecorderKey == recorderKey && row.Kind == kind && row.Number == number && row.GivenHash == given))
        {
            context.Add(new ConflictRow
            {
                RecorderKey = recorderKey,
                AtUtc = now,
                Kind = kind,
                Number = number,
                SubjectKey = subjectKey,
                KnownHash = Convert.ToHexStringLower(knownHash),
                GivenHash = given,
            });
        }
    }
}
