using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Clinic.BuiltIn;

/// <summary>Puts the built-in versions 1 into a record that has none: a new one, or one from before they were kept.</summary>
internal static class Seed
{
    /// <summary>Who laid down what is built in.</summary>
    public static readonly Actor BuiltIn = new(null, "Built-in");

    /// <summary>Only when no other program has the record open.</summary>
    public static void AddMissing(SessionContext context, DateTimeOffset now)
    {
        using var transaction = context.Database.BeginTransaction();
        if (!context.Checklists.Any())
        {
            context.Add(new ChecklistRow { Version = 1, Items = ClinicMapping.ToJson(BuiltInChecklist.Items), CreatedUtc = now, ByName = BuiltIn.Name });
        }

        if (!context.DepthCaps.Any())
        {
            context.Add(BuiltInCaps.At(now, BuiltIn).ToRow());
        }

        if (!context.Presets.Any())
        {
            context.AddRange(BuiltInPresets.At(now, BuiltIn).Select(preset => preset.ToRow()));
        }

        context.SaveChanges();
        transaction.Commit();
    }
}
