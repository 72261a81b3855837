// One change of the record by somebody: what it reads, writes and says in the audit trail is one transaction, and no
// other program writes between its reading and its writing.

using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Clinic;

internal sealed class Change(SessionContext context, Actor who, DateTimeOffset now)
{
    public SessionContext Context => context;

    public Actor Who => who;

    /// <summary>When it happens, UTC.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Adds an entry to the audit trail. Never give it a client's name, label, notes or other free text.</summary>
    public void Audit(string action, string subject, string details) => context.Add(new AuditRow
    {
        AtUtc = now,
        ById = who.PersonId,
        ByName = who.Name,
        Action = action,
        Subject = subject,
        Details = details,
    });

    /// <summary>The client, to be changed or referred to.</summary>
    /// <exception cref="RecordRefusedException">There is none.</exception>
    public ClientRow Client(string key) =>
        context.Clients.Find(key) ?? throw new RecordRefusedException("client.unknown", "There is no such client. Choose one from the list.");
}
