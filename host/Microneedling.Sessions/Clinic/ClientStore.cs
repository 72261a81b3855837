// Clients, and what belongs to them. What is written is refused or taken here; reading is plain.

using System.Security.Cryptography;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Clinic;

/// <summary>
/// Clients with their checks, consents, courses and follow-ups, in the session record. Every change is in the audit trail
/// in the same commit, without names or notes.
/// </summary>
public sealed class ClientStore(SessionStore store)
{
    private const int MostListed = 200;
    private const int MostNotes = 4000;

    /// <summary>Clients whose label or name contains a text, by label; all when it is empty. At most 200, and none who is erased.</summary>
    public Task<IReadOnlyList<Client>> ListAsync(string text = "", CancellationToken ct = default)
    {
        var wanted = TextKey.Of(text ?? "");
        return store.ReadAsync<IReadOnlyList<Client>>(
            context => [.. context.Clients
                .Where(row => row.ErasedUtc == null)
                .Where(row => row.LabelKey.Contains(wanted) || (row.NameKey != null && row.NameKey.Contains(wanted)))
                .OrderBy(row => row.LabelKey)
                .Take(MostListed)
                .AsEnumerable()
                .Select(ClinicMapping.ToRecord)],
            ct);
    }

    /// <summary>How many clients there are; those who are erased not counted.</summary>
    public Task<int> CountAsync(CancellationToken ct = default) => store.ReadAsync(context => context.Clients.Count(row => row.ErasedUtc == null), ct);

    /// <summary>One client, or null.</summary>
    public Task<Client?> FindAsync(string key, CancellationToken ct = default) =>
        store.ReadAsync(context => context.Clients.SingleOrDefault(row => row.Key == key)?.ToRecord(), ct);

    /// <summary>Adds a client with the next free label, such as <c>Client 0007</c>. No number is given twice.</summary>
    public Task<Client> AddAsync(Actor who, CancellationToken ct = default) => store.ChangeAsync(
        who,
        change =>
        {
            var number = (change.Context.Clients.Max(row => (long?)row.Number) ?? 0) + 1;
            while (Labels.IsTaken(change.Context, Labels.Of(number)))
            {
                number++;
            }

            var row = new ClientRow
            {
                Key = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", 16),
                Number = number,
                Label = Labels.Of(number),
                LabelKey = TextKey.Of(Labels.Of(number)),
                CreatedUtc = change.Now,
            };
            change.Context.Add(row);
            change.Audit("client.added", Subject(row.Key), "");
            return row.ToRecord();
        },
        ct);

    /// <summary>Writes what is known of a client; key and creation stay.</summary>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public Task ChangeAsync(Actor who, Client client, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return store.ChangeAsync(
            who,
            change =>
            {
                var row = change.Client(client.Key);
                var before = row.ToRecord();
                row.Label = Refuse.Line(client.Label, 1, Labels.Longest, "client.label", "The label");
                row.LabelKey = TextKey.Of(row.Label);
                Refuse.If(row.LabelKey.Length == 0, "client.label", "The label must have characters that can be seen.");
                Refuse.If(Labels.IsTaken(change.Context, row.Label, exceptKey: row.Key), "client.labelTaken", "Another client has this label. Choose another one.");
                var name = Refuse.Line(client.Name, 0, 120, "client.name", "The name");
                (row.Name, row.NameKey) = name.Length == 0 ? (null, null) : (name, TextKey.Of(name));
                if (client.BirthYear is { } year)
                {
                    Refuse.If(
                        year < 1900 || year > change.Now.Year,
                        "client.birthYear",
                        $"The year of birth must be 1900 … {change.Now.Year}.");
                }

                row.BirthYear = client.BirthYear;
                Refuse.Undefined(client.SkinType, "client.skinType", "The skin type");
                row.SkinType = client.SkinType;
                Refuse.Undefined(client.Thickness, "client.thickness", "The skin thickness");
                row.Thickness = client.Thickness;
                row.Notes = Refuse.Lines(client.Notes, 0, MostNotes, "client.notes", "The notes");
                if (row.ToRecord() is var after && after != before)
                {
                    change.Audit("client.changed", Subject(row.Key), $"changed: {Difference(before, after)}");
                }
            },
            ct);
    }

    /// <summary>Keeps a filled-in checklist. Whether the client is suitable is decided here, by the version's weights.</summary>
    /// <exception cref="RecordRefusedException">The version is not the latest, or an item is not in it.</exception>
    public Task<SuitabilityCheck> CheckAsync(Actor who, string clientKey, int checklistVersion, IReadOnlyList<string> answeredYes, string notes, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(answeredYes);
        return store.ChangeAsync(
            who,
            change =>
            {
                change.Client(clientKey);
                var checklist = change.Context.Checklists.OrderByDescending(row => row.Version).First().ToRecord();
                Refuse.If(
                    checklistVersion != checklist.Version,
                    "check.versionOld",
                    "The checklist has been changed meanwhile. Open it again and fill in the new one.");
                Refuse.If(
                    answeredYes.Except(checklist.Items.Select(item => item.Id), StringComparer.Ordinal).Any(),
                    "check.itemUnknown",
                    "An answer belongs to no question of this checklist. Open the checklist again.");
                var yes = checklist.Items.Where(item => answeredYes.Contains(item.Id, StringComparer.Ordinal)).ToList();
                var row = new SuitabilityCheckRow
                {
                    ClientKey = clientKey,
                    AtUtc = change.Now,
                    ById = who.PersonId,
                    ByName = who.Name,
                    ChecklistVersion = checklistVersion,
                    AnsweredYes = ClinicMapping.ToJson(yes.Select(item => item.Id)),
                    IsSuitable = !yes.Any(item => item.Weight == ChecklistWeight.Blocks),
                    Notes = Refuse.Lines(notes, 0, 1000, "check.notes", "The notes"),
                };
                change.Context.Add(row);
                change.Context.SaveChanges();
                change.Audit("check.filledIn", Subject(clientKey), $"check:{row.Id}, checklist:{checklistVersion}, {(row.IsSuitable ? "suitable" : "not suitable")}");
                return row.ToRecord();
            },
            ct);
    }

    /// <summary>A supervisor's override of a check that found the client not suitable.</summary>
    /// <exception cref="RecordRefusedException">
    /// There is no reason, of 10 … 500 characters, or nothing to override; or people are set up and this is no active supervisor.
    /// </exception>
    public Task OverrideAsync(Actor supervisor, long checkId, string reason, CancellationToken ct = default) => store.ChangeAsync(
        supervisor,
        change =>
        {
            Refuse.If(!change.IsBySupervisor, "check.notSupervisor", "Only a supervisor may override. Ask a supervisor to sign in.");
            var row = change.Context.Checks.Find(checkId);
            Refuse.If(row is null, "check.unknown", "There is no such check. Open the client again.");
            change.Client(row.ClientKey);
            Refuse.If(row.IsSuitable || row.OverrideUtc is not null, "check.nothingToOverride", "There is nothing to override: the check allows treating already.");
            row.OverrideReason = Refuse.Lines(reason, 10, 500, "check.reason", "The reason");
            row.OverrideUtc = change.Now;
            row.OverrideById = supervisor.PersonId;
            row.OverrideByName = supervisor.Name;
            change.Audit("check.overridden", Subject(row.ClientKey), $"check:{checkId}");
        },
        ct);

    /// <summary>A client's checks, newest first.</summary>
    public Task<IReadOnlyList<SuitabilityCheck>> ChecksAsync(string clientKey, CancellationToken ct = default) => store.ReadAsync<IReadOnlyList<SuitabilityCheck>>(
        context => [.. context.Checks.Where(row => row.ClientKey == clientKey).OrderByDescending(row => row.Id).AsEnumerable().Select(ClinicMapping.ToRecord)],
        ct);

    /// <summary>Notes that the client has consented, in which words.</summary>
    /// <exception cref="RecordRefusedException">There is no such client, or the words are not 1 … 4 000 characters.</exception>
    public Task<Consent> ConsentAsync(Actor who, string clientKey, string wording, CancellationToken ct = default) => store.ChangeAsync(
        who,
        change =>
        {
            var row = new ConsentRow
            {
                ClientKey = change.Client(clientKey).Key,
                AtUtc = change.Now,
                ById = who.PersonId,
                ByName = who.Name,
                Wording = Refuse.Lines(wording, 1, 4000, "consent.wording", "The words of the consent"),
            };
            change.Context.Add(row);
            change.Context.SaveChanges();
            change.Audit("consent.given", Subject(clientKey), $"consent:{row.Id}");
            return row.ToRecord();
        },
        ct);

    /// <summary>Notes that a consent was withdrawn.</summary>
    /// <exception cref="RecordRefusedException">There is no such consent, or it was withdrawn before.</exception>
    public Task WithdrawConsentAsync(Actor who, long consentId, CancellationToken ct = default) => store.ChangeAsync(
        who,
        change =>
        {
            var row = change.Context.Consents.Find(consentId);
            Refuse.If(row is null, "consent.unknown", "There is no such consent. Open the client again.");
            Refuse.If(row.WithdrawnUtc is not null, "consent.alreadyWithdrawn", "This consent has been withdrawn already.");
            row.WithdrawnUtc = change.Now;
            change.Audit("consent.withdrawn", Subject(row.ClientKey), $"consent:{consentId}");
        },
        ct);

    /// <summary>A client's consents, newest first.</summary>
    public Task<IReadOnlyList<Consent>> ConsentsAsync(string clientKey, CancellationToken ct = default) => store.ReadAsync<IReadOnlyList<Consent>>(
        context => [.. context.Consents.Where(row => row.ClientKey == clientKey).OrderByDescending(row => row.Id).AsEnumerable().Select(ClinicMapping.ToRecord)],
        ct);

    /// <summary>Begins a course.</summary>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public Task<Course> BeginCourseAsync(Actor who, string clientKey, string indication, int plannedSessions, int intervalDays, CancellationToken ct = default) => store.ChangeAsync(
        who,
        change =>
        {
            Refuse.Outside(plannedSessions, 1, 50, "course.plannedSessions", "The number of sessions");
            Refuse.Outside(intervalDays, 1, 365, "course.intervalDays", "The days between sessions");
            var row = new CourseRow
            {
                Key = Chain.NewKey(),
                ClientKey = change.Client(clientKey).Key,
                Indication = Refuse.Line(indication, 1, 120, "course.indication", "The indication"),
                PlannedSessions = plannedSessions,
                IntervalDays = intervalDays,
                CreatedUtc = change.Now,
            };
            change.Context.Add(row);
            change.Context.SaveChanges();
            change.Audit("course.begun", Subject(clientKey), $"course:{row.Id}, sessions: {plannedSessions}, days between: {intervalDays}");
            return row.ToRecord([]);
        },
        ct);

    /// <summary>Closes a course: nothing more is planned.</summary>
    /// <exception cref="RecordRefusedException">There is no such course, or it was closed before.</exception>
    public Task CloseCourseAsync(Actor who, long courseId, CancellationToken ct = default) => store.ChangeAsync(
        who,
        change =>
        {
            var row = change.Context.Courses.Find(courseId);
            Refuse.If(row is null, "course.unknown", "There is no such course. Open the client again.");
            Refuse.If(row.IsClosed, "course.alreadyClosed", "This course has been closed already.");
            row.IsClosed = true;
            change.Audit("course.closed", Subject(row.ClientKey), $"course:{courseId}");
        },
        ct);

    /// <summary>A client's courses with their sessions, newest first.</summary>
    public Task<IReadOnlyList<Course>> CoursesAsync(string clientKey, CancellationToken ct = default) => store.ReadAsync<IReadOnlyList<Course>>(
        context =>
        {
            var label = context.Clients.Where(row => row.Key == clientKey).Select(row => row.Label).SingleOrDefault();
            var courses = context.Courses.Where(row => row.ClientKey == clientKey).OrderByDescending(row => row.Id).ToList();
            var sessions = context.Sessions
                .Where(row => row.ClientKey == clientKey && row.CourseId != null)
                .OrderBy(row => row.Id)
                .AsEnumerable()
                .ToLookup(row => row.CourseId, row => row.ToRecord(label));
            return [.. courses.Select(row => row.ToRecord([.. sessions[row.Id]]))];
        },
        ct);

    /// <summary>Notes what was seen after a session. Only added, never changed.</summary>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public Task<FollowUp> FollowUpAsync(
        Actor who, long sessionId, int hoursAfter, FollowUpGrade redness, FollowUpGrade swelling, int pain, string notes, CancellationToken ct = default) => store.ChangeAsync(
        who,
        change =>
        {
            var session = change.Session(sessionId, "followUp.sessionUnknown");
            change.RefuseErased(session.ClientKey);
            Refuse.Outside(hoursAfter, 0, 8760, "followUp.hoursAfter", "The hours after the session");
            Refuse.Undefined(redness, "followUp.redness", "The redness");
            Refuse.Undefined(swelling, "followUp.swelling", "The swelling");
            Refuse.Outside(pain, 0, 10, "followUp.pain", "The pain");
            var row = new FollowUpRow
            {
                SessionId = sessionId,
                HoursAfter = hoursAfter,
                Redness = redness,
                Swelling = swelling,
                Pain = pain,
                Notes = Refuse.Lines(notes, 0, MostNotes, "followUp.notes", "The notes"),
                AtUtc = change.Now,
                ById = who.PersonId,
                ByName = who.Name,
            };
            row.NotesSeal = SealedText.Of(row.Notes);
            change.Context.Add(row);
            change.Context.SaveChanges();
            change.ToProve(LinkKind.FollowUp, () => row.Id, Canonical.Hash(row, session.Key!));
            change.Audit("followUp.added", $"session:{sessionId}", $"followUp:{row.Id}, {hoursAfter} h after");
            return row.ToRecord();
        },
        ct);

    /// <summary>The follow-ups of a session, oldest first.</summary>
    public Task<IReadOnlyList<FollowUp>> FollowUpsAsync(long sessionId, CancellationToken ct = default) => store.ReadAsync<IReadOnlyList<FollowUp>>(
        context => [.. context.FollowUps.Where(row => row.SessionId == sessionId).OrderBy(row => row.Id).AsEnumerable().Select(ClinicMapping.ToRecord)],
        ct);

    /// <summary>
    /// Erases clients: names, labels, notes and all other free text about them go, and cannot be read in the database file any
    /// more. Their sessions stay under their random keys, and the record stays provable. Backups and exports keep what they have.
    /// </summary>
    /// <param name="supervisor">Who erases.</param>
    /// <param name="keys">Whom; all or none of them.</param>
    /// <param name="reason">Why.</param>
    /// <param name="ct">Gives up while waiting to write.</param>
    /// <returns>
    /// Whether the places that were set free are overwritten. If not, since a session is running or another program reads, it
    /// is done when the record is next opened, or by <see cref="OverwriteErasedAsync"/>.
    /// </returns>
    /// <exception cref="RecordRefusedException">
    /// People are set up and this is no active supervisor; a client is not there, erased already, or being treated. Nothing was changed.
    /// </exception>
    public async Task<bool> EraseAsync(Actor supervisor, IReadOnlyCollection<string> keys, ErasureReason reason, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        await store.ChangeAsync(
            supervisor,
            change =>
            {
                Refuse.If(!change.IsBySupervisor, "client.notSupervisor", "Only a supervisor may erase. Ask a supervisor to sign in.");
                Refuse.Undefined(reason, "client.reason", "The reason");
                foreach (var key in keys)
                {
                    Erasure.Erase(change, key, reason);
                }

                store.MarkErased(change.Context);
            },
            ct);
        return await OverwriteErasedAsync(CancellationToken.None);
    }

    /// <inheritdoc cref="EraseAsync(Actor, IReadOnlyCollection{string}, ErasureReason, CancellationToken)"/>
    public Task<bool> EraseAsync(Actor supervisor, string key, ErasureReason reason, CancellationToken ct = default) => EraseAsync(supervisor, [key], reason, ct);

    /// <summary>What a client would be called once erased.</summary>
    public Task<string> LabelOnceErasedAsync(string key, CancellationToken ct = default) => store.ReadAsync(
        context => Labels.Free(context, Labels.OfErased(context.Clients.Where(row => row.Key == key).Select(row => row.Number).SingleOrDefault())), ct);

    /// <summary>Overwrites the places in the file that erased clients have left, if that has not been done.</summary>
    /// <returns>Whether none is left.</returns>
    public Task<bool> OverwriteErasedAsync(CancellationToken ct = default) => store.OverwriteErasedAsync(ct);

    private static string Subject(string key) => $"client:{key}";

    /// <summary>Which members differ, without their values.</summary>
    private static string Difference(Client before, Client after) => string.Join(
        ", ",
        new[]
        {
            before.Label == after.Label ? null : "label",
            before.Name == after.Name ? null : "name",
            before.BirthYear == after.BirthYear ? null : "year of birth",
            before.SkinType == after.SkinType ? null : "skin type",
            before.Thickness == after.Thickness ? null : "skin thickness",
            before.Notes == after.Notes ? null : "notes",
        }.OfType<string>());
}
