// Where free text that may speak of a client stands among what is proven, and how it goes without breaking the proof: text and
// salt are taken away, the seal's hash stays.

using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Proof;

internal static class FreeText
{
    public static void Erase(PassRow row)
    {
        row.UnlockReason = null;
        row.UnlockReasonSeal = SealedText.Erased(row.UnlockReasonSeal);
    }

    public static void Erase(FollowUpRow row)
    {
        row.Notes = "";
        row.NotesSeal = SealedText.Erased(row.NotesSeal);
    }

    /// <summary>A corrected lot, type, day, number of needles or zone is no free text: it stays.</summary>
    public static void Erase(CorrectionRow row)
    {
        row.Reason = "";
        row.ReasonSeal = SealedText.Erased(row.ReasonSeal);
        if (row.Field == CorrectedField.Remark)
        {
            row.NewValue = "";
            row.NewValueSeal = SealedText.Erased(row.NewValueSeal);
        }
    }
}
