namespace Microneedling.Sessions;

/// <summary>The session record could not be opened, read or written. The message says what to do next.</summary>
public sealed class SessionStoreException : Exception
{
    internal SessionStoreException(string message, Exception? inner = null, bool isDamaged = false)
        : base(message, inner) =>
        IsDamaged = isDamaged;

    /// <summary>Whether the record itself is damaged or gone: a backup is to be restored in its place.</summary>
    public bool IsDamaged { get; }
}
