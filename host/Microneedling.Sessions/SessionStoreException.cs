namespace Microneedling.Sessions;

/// <summary>The session record could not be opened, read or written. The message says what to do next.</summary>
public sealed class SessionStoreException : Exception
{
    internal SessionStoreException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
