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

    /// <summary>Options for the file that a connection string names.</summary>
    public static DbContextOptions<SessionContext> OptionsFor(string connectionString) =>
        new DbContextOptionsBuilder<SessionContext>()
            .UseSqlite(connectionString, sqlite => sqlite.CommandTimeout(DatabaseFile.LockTimeoutSeconds))
            .AddInterceptors(ConnectionSetup.Instance)
            // The check would compare with a generated snapshot of the model; there is none. A test compares the
            // schemas themselves.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcText>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Session>().ToTable("Sessions");
        RowsOf<SessionParameters>(modelBuilder, "SessionParameters");
        RowsOf<SessionEvent>(modelBuilder, "SessionEvents");
        RowsOf<TelemetrySample>(modelBuilder, "TelemetrySamples");
    }

    private static void RowsOf<TRow>(ModelBuilder modelBuilder, string table)
        where TRow : SessionRow
    {
        var rows = modelBuilder.Entity<TRow>().ToTable(table);
        rows.HasKey(row => new { row.SessionId, row.Sequence });
        rows.Property(row => row.Sequence).ValueGeneratedNever();
        rows.HasOne<Session>().WithMany().HasForeignKey(row => row.SessionId).OnDelete(DeleteBehavior.Restrict);
    }

    /// <summary>A point in time as UTC text of fixed width: sorts as it reads, loses nothing.</summary>
    private sealed class UtcText() : ValueConverter<DateTimeOffset, string>(
        time => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture),
        text => DateTimeOffset.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal))
    {
        private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
    }
}
