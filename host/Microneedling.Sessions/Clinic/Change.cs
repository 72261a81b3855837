// One change of the record by somebody: what it reads, writes and says in the audit trail is one transaction, and no
// other program writes between its reading and its writing. What is to be proven gets its link last.

using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Clinic;

internal sealed class Change(SessionContext context, Actor who, DateTimeOffset now)
{
    private readonly List<(LinkKind Kind, Func<long> SubjectId, byte[] ContentHash)> toProve = [];

    public SessionContext Context => context;

    public Actor Who => who;

    /// <summary>When it happens, UTC.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Adds an entry to the audit trail. Never give it a client's name, label, notes or other free text.</summary>
    public void Audit(string action, string subject, string details)
    {
        AuditRow row = new() { AtUtc = now, ById = who.PersonId, ByName = who.Name, Action = action, Subject = subject, Details = details };
        context.Add(row);
        ToProve(LinkKind.AuditEntry, () => row.Id, Canonical.Hash(row));
    }

    /// <summary>Has something proven when the change is done.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="subjectId">Tells its number once it is saved.</param>
    /// <param name="contentHash">Hash of its canonical form.</param>
    public void ToProve(LinkKind kind, Func<long> subjectId, byte[] contentHash) => toProve.Add((kind, subjectId, contentHash));

    /// <summary>Links what is to be proven. All of it must have been saved.</summary>
    public void Prove()
    {
        foreach (var (kind, subjectId, contentHash) in toProve)
        {
            Chain.Append(context, now, kind, subjectId(), contentHash);
        }

        context.SaveChanges();
    }

    /// <summary>The client, to be changed or referred to.</summary>
    /// <exception cref="RecordRefusedException">There is none, or it is erased.</exception>
    public ClientRow Client(string key)
    {
        var client = context.Clients.Find(key) ?? throw new RecordRefusedException("client.unknown", "There is no such client. Choose one from the list.");
        Refuse.If(client.ErasedUtc is not null, "client.erased", "This client has been erased: nothing more can be added or changed.");
        return client;
    }

    /// <summary>Refuses what belongs to an erased client.</summary>
    /// <param name="clientKey">The client, or null: none.</param>
    public void RefuseErased(string? clientKey)
    {
        if (clientKey is not null)
        {
            Client(clientKey);
        }
    }

    /// <summary>Whether an active supervisor does it, or nobody is set up yet.</summary>
    public bool IsBySupervisor =>
        !context.People.Any() || context.People.Any(person => person.Id == who.PersonId && person.IsActive && person.Role == Role.Supervisor);

    /// <summary>The session, to be referred to.</summary>
    /// <exception cref="RecordRefusedException">There is none.</exception>
    public Session Session(long id, string code) =>
        context.Sessions.Find(id) ?? throw new RecordRefusedException(code, "There is no such session. Choose one from the list.");
}
