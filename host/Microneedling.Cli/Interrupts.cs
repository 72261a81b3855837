// Ctrl-C, and the signals of a shell that ends. The first one asks the verb to end, which stops the device first; the second
// one is left to the system, which ends the program at once.

using System.Runtime.InteropServices;

namespace Microneedling.Cli;

/// <summary>Turns the first signal into a cancelled token.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private int signals;

    internal Interrupts() => registrations =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, OnSignal)),
    ];

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }

        source.Dispose();
    }

    // On a thread of its own: the token's followers may take their time, and the second signal must not wait for them.
    private void OnSignal(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref signals) == 1)
        {
            context.Cancel = true;
            _ = source.CancelAsync();
        }
    }
}
