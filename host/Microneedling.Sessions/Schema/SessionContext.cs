// How the rows lie in the database: tables, keys, and how a point in time is written. Migrations build the same tables
// by hand; a test compares the two.

using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Microneedling.Sessions.Schema;

internal sealed class SessionContext(DbContextOptions<SessionContext> options) : DbContext(options)
{
    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<SessionParameters> Parameters => Set<SessionParameters>();

    public DbSet<SessionEvent> Events => Set<SessionEvent>();

    public DbSet<TelemetrySample> Telemetry => Set<TelemetrySample>();

    public DbSet<PassRow> Passes => Set<PassRow>();

    public DbSet<PersonRow> People => Set<PersonRow>();

    public DbSet<ClientRow> Clients => Set<ClientRow>();

    public DbSet<SuitabilityCheckRow> Checks => Set<SuitabilityCheckRow>();

    public DbSet<ConsentRow> Consents => Set<ConsentRow>();

    public DbSet<CourseRow> Courses => Set<CourseRow>();

    public DbSet<FollowUpRow> FollowUps => Set<FollowUpRow>();

    public DbSet<ChecklistRow> Checklists => Set<ChecklistRow>();

    public DbSet<DepthCapsRow> DepthCaps => Set<DepthCapsRow>();

    public DbSet<RetentionRuleRow> RetentionRules => Set<RetentionRuleRow>();

    public DbSet<PresetRow> Presets => Set<PresetRow>();

    public DbSet<AuditRow> AuditEntries => Set<AuditRow>();

    public DbSet<LinkRow> Links => Set<LinkRow>();

    public DbSet<RecordStateRow> RecordStates => Set<RecordStateRow>();

    public DbSet<CorrectionRow> Corrections => Set<CorrectionRow>();

    public DbSet<ForwardingRow> Forwardings => Set<ForwardingRow>();

    public DbSet<RecorderRow> Recorders => Set<RecorderRow>();

    public DbSet<ReceivedLinkRow> ReceivedLinks => Set<ReceivedLinkRow>();

    public DbSet<ConflictRow> Conflicts => Set<ConflictRow>();

    /// <summary>Options of an engine, and what is the same on all.</summary>
    public static DbContextOptions<SessionContext> Configure(DbContextOptionsBuilder<SessionContext> engine) => engine
        // The check would compare with a generated snapshot of the model; there is none. A test compares the schemas
        // themselves.
        .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
        .Options;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        var times = configurationBuilder.Properties<DateTimeOffset>();
        _ = Database.IsSqlite() ? times.HaveConversion<UtcText>() : times.HaveConversion<UtcTime>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var sessions = modelBuilder.Entity<Session>().ToTable("Sessions");
        sessions.HasOne<PersonRow>().WithMany().HasForeignKey(row => row.PersonId).OnDelete(DeleteBehavior.Restrict);
        sessions.HasOne<ClientRow>().WithMany().HasForeignKey(row => row.ClientKey).OnDelete(DeleteBehavior.Restrict);
        sessions.HasOne<SuitabilityCheckRow>().WithMany().HasForeignKey(row => row.SuitabilityCheckId).OnDelete(DeleteBehavior.Restrict);
        sessions.HasOne<CourseRow>().WithMany().HasForeignKey(row => row.CourseId).OnDelete(DeleteBehavior.Restrict);

        // A filter's page is read from its index, newest first, without sorting.
        sessions.HasIndex(row => new { row.PersonId, row.Id });
        sessions.HasIndex(row => new { row.ClientKey, row.Id });
        sessions.HasIndex(row => new { row.CourseId, row.Id });
        sessions.HasIndex(row => new { row.DeviceSerialNumber, row.Id });
        sessions.HasIndex(row => new { row.CartridgeLot, row.Id });
        sessions.HasIndex(row => new { row.Outcome, row.Id });
        sessions.HasIndex(row => row.StartedUtc);
        sessions.HasIndex(row => row.Key).IsUnique();
        RowsOf<SessionParameters>(modelBuilder, "SessionParameters");
        RowsOf<SessionEvent>(modelBuilder, "SessionEvents");
        RowsOf<TelemetrySample>(modelBuilder, "TelemetrySamples");
        var passes = modelBuilder.Entity<PassRow>().ToTable("Passes");
        passes.HasKey(row => new { row.SessionId, row.Number });
        passes.Property(row => row.Number).ValueGeneratedNever();
        passes.HasOne<Session>().WithMany().HasForeignKey(row => row.SessionId).OnDelete(DeleteBehavior.Restrict);

        modelBuilder.Entity<PersonRow>().ToTable("People").HasIndex(row => row.NameKey).IsUnique();
        var clients = modelBuilder.Entity<ClientRow>().ToTable("Clients");
        clients.HasKey(row => row.Key);
        clients.HasIndex(row => row.Number).IsUnique();
        clients.HasIndex(row => row.LabelKey).IsUnique();

        var checks = modelBuilder.Entity<SuitabilityCheckRow>().ToTable("SuitabilityChecks");
        checks.HasOne<ClientRow>().WithMany().HasForeignKey(row => row.ClientKey).OnDelete(DeleteBehavior.Restrict);
        checks.HasOne<ChecklistRow>().WithMany().HasForeignKey(row => row.ChecklistVersion).OnDelete(DeleteBehavior.Restrict);
        modelBuilder.Entity<ConsentRow>().ToTable("Consents").HasOne<ClientRow>().WithMany().HasForeignKey(row => row.ClientKey).OnDelete(DeleteBehavior.Restrict);
        modelBuilder.Entity<CourseRow>().ToTable("Courses").HasIndex(row => row.Key).IsUnique();
        modelBuilder.Entity<CourseRow>().HasOne<ClientRow>().WithMany().HasForeignKey(row => row.ClientKey).OnDelete(DeleteBehavior.Restrict);
        modelBuilder.Entity<FollowUpRow>().ToTable("FollowUps").HasOne<Session>().WithMany().HasForeignKey(row => row.SessionId).OnDelete(DeleteBehavior.Restrict);

        var checklists = modelBuilder.Entity<ChecklistRow>().ToTable("Checklists");
        checklists.HasKey(row => row.Version);
        checklists.Property(row => row.Version).ValueGeneratedNever();
        var caps = modelBuilder.Entity<DepthCapsRow>().ToTable("DepthCaps");
        caps.HasKey(row => row.Version);
        caps.Property(row => row.Version).ValueGeneratedNever();
        var rules = modelBuilder.Entity<RetentionRuleRow>().ToTable("RetentionRules");
        rules.HasKey(row => row.Version);
        rules.Property(row => row.Version).ValueGeneratedNever();
        modelBuilder.Entity<PresetRow>().ToTable("Presets").HasKey(row => new { row.Key, row.Version });
        modelBuilder.Entity<AuditRow>().ToTable("AuditEntries");

        var links = modelBuilder.Entity<LinkRow>().ToTable("ChainLinks");
        links.HasKey(row => row.Number);
        links.Property(row => row.Number).ValueGeneratedNever();
        links.HasIndex(row => new { row.Kind, row.SubjectId }).IsUnique();
        modelBuilder.Entity<RecordStateRow>().ToTable("RecordState").Property(row => row.Id).ValueGeneratedNever();
        modelBuilder.Entity<CorrectionRow>().ToTable("Corrections").HasOne<Session>().WithMany().HasForeignKey(row => row.SessionId).OnDelete(DeleteBehavior.Restrict);

        modelBuilder.Entity<ForwardingRow>().ToTable("Forwardings").HasKey(row => row.ClinicKey);
        modelBuilder.Entity<RecorderRow>().ToTable("Recorders").HasKey(row => row.Key);
        var received = modelBuilder.Entity<ReceivedLinkRow>().ToTable("ReceivedLinks");
        received.HasKey(row => new { row.RecorderKey, row.Number, row.Hash });
        received.HasOne<RecorderRow>().WithMany().HasForeignKey(row => row.RecorderKey).OnDelete(DeleteBehavior.Restrict);
        var conflicts = modelBuilder.Entity<ConflictRow>().ToTable("Conflicts");
        conflicts.HasIndex(row => new { row.RecorderKey, row.Kind, row.Number, row.GivenHash }).IsUnique();
        conflicts.HasOne<RecorderRow>().WithMany().HasForeignKey(row => row.RecorderKey).OnDelete(DeleteBehavior.Restrict);
    }

    private static void RowsOf<TRow>(ModelBuilder modelBuilder, string table)
        where TRow : SessionRow
    {
        var rows = modelBuilder.Entity<TRow>().ToTable(table);
        rows.HasKey(row => new { row.SessionId, row.Sequence });
        rows.Property(row => row.Sequence).ValueGeneratedNever();
        rows.HasOne<Session>().WithMany().HasForeignKey(row => row.SessionId).OnDelete(DeleteBehavior.Restrict);
    }

    /// <summary>A point in time in UTC, for an engine that has such a type.</summary>
    private sealed class UtcTime() : ValueConverter<DateTimeOffset, DateTimeOffset>(time => time.ToUniversalTime(), time => time);

    /// <summary>A point in time as UTC text of fixed width: sorts as it reads, loses nothing.</summary>
    private sealed class UtcText() : ValueConverter<DateTimeOffset, string>(
        time => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture),
        text => DateTimeOffset.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None))
    {
        /// <summary>2026-03-14T09:26:53.1234567Z; by far the fastest format to read, and a session of an hour has 72 000 of it.</summary>
        private const string Format = "O";
    }
}
