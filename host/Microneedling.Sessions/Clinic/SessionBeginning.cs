// Whether a session may begin as asked, and how that is kept with it.

using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Clinic;

internal static class SessionBeginning
{
    /// <summary>Writes who, whom and with which cartridge into a session.</summary>
    /// <param name="session">The session, not yet added.</param>
    /// <param name="change">The change it is begun in.</param>
    /// <param name="start">What was asked.</param>
    /// <param name="today">The calendar's day here, for the cartridge's last one.</param>
    /// <exception cref="RecordRefusedException">Something of it will not do.</exception>
    public static void Fill(Session session, Change change, SessionStart start, DateOnly today)
    {
        session.PersonId = start.By.PersonId;
        session.PersonName = start.By.Name;
        if (start.ClientKey is { } clientKey)
        {
            session.ClientKey = change.Client(clientKey).Key;
            session.SuitabilityCheckId = AllowingCheck(change, start, clientKey);
            session.CourseId = OpenCourse(change, start, clientKey);
        }
        else
        {
            Refuse.If(
                start.SuitabilityCheckId is not null || start.CourseId is not null,
                "session.clientMissing",
                "A check or a course belongs to a client. Choose the client, or leave them out on a test block.");
        }

        var cartridge = start.Cartridge;
        session.CartridgeType = Refuse.Line(cartridge.Type, 1, 60, "cartridge.type", "The cartridge's type");
        Refuse.Outside(cartridge.Needles, 1, 100, "cartridge.needles", "The number of needles");
        session.CartridgeNeedles = cartridge.Needles;
        session.CartridgeLot = Refuse.Line(cartridge.Lot, 1, 60, "cartridge.lot", "The cartridge's lot number");
        Refuse.If(
            start.ClientKey is not null && cartridge.Expires < today,
            "cartridge.expired",
            "The cartridge has expired. Take another one; this one may only be used on a test block.");
        session.CartridgeExpires = cartridge.Expires;
    }

    /// <summary>What the audit trail says of it.</summary>
    public static string Details(Session session) => session.ClientKey is null
        ? "test block"
        : $"client:{session.ClientKey}, check:{session.SuitabilityCheckId}{(session.CourseId is { } course ? $", course:{course}" : "")}";

    private static long AllowingCheck(Change change, SessionStart start, string clientKey)
    {
        var latest = change.Context.Checks.Where(row => row.ClientKey == clientKey).OrderByDescending(row => row.Id).FirstOrDefault();
        Refuse.If(
            latest is null || latest.Id != start.SuitabilityCheckId,
            "session.checkNotLatest",
            "The session needs the client's latest suitability check. Fill in the checklist, or open the client again.");
        Refuse.If(
            !latest.ToRecord().Allows(change.Now),
            "session.checkDoesNotAllow",
            "The suitability check does not allow treating now. Fill in the checklist again, or ask a supervisor to override.");
        return latest.Id;
    }

    private static long? OpenCourse(Change change, SessionStart start, string clientKey)
    {
        if (start.CourseId is not { } courseId)
        {
            return null;
        }

        Refuse.If(
            !change.Context.Courses.Any(row => row.Id == courseId && row.ClientKey == clientKey && !row.IsClosed),
            "session.courseNotOpen",
            "The course is closed or belongs to another client. Choose an open one, or none.");
        return courseId;
    }
}
