using System.Diagnostics;
using Microneedling.Sessions;
using Microneedling.Sessions.Forwarding;

namespace Microneedling.Benchmarks.Recording;

/// <summary>Finished sessions from a tablet's record into the clinic's on PostgreSQL, checked on the way.</summary>
internal static class ForwardPart
{
    private const int Sessions = 60;
    private const int StatusesOfSession = 6_000;

    public static async Task<IEnumerable<Row>> MeasureAsync()
    {
        using Places places = new();
        await using SessionStore tablet = await SessionStore.OpenAsync(places.File("tablet.db"));
        if (Places.Server is null)
        {
            return [Row.Told("forwarding: not measured, MICRONEEDLING_POSTGRES names no server", 0, "")];
        }

        for (int i = 0; i < Sessions; i++)
        {
            await Samples.RecordAsync(tablet, StatusesOfSession);
        }

        await using SessionStore clinic = await SessionStore.OpenAsync(places.Database());
        long began = Stopwatch.GetTimestamp();
        ForwardingProgress done = await new Forwarder(tablet, clinic, "tablet").ForwardAsync();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return [Row.AtLeast($"rows forwarded into PostgreSQL, {done.Sessions} sessions", done.Rows / seconds, 20_000, "/s")];
    }
}
