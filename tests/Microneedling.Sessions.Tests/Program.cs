// Hosts of a process of their own, to be killed: "wait RECORD" begins a session, commits some rows, says so and waits;
// "treat RECORD SEED" treats without end and says what was acknowledged, a line each.

using Microneedling.Sessions;
using Microneedling.Sessions.Tests;

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
