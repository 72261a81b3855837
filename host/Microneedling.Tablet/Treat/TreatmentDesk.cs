// The session that is open at this tablet, and the passes in it. Decides when a session may begin, be armed and be closed;
// motion is decided by the device.

using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;

namespace Microneedling.Tablet.Treat;

/// <summary>The session that is open.</summary>
/// <param name="Id">Number in the record.</param>
/// <param name="DeviceSessionNumber">What the device knows it by: random, so that no two tablets give one number twice.</param>
/// <param name="Start">What it was begun with.</param>
/// <param name="ClientLabel">The client's label, or null: on a test block.</param>
/// <param name="StartedAt">When it began, UTC.</param>
public sealed record OpenSession(long Id, uint DeviceSessionNumber, SessionStart Start, string? ClientLabel, DateTimeOffset StartedAt);

/// <summary>Refused; nothing changed. <see cref="Code"/> names the text <c>refusals.CODE</c>.</summary>
public sealed class DeskRefusedException(string code, params object[] values) : Exception(code)
{
    /// <summary>The reason's name.</summary>
    public string Code { get; } = code;

    /// <summary>Values in its text.</summary>
    public IReadOnlyList<object> Values { get; } = values;
}

/// <summary>Where sessions are begun and closed. One is open at a time.</summary>
public sealed class TreatmentDesk
{
    /// <summary>The session that is open, or null.</summary>
    public OpenSession? Open { get; private set; }

    /// <summary>
    /// Begins a session: the device must be connected and at rest, no other session open, the client's check in force and
    /// consent noted, the cartridge not expired. A test block needs a simulated device or the right to serve it.
    /// </summary>
    /// <exception cref="DeskRefusedException">Something of that is missing.</exception>
    public Task<OpenSession> BeginAsync(Identity.SignedInPerson person, SessionStart start, CancellationToken cancellationToken) =>
        throw new NotImplementedException($"{Open}{person}{start}{cancellationToken}");

    /// <summary>
    /// Closes the session. It counts as aborted or lost when its last pass ended so, as stopped when it had no pass, else
    /// as the practitioner says.
    /// </summary>
    /// <param name="person">Who closes it.</param>
    /// <param name="carriedThrough">True: completed; false: ended early.</param>
    /// <param name="cancellationToken">Gives up before it is closed.</param>
    /// <exception cref="DeskRefusedException">None is open, or the device is armed or moves.</exception>
    public Task<SessionSummary> FinishAsync(Identity.SignedInPerson person, bool carriedThrough, CancellationToken cancellationToken) =>
        throw new NotImplementedException($"{Open}{person}{carriedThrough}{cancellationToken}");
}
