using System.Globalization;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Proof;

/// <summary>Corrections of finished sessions. They are only added: what was recorded stays as it is, beside them.</summary>
public sealed class Corrections(SessionStore store)
{
    private const int MostCharacters = 200;

    /// <summary>Adds a correction.</summary>
    /// <param name="who">Who corrects.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="field">Of what.</param>
    /// <param name="newValue">What is right: of the last day of use as <c>2026-12-31</c>, of the needles 1 … 100, of a zone its id.</param>
    /// <param name="reason">Why, 10 … 500 characters.</param>
    /// <param name="ct">Gives up while waiting to write.</param>
    /// <exception cref="RecordRefusedException">Something of it will not do; the message says what.</exception>
    public Task<Correction> AddAsync(Actor who, long sessionId, CorrectedField field, string newValue, string reason, CancellationToken ct = default) => store.ChangeAsync(
        who,
        change =>
        {
            var session = change.Session(sessionId, "correction.sessionUnknown");
            change.RefuseErased(session.ClientKey);
            Refuse.If(!session.Outcome.IsFinal(), "correction.running", "The session is still running, or waits for its device. Close it, then correct it.");
            Refuse.Undefined(field, "correction.field", "The field");
            CorrectionRow row = new()
            {
                SessionId = sessionId,
                AtUtc = change.Now,
                ById = who.PersonId,
                ByName = who.Name,
                Field = field,
                NewValue = Checked(field, Refuse.Line(newValue, 1, MostCharacters, "correction.newValue", "The new value")),
                Reason = Refuse.Lines(reason, 10, 500, "correction.reason", "The reason"),
            };
            row.NewValueSeal = SealedText.Of(row.NewValue);
            row.ReasonSeal = SealedText.Of(row.Reason);
            change.Context.Add(row);
            change.Context.SaveChanges();
            change.ToProve(LinkKind.Correction, () => row.Id, Canonical.Hash(row, session.Key!));
            change.Audit("session.corrected", $"session:{sessionId}", $"correction:{row.Id}, {field}");
            return ToRecord(row);
        },
        ct);

    /// <summary>The corrections of a session, oldest first.</summary>
    public Task<IReadOnlyList<Correction>> ListAsync(long sessionId, CancellationToken ct = default) => store.ReadAsync<IReadOnlyList<Correction>>(
        context => [.. context.Corrections.Where(row => row.SessionId == sessionId).OrderBy(row => row.Id).AsEnumerable().Select(ToRecord)],
        ct);

    private static string Checked(CorrectedField field, string value)
    {
        var isGood = field switch
        {
            CorrectedField.CartridgeExpires => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            CorrectedField.CartridgeNeedles => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var needles) && needles is >= 1 and <= 100,
            CorrectedField.CartridgeLot or CorrectedField.CartridgeType => value.Length <= 60,
            CorrectedField.Zone => Zones.Find(value) is not null,
            _ => true,
        };
        Refuse.If(!isGood, "correction.newValue", "The new value does not suit the field: a day is written 2026-12-31, needles are 1 … 100, lot and type have up to 60 characters.");
        return value;
    }

    private static Correction ToRecord(CorrectionRow row) =>
        new(row.Id, row.SessionId, row.AtUtc, new Actor(row.ById, row.ByName), row.Field, row.NewValue, row.Reason.Length == 0 ? null : row.Reason);
}
