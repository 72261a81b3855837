// Erasing a client: what identifies goes, also from the places that the file has set free; the treatment record stays under the
// client's random key, and its proof with it. What is left of a client: key, label "Erased 0007", when it was added and erased,
// which questions were answered with yes, by whom and when checks and consents were noted, how courses were planned, sessions.

using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Clinic;

/// <summary>Why a client is erased. A choice, not a text: the audit trail keeps it for ever.</summary>
public enum ErasureReason
{
    /// <summary>The client asked for it.</summary>
    ClientAsked = 1,

    /// <summary>The site keeps it no longer.</summary>
    RetentionOver = 2,

    /// <summary>It should not have been added.</summary>
    AddedByMistake = 3,
}

internal static class Erasure
{
    /// <summary>Takes away what identifies a client.</summary>
    /// <exception cref="RecordRefusedException">There is none of the key, it is erased already, or is being treated.</exception>
    public static void Erase(Change change, string key, ErasureReason reason)
    {
        var (context, client) = (change.Context, change.Client(key));
        Refuse.If(
            context.Sessions.Any(session => session.ClientKey == key && session.Outcome == SessionOutcome.Running),
            "client.isTreated",
            "A session of this client is running. Finish it first.");
        client.Label = Labels.Free(context, Labels.OfErased(client.Number));
        client.LabelKey = TextKey.Of(client.Label);
        (client.Name, client.NameKey, client.BirthYear) = (null, null, null);
        (client.SkinType, client.Thickness, client.Notes) = (SkinType.NotNoted, ThicknessReference.NotNoted, "");
        client.ErasedUtc = change.Now;
        foreach (var check in context.Checks.Where(row => row.ClientKey == key).ToList())
        {
            (check.Notes, check.OverrideReason) = ("", check.OverrideReason is null ? null : "");
        }

        foreach (var consent in context.Consents.Where(row => row.ClientKey == key).ToList())
        {
            consent.Wording = "";
        }

        foreach (var course in context.Courses.Where(row => row.ClientKey == key).ToList())
        {
            course.Indication = "";
        }

        var sessions = context.Sessions.Where(session => session.ClientKey == key).Select(session => session.Id);
        foreach (var pass in context.Passes.Where(row => sessions.Contains(row.SessionId) && row.UnlockReason != null).ToList())
        {
            FreeText.Erase(pass);
        }

        foreach (var followUp in context.FollowUps.Where(row => sessions.Contains(row.SessionId)).ToList())
        {
            FreeText.Erase(followUp);
        }

        foreach (var correction in context.Corrections.Where(row => sessions.Contains(row.SessionId)).ToList())
        {
            FreeText.Erase(correction);
        }

        change.Audit("client.erased", $"client:{key}", $"reason: {reason}");
    }
}
