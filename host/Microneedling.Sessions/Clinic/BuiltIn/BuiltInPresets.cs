// Version 1 of the presets: published depths with their sources, to be shown, not advice. What is set is the shallowest
// depth that the source names, on the grain and not below the device's least. Rate and mode stay as they are: no source
// names them. Nothing is copied from needling with radio frequency, nothing is for bringing substances into the skin.
// Fine lines and enlarged pores have no preset: no source was found.
//
// On-label are facial acne scars, facial wrinkles and abdominal scars (21 CFR 878.4430: DEN160029, K200044) and wrinkles
// of the neck (K202243), each from the age of 22. A guide by area names no such use and is off-label.

using Microneedling.Client;

namespace Microneedling.Sessions.Clinic.BuiltIn;

internal static class BuiltInPresets
{
    private const string Seller = "Seller's guide, drpen.net needle-depth-guide";
    private const string Consumer = "Consumer guide, microneedlingbeforeafter.com";
    private const string Trials = "Device trials, J Clin Aesthet Dermatol, Aug 2018";
    private const string Harris = "Review: Harris 2015, Int J Women's Dermatol 1:77";
    private const string Scars = "Review of 58 studies, PMC7764156";
    private const string Hair = "Trial: PubMed 32897622; PMC8776974";
    private const string ThicknessAssumed = "Assumption of this project, from skin thickness by ultrasound (PMC9205051)";
    private const string OnlyDeepest = "The source names the deepest depth only; what is set is the device's least.";
    private const string Uncertain = "No source for this area was found: a quarter to half of the skin's thickness";

    private static readonly string[] Forehead = ["forehead"];
    private static readonly string[] Periorbital = ["periorbital-left", "periorbital-right"];
    private static readonly string[] Nose = ["nose"];
    private static readonly string[] Cheeks = ["cheek-left", "cheek-right"];
    private static readonly string[] Perioral = ["perioral"];
    private static readonly string[] Chin = ["chin"];
    private static readonly string[] Neck = ["neck"];
    private static readonly string[] Hands = ["hand-left", "hand-right"];
    private static readonly string[] Decollete = ["decollete"];
    private static readonly string[] Scalp = ["scalp"];
    private static readonly string[] Abdomen = ["abdomen"];
    private static readonly string[] Thighs = ["thigh-left", "thigh-right"];
    private static readonly string[] AcneScarred = [.. Cheeks, .. Chin];
    private static readonly string[] Wrinkled = [.. Forehead, "glabella", "temple-left", "temple-right", .. Cheeks, .. Perioral, .. Chin];

    /// <summary>
    /// One a line: key, name, zones, indication, shallowest and deepest depth of the source and depth that is set (all in
    /// micrometres), source, grade, on-label, notes.
    /// </summary>
    private static readonly Row[] Rows =
    [
        new("forehead-sellers-guide-thin", "Forehead, thin skin", Forehead, "", 250, 500, 250, Seller, EvidenceGrade.SellersGuide, false, ""),
        new("forehead-sellers-guide-thick", "Forehead, thick skin", Forehead, "", 500, 750, 500, Seller, EvidenceGrade.SellersGuide, false, ""),
        new("forehead-consumer-guide", "Forehead", Forehead, "", 250, 500, 250, Consumer, EvidenceGrade.ConsumerGuide, false, ""),
        new("periorbital-sellers-guide-thin", "Around the eyes, thin skin", Periorbital, "", 250, 250, 250, Seller, EvidenceGrade.SellersGuide, false, ""),
        new("periorbital-sellers-guide-thick", "Around the eyes, thick skin", Periorbital, "", 250, 500, 250, Seller, EvidenceGrade.SellersGuide, false, ""),
        new("periorbital-consumer-guide", "Around the eyes", Periorbital, "", 200, 300, 200, Consumer, EvidenceGrade.ConsumerGuide, false, ""),
        new("nose-sellers-guide-thin", "Nose, thin skin", Nose, "", 250, 250, 250, Seller, EvidenceGrade.SellersGuide, false, ""),
        new("nose-sellers-guide-thick", "Nose, thick skin", Nose, "", 500, 500, 500, Seller, EvidenceGrade.SellersGuide, false, ""),
        new("nose-consumer-guide", "Nose", Nose, "", 250, 750, 250, Consumer, EvidenceGrade.ConsumerGuide, false, ""),
        new("cheek-sellers-guide-thin", "Cheek, thin skin", Cheeks, "", 500, 1000, 500, Seller, EvidenceGrade.SellersGuide, false, ""),
        new("cheek-sellers-guide-thick", "Cheek, thick skin", Cheeks, "", 1000, 2000, 1000, Seller, EvidenceGrade.SellersGuide, false, ""),
        new("cheek-consumer-guide", "Cheek", Cheeks, "", 500, 1000, 500, Consumer, EvidenceGrade.ConsumerGuide, false, ""),
        new("perioral-sellers-guide-thin", "Upper lip and around the mouth, thin skin", Perioral, "", 250, 250, 250, Seller, EvidenceGrade.SellersGuide, false, ""),
        new("perioral-sellers-guide-thick", "Upper lip and around the mouth, thick skin", Perioral, "", 250, 750, 250, Seller, EvidenceGrade.SellersGuide, false, ""),
        new("perioral-consumer-guide", "Upper lip and around the mouth", Perioral, "", 250, 500, 250, Consumer, EvidenceGrade.ConsumerGuide, false, ""),
        new("chin-sellers-guide-thin", "Chin, thin skin", Chin, "", 500, 1000, 500, Seller, EvidenceGrade.SellersGuide, false, ""),
        new("chin-sellers-guide-thick", "Chin, thick skin", Chin, "", 1000, 2000, 1000, Seller, EvidenceGrade.SellersGuide, false, ""),
        new("chin-consumer-guide", "Chin", Chin, "", 500, 1000, 500, Consumer, EvidenceGrade.ConsumerGuide, false, ""),

        new("neck-assumption", "Neck", Neck, "Neck wrinkles", 250, 550, 250, ThicknessAssumed, EvidenceGrade.Assumption, true, $"{Uncertain}, 1.16 mm. The use is cleared (K202243), from the age of 22; the depths are not part of it."),
        new("hands-assumption", "Hands", Hands, "", 200, 450, 200, ThicknessAssumed, EvidenceGrade.Assumption, false, $"{Uncertain}, taken as that of the temple, 0.98 mm: this skin was not measured."),
        new("decollete-assumption", "Décolleté", Decollete, "", 200, 450, 200, ThicknessAssumed, EvidenceGrade.Assumption, false, $"{Uncertain}, taken as that of the temple, 0.98 mm: this skin was not measured."),

        new("scars-review", "Scars", [.. AcneScarred, .. Abdomen], "Scars", 1500, 3000, 1500, Scars, EvidenceGrade.Review, false, "4–10 passes, uniform pinpoint bleeding; 1–12 sessions, one every 1–8 weeks."),
        new("acne-scars-review", "Acne scars, review", AcneScarred, "Facial acne scars", 1500, 1500, 1500, Harris, EvidenceGrade.Review, true, "Median depth 1.50 mm; median 3 sessions, 4 weeks apart. On-label from the age of 22."),
        new("acne-scars-device-trials", "Acne scars, device trials", AcneScarred, "Facial acne scars", 100, 1500, 100, Trials, EvidenceGrade.Trial, true, $"Up to 1.50 mm; 4 sessions, 30 days apart. {OnlyDeepest} On-label from the age of 22."),
        new("facial-ageing-device-trials", "Facial wrinkles, device trials", Wrinkled, "Facial wrinkles", 100, 1500, 100, Trials, EvidenceGrade.Trial, true, $"Up to 1.50 mm; 4 sessions, 30 days apart. {OnlyDeepest} On-label from the age of 22."),
        new("hair-loss-trial", "Hair loss, adjuvant", Scalp, "Hair loss", 600, 1200, 600, Hair, EvidenceGrade.Trial, false, "0.60 mm tended better than 1.20 mm; every two weeks, for 12 weeks."),
        new("stretch-marks-seller", "Stretch marks", [.. Thighs, .. Abdomen], "Stretch marks", 1500, 2000, 1500, "A seller's recommendation, low grade", EvidenceGrade.SellersGuide, false, "Not on stretch marks younger than a year."),
        new("abdominal-scars-clearance", "Abdominal scars", Abdomen, "Abdominal scars", 100, 2500, 100, "Clearance K200044", EvidenceGrade.Clearance, true, $"Up to 2.50 mm; 3 sessions. {OnlyDeepest} On-label from the age of 22; not on scars younger than a year."),
    ];

    /// <summary>Version 1 of each, made at this moment.</summary>
    public static IEnumerable<Preset> At(DateTimeOffset now, Actor by) => Rows.Select(row => new Preset(
        row.Key,
        1,
        row.Name,
        row.ZoneIds,
        row.Indication,
        Depth.FromMicrometers(row.From),
        Depth.FromMicrometers(row.To),
        Depth.FromMicrometers(row.Set),
        null,
        null,
        row.Source,
        row.Grade,
        row.OnLabel,
        row.Notes,
        false,
        now,
        by));

    private sealed record Row(
        string Key, string Name, string[] ZoneIds, string Indication, int From, int To, int Set, string Source, EvidenceGrade Grade, bool OnLabel, string Notes);
}
