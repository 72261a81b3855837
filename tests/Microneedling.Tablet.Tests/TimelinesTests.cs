using Microneedling.Sessions;
using Microneedling.Tablet.Report;
using Microsoft.Data.Sqlite;

namespace Microneedling.Tablet.Tests;

public sealed class TimelinesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("microneedling-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_session_that_goes_on_is_read_anew_and_a_finished_one_once()
    {
        string path = Path.Combine(_folder.FullName, "record.db");
        await using var made = await MadeSessions.OpenAsync(path);
        var timelines = new Timelines(made.Store);
        long id = await made.AddAsync(new(2026, 3, 14, 9, 0, 0, TimeSpan.Zero), SessionOutcome.Completed, new(MadeSessions.Practitioner, null, null, null, new("T-12", 12, "LOT-7", new(2099, 12, 31))));
        Assert.NotEmpty((await timelines.OfAsync(id))!.Seconds);
        Assert.Same(await timelines.OfAsync(id), await timelines.OfAsync(id));
        Assert.Null(await timelines.OfAsync(4711));

        await using (var connection = new SqliteConnection($"Data Source={path};Pooling=false"))
        {
            await connection.OpenAsync();
            using var change = connection.CreateCommand();
            change.CommandText = $"UPDATE Sessions SET Outcome = {(int)SessionOutcome.Running} WHERE Id = {id}";
            await change.ExecuteNonQueryAsync();
        }

        var going = new Timelines(made.Store);
        Assert.NotSame(await going.OfAsync(id), await going.OfAsync(id));
    }
}
