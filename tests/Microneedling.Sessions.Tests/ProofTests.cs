// The proof of the record, by an enemy with plain SQL: whatever is edited, deleted, put in, moved or cut off is found, and
// nothing is found where nothing was done.

using Microneedling.Client;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;

namespace Microneedling.Sessions.Tests;

public sealed class ProofTests : IDisposable
{
    /// <summary>Numbers that only this record gives, and what is no part of what was recorded. Everything else is proven.</summary>
    internal static readonly string[] NotProven =
    [
        "Sessions.PersonId", "Sessions.SuitabilityCheckId", "Sessions.CourseId", "Passes.ById", "Passes.UnlockedById",
        "FollowUps.ById", "Corrections.ById", "RecordState.CreatedUtc",
    ];

    /// <summary>Without it a record is not even opened; see below.</summary>
    private const string Refused = "RecordState.Id";

    internal static readonly string[] Proven =
        ["AuditEntries", "Sessions", "SessionParameters", "SessionEvents", "TelemetrySamples", "Passes", "FollowUps", "Corrections", "ChainLinks", "RecordState"];

    private readonly Record record = new();
    private readonly SetClock clock = new(Make.Start);

    public void Dispose() => record.Dispose();

    [Fact]
    public async Task A_record_that_nobody_touched_is_sound_while_it_is_open_and_after()
    {
        await using (var store = await SessionStore.OpenAsync(record.Path, clock))
        {
            await FillAsync(store, clock);
            Assert.Empty((await store.VerifyAsync()).Flaws);
            await using var running = await store.BeginAsync(Make.Device(), Make.Status());
            Assert.Empty((await store.VerifyAsync()).Flaws);
        }

        await using var again = await SessionStore.OpenAsync(record.Path, clock);
        var report = await again.VerifyAsync();
        Assert.Empty(report.Flaws);
        Assert.Equal((3, (await again.Audit.ListAsync()).Count), (report.Sessions, report.AuditEntries));
        Assert.Equal(report.Links, report.Sessions + report.AuditEntries + 2);
        Assert.Equal((await again.ProofOfAsync(1))!.ContentHash.Length, report.HeadHash.Length);
        Assert.Null(await again.ProofOfAsync(99));
    }

    [Fact]
    public async Task Two_programs_that_write_into_one_record_make_one_chain()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await using var beside = await SessionStore.OpenAsync(record.Path, clock);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? store : beside).Clients.AddAsync(Make.Owner)));

        var report = await beside.VerifyAsync();
        Assert.Empty(report.Flaws);
        Assert.Equal(20, report.Links);
    }

    [Fact]
    public async Task Any_value_that_is_edited_is_found()
    {
        await FilledAsync();
        foreach (var (table, column) in Columns().Where(one => $"{one.Table}.{one.Column}" != Refused))
        {
            using var copy = record.Copy();
            copy.Execute($"PRAGMA foreign_keys = OFF; UPDATE {table} SET \"{column}\" = {Another(copy, table, column)} WHERE rowid = (SELECT min(rowid) FROM {table})");

            var flaws = await FlawsAsync(copy);

            Assert.True(NotProven.Contains($"{table}.{column}") ? flaws.Count == 0 : flaws.Count > 0, $"{table}.{column}: {string.Join(' ', flaws)}");
        }
    }

    [Fact]
    public async Task A_record_without_the_state_of_its_chain_is_refused_and_left_as_it_is()
    {
        await FilledAsync();
        record.Execute("DELETE FROM RecordState");

        var refused = await Assert.ThrowsAsync<SessionStoreException>(() => SessionStore.OpenAsync(record.Path));

        Assert.EndsWith("was changed from outside: where its chain of proof ends is gone. Keep it as it is, and restore a backup in its place.", refused.Message, StringComparison.Ordinal);
        using var connection = record.OpenAsAnotherProgram();
        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM RecordState"));
    }

    [Fact]
    public async Task Any_row_that_is_deleted_is_found()
    {
        await FilledAsync();
        foreach (var table in Proven.Where(table => table != "RecordState"))
        {
            foreach (var end in new[] { "min", "max" })
            {
                using var copy = record.Copy();
                copy.Execute($"PRAGMA foreign_keys = OFF; DELETE FROM {table} WHERE rowid = (SELECT {end}(rowid) FROM {table})");

                Assert.True((await FlawsAsync(copy)).Count > 0, $"{end} of {table}");
            }
        }
    }

    [Fact]
    public async Task Whatever_is_put_in_from_outside_is_found()
    {
        await FilledAsync();
        (string Table, string Set)[] rows =
        [
            ("AuditEntries", "Id = 1000"), ("Sessions", "Id = 1000, Key = 'x'"), ("FollowUps", "Id = 1000"), ("Corrections", "Id = 1000"), ("ChainLinks", "Number = 1000, SubjectId = 1000"),
            ("TelemetrySamples", "Sequence = 1000"), ("SessionEvents", "Sequence = 1000"), ("SessionParameters", "Sequence = 1000"), ("Passes", "Number = 1000"),
        ];
        foreach (var (table, set) in rows)
        {
            using var copy = record.Copy();
            copy.Execute($"""
                CREATE TEMP TABLE Added AS SELECT * FROM {table} WHERE rowid = (SELECT min(rowid) FROM {table});
                UPDATE Added SET {set};
                INSERT INTO {table} SELECT * FROM Added;
                """);

            Assert.True((await FlawsAsync(copy)).Count > 0, table);
        }
    }

    [Theory]
    [InlineData("UPDATE Passes SET UnlockReason = NULL, UnlockReasonSeal = '.' || substr(UnlockReasonSeal, 34) WHERE UnlockReason IS NOT NULL")]
    [InlineData("UPDATE FollowUps SET Notes = '', NotesSeal = '.' || substr(NotesSeal, 34)")]
    [InlineData("UPDATE Corrections SET Reason = '', ReasonSeal = '.' || substr(ReasonSeal, 34)")]
    [InlineData("UPDATE Corrections SET NewValue = '', NewValueSeal = '.' || substr(NewValueSeal, 34)")]
    public async Task A_text_that_is_gone_though_nobody_was_erased_is_found(string sql)
    {
        await FilledAsync();
        using var copy = record.Copy();
        copy.Execute(sql);

        Assert.Equal(ProofFlawKind.ContentChanged, Assert.Single(await FlawsAsync(copy)).Kind);
    }

    [Theory]
    [InlineData("UPDATE AuditEntries SET AtUtc = 'yesterday' WHERE Id = 3", ProofFlawKind.ContentChanged, 5)]
    [InlineData("UPDATE TelemetrySamples SET Flags = 'all' WHERE Sequence = 2", ProofFlawKind.ContentChanged, 2)]
    [InlineData("UPDATE ChainLinks SET AtUtc = 'yesterday' WHERE Number = 1", ProofFlawKind.LinkChanged, 1)]
    public async Task What_was_made_unreadable_is_found(string sql, ProofFlawKind kind, long link)
    {
        await FilledAsync();
        record.Execute(sql);

        var first = (await FlawsAsync(record))[0];

        Assert.Equal((kind, link), (first.Kind, first.LinkNumber));
    }

    [Theory]
    [InlineData("UPDATE AuditEntries SET Id = CASE Id WHEN -2 THEN 3 ELSE 2 END WHERE Id IN (-2, -3)", "UPDATE AuditEntries SET Id = -Id WHERE Id IN (2, 3)")]
    [InlineData("UPDATE ChainLinks SET Number = CASE Number WHEN -2 THEN 3 ELSE 2 END WHERE Number IN (-2, -3)", "UPDATE ChainLinks SET Number = -Number WHERE Number IN (2, 3)")]
    [InlineData("UPDATE TelemetrySamples SET Sequence = CASE Sequence WHEN -2 THEN 3 ELSE 2 END WHERE Sequence IN (-2, -3)", "UPDATE TelemetrySamples SET Sequence = -Sequence WHERE Sequence IN (2, 3)")]
    public async Task Rows_that_changed_places_are_found(string second, string first)
    {
        await FilledAsync();
        using var copy = record.Copy();
        copy.Execute(first + ";" + second);

        Assert.NotEmpty(await FlawsAsync(copy));
    }

    [Fact]
    public async Task The_first_broken_link_is_named()
    {
        await FilledAsync();
        using var copy = record.Copy();
        copy.Execute("UPDATE AuditEntries SET Details = 'nothing' WHERE Id = 4; UPDATE AuditEntries SET ByName = 'nobody' WHERE Id = 2");

        var flaws = await FlawsAsync(copy);

        Assert.Equal([new ProofFlaw(ProofFlawKind.ContentChanged, 3, LinkKind.AuditEntry, 2), new ProofFlaw(ProofFlawKind.ContentChanged, 7, LinkKind.AuditEntry, 4)], flaws);
        Assert.Equal("Link 3: audit entry 2 was changed after it was written.", flaws[0].ToString());
    }

    [Fact]
    public async Task An_end_that_is_cut_off_is_found_even_if_the_record_says_that_it_ends_there()
    {
        await FilledAsync();
        using var cut = record.Copy();
        cut.Execute("""
            DELETE FROM AuditEntries WHERE Id = (SELECT SubjectId FROM ChainLinks WHERE Number = (SELECT Links FROM RecordState));
            DELETE FROM ChainLinks WHERE Number = (SELECT Links FROM RecordState);
            """);
        var last = (long)Scalar(cut, "SELECT Links FROM RecordState");
        Assert.Equal([new ProofFlaw(ProofFlawKind.CutShort, last), new ProofFlaw(ProofFlawKind.SetBack, last)], await FlawsAsync(cut));

        cut.Execute("UPDATE RecordState SET Links = Links - 1, HeadHash = (SELECT Hash FROM ChainLinks ORDER BY Number DESC LIMIT 1)");
        Assert.Equal([new ProofFlaw(ProofFlawKind.SetBack, last)], await FlawsAsync(cut));
        Assert.Equal([new ProofFlaw(ProofFlawKind.SetBack, last)], await FlawsAsync(cut)); // It was opened and closed in between.
    }

    [Fact]
    public async Task A_record_that_was_closed_while_it_was_empty_notes_its_end_later()
    {
        await using (await SessionStore.OpenAsync(record.Path, clock))
        {
        }

        var empty = File.ReadAllBytes(record.Path);
        await FilledAsync();
        File.WriteAllBytes(record.Path, empty);

        Assert.Equal(ProofFlawKind.SetBack, Assert.Single(await FlawsAsync(record)).Kind);
    }

    [Fact]
    public async Task An_older_copy_in_the_place_of_the_record_is_found_and_not_forgotten_when_it_goes_another_way()
    {
        await using (var store = await SessionStore.OpenAsync(record.Path, clock))
        {
            await FillAsync(store, clock);
        }

        var older = File.ReadAllBytes(record.Path);
        await using (var store = await SessionStore.OpenAsync(record.Path, clock))
        {
            await store.Clients.AddAsync(Make.Owner);
        }

        File.WriteAllBytes(record.Path, older);
        await using (var setBack = await SessionStore.OpenAsync(record.Path, clock))
        {
            Assert.Equal(ProofFlawKind.SetBack, Assert.Single((await setBack.VerifyAsync()).Flaws).Kind);
            await setBack.People.AddAsync(Make.Owner, "Ana", Role.Supervisor, "246813");
            await using var recorder = await setBack.BeginAsync(Make.Device(), Make.Status());
            await recorder.FinishAsync(SessionOutcome.Completed, null);
        }

        await using var again = await SessionStore.OpenAsync(record.Path, clock);
        Assert.Equal(ProofFlawKind.SetBack, Assert.Single((await again.VerifyAsync()).Flaws).Kind);
    }

    [Fact]
    public async Task A_session_that_a_dead_host_left_is_proven_as_it_is_closed()
    {
        using var left = new Record();
        await using (var store = await SessionStore.OpenAsync(record.Path, clock))
        {
            await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
            recorder.RecordPass(Make.Pass());
            recorder.RecordEvent(Make.Event(1));
            await recorder.FlushAsync();
            foreach (var suffix in new[] { "", "-wal" })
            {
                File.Copy(record.Path + suffix, left.Path + suffix);
            }
        }

        await using var again = await SessionStore.OpenAsync(left.Path, clock);
        await again.Aftermath.CloseWithoutDeviceAsync(Make.Owner, 1);
        var report = await again.VerifyAsync();
        Assert.Empty(report.Flaws);
        Assert.Equal(1, report.Sessions);
        Assert.Equal(SessionOutcome.Interrupted, (await again.FindAsync(1))!.Summary.Outcome);
    }

    [Fact]
    public async Task What_is_recorded_is_proven_as_it_was_in_memory_not_as_it_came_to_the_disk()
    {
        await using (var store = await SessionStore.OpenAsync(record.Path, clock))
        {
            await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
            recorder.RecordStatus(Make.Status(50, 3));
            await recorder.FlushAsync();
            using (var enemy = record.OpenAsAnotherProgram())
            {
                enemy.Execute("UPDATE TelemetrySamples SET ActiveDepthMicrometers = 250 WHERE Sequence = 2");
            }

            await recorder.FinishAsync(SessionOutcome.Completed, Make.Status(100, 5));
            Assert.Equal([new ProofFlaw(ProofFlawKind.ContentChanged, 2, LinkKind.Session, 1)], (await store.VerifyAsync()).Flaws);
        }
    }

    [Fact]
    public async Task A_correction_stands_beside_the_session_and_changes_nothing_of_it()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await FillAsync(store, clock);
        var before = (await store.FindAsync(1))!.Summary;

        var correction = await store.Corrections.AddAsync(Make.Owner, 1, CorrectedField.CartridgeLot, " LOT-8 ", "Misread: the label was smudged.");

        Assert.Equal("LOT-8", correction.NewValue);
        Assert.Equal(before, (await store.FindAsync(1))!.Summary);
        Assert.Contains(correction, await store.Corrections.ListAsync(1));
        Assert.Empty((await store.VerifyAsync()).Flaws);
        Assert.DoesNotContain("smudged", string.Concat((await store.Audit.ListAsync()).Select(entry => entry.Details)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(99, CorrectedField.Remark, "x", "correction.sessionUnknown")]
    [InlineData(1, (CorrectedField)77, "x", "correction.field")]
    [InlineData(1, CorrectedField.Remark, " ", "correction.newValue")]
    [InlineData(1, CorrectedField.CartridgeNeedles, "0", "correction.newValue")]
    [InlineData(1, CorrectedField.CartridgeNeedles, "12.5", "correction.newValue")]
    [InlineData(1, CorrectedField.CartridgeExpires, "31.12.2026", "correction.newValue")]
    [InlineData(1, CorrectedField.Zone, "elbow", "correction.newValue")]
    public async Task A_correction_that_makes_no_sense_is_refused(long sessionId, CorrectedField field, string value, string code)
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await FillAsync(store, clock);
        var refused = await Assert.ThrowsAsync<RecordRefusedException>(() => store.Corrections.AddAsync(Make.Owner, sessionId, field, value, "Because it is so."));
        Assert.Equal(code, refused.Code);
    }

    [Fact]
    public async Task A_running_session_is_not_corrected()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await using var recorder = await store.BeginAsync(Make.Device(), Make.Status());
        var refused = await Assert.ThrowsAsync<RecordRefusedException>(
            () => store.Corrections.AddAsync(Make.Owner, recorder.SessionId, CorrectedField.Remark, "x", "Because it is so."));
        Assert.Equal("correction.running", refused.Code);
    }

    /// <summary>Two sessions, one with everything that a row can hold, and one of a client with follow-up and correction.</summary>
    internal static async Task FillAsync(SessionStore store, SetClock clock)
    {
        await using (var recorder = await store.BeginAsync(Make.Device(), Make.Status()))
        {
            recorder.RecordStatus(Make.Status(50, 3));
            recorder.RecordStatus(Make.Status(100, 5));
            recorder.RecordParameters(Make.Request(), Make.Accepted(), Make.Status(100, 5));
            recorder.RecordEvent(Make.Event(1));
            recorder.RecordEvent(new MissingEvents(2, 4));
            recorder.RecordEvent(new DeviceRestarted(5));
            recorder.RecordPass(Make.Pass());
            await recorder.FlushAsync();
            recorder.RecordPass(Make.Pass(1, PassEnding.Stopped, 5) with { UnlockedBy = Make.Owner, UnlockReason = "Thick scar beside the nose." });
            recorder.RecordPass(Make.Pass(2, PassEnding.Disarmed, 7));
            clock.Now += TimeSpan.FromTicks(1_234_567);
            await recorder.FinishAsync(SessionOutcome.Completed, Make.Status(150, 12));
        }

        await using (var second = await store.BeginAsync(Make.Device(), Make.Status()))
        {
            await second.FinishAsync(SessionOutcome.Stopped, null);
        }

        await store.Clients.AddAsync(Make.Owner);
        await store.Clients.FollowUpAsync(Make.Owner, 1, 24, FollowUpGrade.Mild, FollowUpGrade.None, 2, "A \"dry\" skin,\nelse well.");
        await store.Corrections.AddAsync(Make.Owner, 1, CorrectedField.CartridgeLot, "LOT-8", "The label was misread.");
        await store.Audit.AddAsync(Make.Owner, "person.signedIn", "person:1", "");
    }

    private async Task FilledAsync()
    {
        await using var store = await SessionStore.OpenAsync(record.Path, clock);
        await FillAsync(store, clock);
    }

    private async Task<IReadOnlyList<ProofFlaw>> FlawsAsync(Record of)
    {
        await using var store = await SessionStore.OpenAsync(of.Path, clock);
        return (await store.VerifyAsync()).Flaws;
    }

    private List<(string Table, string Column)> Columns()
    {
        using var connection = record.OpenAsAnotherProgram();
        List<(string, string)> columns = [];
        foreach (var table in Proven)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT name FROM pragma_table_info('{table}')";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                columns.Add((table, reader.GetString(0)));
            }
        }

        return columns;
    }

    /// <summary>A value that differs from the first row's, of the same kind, and is still read.</summary>
    private static string Another(Record of, string table, string column) => Scalar(of, $"SELECT \"{column}\" FROM {table} WHERE rowid = (SELECT min(rowid) FROM {table})") switch
    {
        byte[] blob => $"x'{Convert.ToHexString([.. blob[..^1], (byte)(blob[^1] ^ 1)])}'",
        string text when column.EndsWith("Utc", StringComparison.Ordinal) || column is "CartridgeExpires" => $"'{text.Replace("20", "21", StringComparison.Ordinal)}'",
        string text when text.Contains('.', StringComparison.Ordinal) && text.Length == 97 => $"'{text[..^1]}{(text[^1] == '0' ? '1' : '0')}'",
        string => $"\"{column}\" || 'x'",
        long number when column is "Outcome" => $"{number % 4 + 1}",
        0L => "1",
        1L => "0",
        DBNull when column.EndsWith("Utc", StringComparison.Ordinal) => "'2026-03-14T09:26:53.0000000Z'",
        DBNull when column is "CartridgeExpires" => "'2026-03-14'",
        DBNull => "1",
        _ => $"\"{column}\" + 1000",
    };

    private static object Scalar(Record of, string sql)
    {
        using var connection = of.OpenAsAnotherProgram();
        return connection.Scalar(sql)!;
    }
}
