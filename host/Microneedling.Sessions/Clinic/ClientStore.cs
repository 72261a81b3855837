namespace Microneedling.Sessions.Clinic;

/// <summary>
/// Clients with their checks, consents, courses and follow-ups, in the session record. Every change is in the audit trail
/// in the same commit, without names or notes.
/// </summary>
public sealed class ClientStore(SessionStore store)
{
    /// <summary>Clients whose label or name contains a text, by label; all when it is empty. At most 200.</summary>
    public Task<IReadOnlyList<Client>> ListAsync(string text = "", CancellationToken ct = default) => store.Missing<IReadOnlyList<Client>>(ct);

    /// <summary>One client, or null.</summary>
    public Task<Client?> FindAsync(string key, CancellationToken ct = default) => store.Missing<Client?>(ct);

    /// <summary>Adds a client with the next free label, such as <c>Client 0007</c>.</summary>
    public Task<Client> AddAsync(Actor who, CancellationToken ct = default) => store.Missing<Client>(ct);

    /// <summary>Writes what is known of a client; key and creation stay.</summary>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public Task ChangeAsync(Actor who, Client client, CancellationToken ct = default) => store.Missing<int>(ct);

    /// <summary>Keeps a filled-in checklist. Whether the client is suitable is decided here, by the version's weights.</summary>
    /// <exception cref="RecordRefusedException">The version is not the latest, or an item is not in it.</exception>
    public Task<SuitabilityCheck> CheckAsync(Actor who, string clientKey, int checklistVersion, IReadOnlyList<string> answeredYes, string notes, CancellationToken ct = default) =>
        store.Missing<SuitabilityCheck>(ct);

    /// <summary>A supervisor's override of a check that found the client not suitable.</summary>
    /// <exception cref="RecordRefusedException">There is no reason, of 10 … 500 characters, or nothing to override.</exception>
    public Task OverrideAsync(Actor supervisor, long checkId, string reason, CancellationToken ct = default) => store.Missing<int>(ct);

    /// <summary>A client's checks, newest first.</summary>
    public Task<IReadOnlyList<SuitabilityCheck>> ChecksAsync(string clientKey, CancellationToken ct = default) => store.Missing<IReadOnlyList<SuitabilityCheck>>(ct);

    /// <summary>Notes that the client has consented, in which words.</summary>
    public Task<Consent> ConsentAsync(Actor who, string clientKey, string wording, CancellationToken ct = default) => store.Missing<Consent>(ct);

    /// <summary>Notes that a consent was withdrawn.</summary>
    public Task WithdrawConsentAsync(Actor who, long consentId, CancellationToken ct = default) => store.Missing<int>(ct);

    /// <summary>A client's consents, newest first.</summary>
    public Task<IReadOnlyList<Consent>> ConsentsAsync(string clientKey, CancellationToken ct = default) => store.Missing<IReadOnlyList<Consent>>(ct);

    /// <summary>Begins a course.</summary>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public Task<Course> BeginCourseAsync(Actor who, string clientKey, string indication, int plannedSessions, int intervalDays, CancellationToken ct = default) =>
        store.Missing<Course>(ct);

    /// <summary>Closes a course: nothing more is planned.</summary>
    public Task CloseCourseAsync(Actor who, long courseId, CancellationToken ct = default) => store.Missing<int>(ct);

    /// <summary>A client's courses with their sessions, newest first.</summary>
    public Task<IReadOnlyList<Course>> CoursesAsync(string clientKey, CancellationToken ct = default) => store.Missing<IReadOnlyList<Course>>(ct);

    /// <summary>Notes what was seen after a session. Only added, never changed.</summary>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public Task<FollowUp> FollowUpAsync(
        Actor who, long sessionId, int hoursAfter, FollowUpGrade redness, FollowUpGrade swelling, int pain, string notes, CancellationToken ct = default) =>
        store.Missing<FollowUp>(ct);

    /// <summary>The follow-ups of a session, oldest first.</summary>
    public Task<IReadOnlyList<FollowUp>> FollowUpsAsync(long sessionId, CancellationToken ct = default) => store.Missing<IReadOnlyList<FollowUp>>(ct);
}
