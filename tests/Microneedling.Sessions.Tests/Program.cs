// Hosts of a process of their own, to be killed: "wait RECORD" begins a session, commits some rows, says so and waits;
// "treat RECORD SEED" treats without end and says what was acknowledged, a line each; "restore RECORD BACKUP STEP" restores
// a backup and is killed when it has come to that step.

using System.Diagnostics;
using Microneedling.Sessions;
using Microneedling.Sessions.Backups;
using Microneedling.Sessions.Tests;

if (args[0] == RestoreTests.Restore)
{
    await RecordRestore.RestoreAsync(args[1], args[2], Make.Owner, TimeProvider.System, reached => DieAt(reached, args[3]), CancellationToken.None);
    return;
}

await using var store = await SessionStore.OpenAsync(args[1]);
if (args[0] == HostDeathTests.Treat)
{
    await EndlessTreatment.RunAsync(store, new Random(int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture)));
}

var recorder = await store.BeginAsync(Make.Device(), Make.Status());
for (var i = 1; i <= HostDeathTests.StatusesRecorded; i++)
{
    recorder.RecordStatus(Make.Status(milliseconds: i * 50, strokes: (uint)i));
}

await recorder.FlushAsync();
Console.WriteLine(HostDeathTests.Committed);
Console.ReadLine();

static void DieAt(string reached, string step)
{
    if (reached == step)
    {
        Process.GetCurrentProcess().Kill();
    }
}
