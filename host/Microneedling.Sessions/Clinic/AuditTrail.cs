using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Clinic;

/// <summary>Who changed what, in the session record. Entries are only added.</summary>
public sealed class AuditTrail(SessionStore store)
{
    private const int EntriesAtOnce = 100;

    /// <summary>Adds an entry for what is not a change of the record: a sign-in, an unlock, a hand-over.</summary>
    /// <param name="who">Who did it.</param>
    /// <param name="action">What was done, 1 … 60 characters.</param>
    /// <param name="subject">To what, up to 120 characters.</param>
    /// <param name="details">Up to 4 000 characters; never a client's name or notes.</param>
    /// <param name="ct">Gives up while waiting to write.</param>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public Task AddAsync(Actor who, string action, string subject, string details, CancellationToken ct = default) => store.ChangeAsync(
        who,
        change =>
        {
            change.Audit(
                Refuse.Line(action, 1, 60, "audit.action", "The action"),
                Refuse.Line(subject, 0, 120, "audit.subject", "The subject"),
                Refuse.Lines(details, 0, 4000, "audit.details", "The details"));
        },
        ct);

    /// <summary>Entries before a number, newest first, up to 100.</summary>
    /// <param name="before">Only entries with smaller numbers; null: from the newest.</param>
    /// <param name="ct">Stops the waiting.</param>
    public Task<IReadOnlyList<AuditEntry>> ListAsync(long? before = null, CancellationToken ct = default) => store.ReadAsync<IReadOnlyList<AuditEntry>>(
        context => [.. context.AuditEntries
            .Where(row => row.Id < (before ?? long.MaxValue))
            .OrderByDescending(row => row.Id)
            .Take(EntriesAtOnce)
            .AsEnumerable()
            .Select(ClinicMapping.ToRecord)],
        ct);
}
