// Keeps backups of the record: one every day, when nobody is being treated, and whenever somebody asks for one. What goes
// wrong with them is kept to be shown until one succeeds.

using Microneedling.Sessions;
using Microneedling.Sessions.Backups;
using Microneedling.Tablet.Treat;

namespace Microneedling.Tablet.Keeping;

/// <summary>A backup that was not taken, or is not sound.</summary>
/// <param name="At">When it was tried.</param>
/// <param name="Message">Why, in words; null: the record does not prove itself.</param>
public sealed record BackupProblem(DateTimeOffset At, string? Message);

/// <summary>Takes the backups of a record that is kept in a file.</summary>
public sealed class BackupKeeper(RecordBackups backups, TreatmentDesk desk, TimeProvider time, ILogger<BackupKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterProblem = TimeSpan.FromHours(1);

    private volatile BackupProblem? _problem;

    /// <summary>What went wrong the last time; null when it went well.</summary>
    public BackupProblem? Problem => _problem;

    /// <summary>Whether the day, in UTC as the backups' names, has no backup yet. One that claims to be of a later day proves nothing.</summary>
    public static bool IsDue(DateTimeOffset? newest, DateTimeOffset now) => newest is not { } taken || taken.UtcDateTime.Date != now.UtcDateTime.Date;

    /// <summary>Takes one now.</summary>
    /// <exception cref="SessionStoreException">There is none; <see cref="Problem"/> says so too.</exception>
    public async Task<Backup> BackUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            var backup = await backups.BackUpAsync(cancellationToken);
            _problem = backup.IsSound ? null : new BackupProblem(time.GetUtcNow(), null);
            return backup;
        }
        catch (SessionStoreException problem)
        {
            _problem = new BackupProblem(time.GetUtcNow(), problem.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetUtcNow();
            if (desk.Open is not null || (_problem is { } problem && now - problem.At < AfterProblem) || !IsDue(backups.NewestTakenAt(), now))
            {
                continue;
            }

            try
            {
                if (!(await BackUpAsync(stoppingToken)).IsSound)
                {
                    logger.LogError("The record does not prove itself: its backup is kept under a name that says so. Settings, Database, Check the record tells more.");
                }
            }
            catch (SessionStoreException unsaved)
            {
                logger.LogError("{Problem}", unsaved.Message);
            }
        }
    }
}
