namespace Microneedling.Client;

/// <summary>
/// Carries bytes to and from one device. Knows nothing of frames. Both directions honour their token, and disposing ends
/// what is under way, so that closing never hangs. No call may block the thread that makes it: the heartbeat, the next
/// STOP byte and the notice that the device is silent all wait for that thread.
/// </summary>
public interface ITransport : IAsyncDisposable
{
    /// <summary>The address it was opened by, such as <c>sim:</c> or <c>serial:/dev/ttyUSB0</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Waits for bytes from the device. Returns how many were read; 0 when the transport has closed.
    /// </summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>
    /// Hands bytes over for sending. May be called while another call is under way: a STOP byte never waits behind a
    /// frame, and may end up inside one.
    /// </summary>
    /// <exception cref="LinkException">The transport has closed.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>
    /// Hands over one byte ahead of whatever still waits here to be sent, which may be discarded: the STOP byte. Otherwise
    /// as <see cref="WriteAsync"/>.
    /// </summary>
    ValueTask WriteUrgentAsync(byte value, CancellationToken cancellationToken) => WriteAsync(new[] { value }, cancellationToken);
}
