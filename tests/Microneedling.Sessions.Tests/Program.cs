// A host of its own process: begins a session, commits some rows, says so, and waits to be killed.

using Microneedling.Sessions;
using Microneedling.Sessions.Tests;

await using var store = await SessionStore.OpenAsync(args[0]);
var recorder = await store.BeginAsync(Make.Device(), Make.Status());
for (var i = 1; i <= HostDeathTests.StatusesRecorded; i++)
{
    recorder.RecordStatus(Make.Status(milliseconds: i * 50, strokes: (uint)i));
}

await recorder.FlushAsync();
Console.WriteLine(HostDeathTests.Committed);
Console.ReadLine();
