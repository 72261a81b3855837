namespace Microneedling.Client.Transports;

/// <summary>
/// What a <see cref="LineTransport"/> carries bytes over: plain blocking calls. Whatever a call throws means that the line
/// is gone. One thread reads; writing, and waiting for room, are each done by one thread at a time.
/// </summary>
internal interface ILine : IDisposable
{
    /// <summary>Waits for bytes. Returns how many; 0 when the other end has hung up, or after <see cref="End"/>.</summary>
    int Read(Span<byte> buffer);

    /// <summary>Sends what can be taken now, without waiting for room. Returns how many; 0 when there is no room.</summary>
    int TryWrite(ReadOnlySpan<byte> bytes);

    /// <summary>Waits until <see cref="TryWrite"/> may take something. False after <see cref="End"/>.</summary>
    bool WaitForRoom();

    /// <summary>Throws away what waits to be sent, as far as this line can.</summary>
    void DiscardOutput();

    /// <summary>Ends the waiting, now and from now on. On any thread; not after <see cref="IDisposable.Dispose"/>.</summary>
    void End();
}
