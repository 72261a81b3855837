namespace Microneedling.Sessions.Clinic;

/// <summary>Who changed what, in the session record. Entries are only added.</summary>
public sealed class AuditTrail(SessionStore store)
{
    /// <summary>Adds an entry for what is not a change of the record: a sign-in, an unlock, a hand-over.</summary>
    public Task AddAsync(Actor who, string action, string subject, string details, CancellationToken ct = default) => store.Missing<int>(ct);

    /// <summary>Entries before a number, newest first, up to 100.</summary>
    /// <param name="before">Only entries with smaller numbers; null: from the newest.</param>
    /// <param name="ct">Stops the waiting.</param>
    public Task<IReadOnlyList<AuditEntry>> ListAsync(long? before = null, CancellationToken ct = default) => store.Missing<IReadOnlyList<AuditEntry>>(ct);
}
