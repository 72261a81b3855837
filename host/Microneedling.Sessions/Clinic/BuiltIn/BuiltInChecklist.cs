namespace Microneedling.Sessions.Clinic.BuiltIn;

/// <summary>
/// Version 1 of the checklist. What a manual allows only with a doctor, or names as contraindicated or not evaluated,
/// blocks; so does what clinics list. The site may follow it with its own.
/// </summary>
internal static class BuiltInChecklist
{
    private const string Dermapen = "Dermapen 4 manual: not without a doctor";
    private const string SkinPen = "SkinPen manual: contraindicated or not evaluated";
    private const string Clinics = "Listed by clinics";

    public static IReadOnlyList<ChecklistItem> Items { get; } =
    [
        Blocks("skin-cancer", "Skin cancer, now or suspected?", $"{Dermapen}; {SkinPen}"),
        Blocks("infection", "A bacterial or fungal infection, or any other active one?", $"{Dermapen}; {SkinPen}"),
        Blocks("open-lesions", "Open lesions where treatment is planned?", Dermapen),
        Blocks("herpes", "Herpes simplex where treatment is planned?", Dermapen),
        Blocks("warts", "Warts where treatment is planned?", Dermapen),
        Blocks("rosacea", "Papulopustular rosacea?", Dermapen),
        Blocks("acne-severe", "Acne of grade III or IV?", Dermapen),
        Blocks("solar-keratosis", "Solar keratosis where treatment is planned?", Dermapen),
        Blocks("scleroderma", "Scleroderma?", Dermapen),
        Blocks("haemophilia", "Haemophilia?", Dermapen),
        Blocks("anticoagulants", "Anticoagulants taken now?", SkinPen),
        Blocks("eczema", "Eczema where treatment is planned?", SkinPen),
        Blocks("psoriasis", "Psoriasis where treatment is planned?", SkinPen),
        Blocks("keloid", "Keloids, or a tendency to them?", SkinPen),
        Blocks("impaired-healing", "Impaired healing of wounds?", SkinPen),
        Blocks("recent-scars", "Scars or stretch marks younger than a year where treatment is planned?", SkinPen),
        Blocks("isotretinoin", "Isotretinoin within the last 12 months?", $"{Clinics}: 6 to 12 months"),
        Blocks("fillers", "Fillers or botulinum toxin within the last 3 months where treatment is planned?", $"{Clinics}: 2 weeks to 3 months"),
        Blocks("pregnancy", "Pregnancy?", Clinics),
        new("age-under-22", "Younger than 22 years? Then every use is off-label.", ChecklistWeight.Remark, "21 CFR 878.4430 authorisations (DEN160029): age 22 and above"),
    ];

    private static ChecklistItem Blocks(string id, string question, string source) => new(id, question, ChecklistWeight.Blocks, source);
}
