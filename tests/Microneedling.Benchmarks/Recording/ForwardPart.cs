using System.Diagnostics;
using Microneedling.Sessions;
using Microneedling.Sessions.Forwarding;

namespace Microneedling.Benchmarks.Recording;

/// <summary>Finished sessions from a tablet's record into the clinic's on PostgreSQL, checked on the way.</summary>
internal static class ForwardPart
{
    private const int StatusesOfSession = 6_000;

    public static async Task<IEnumerable<Finding>> MeasureAsync(Size size)
    {
        using Places places = new();
        await using SessionStore tablet = await SessionStore.OpenAsync(places.File("tablet.db"));
        if (Places.Server is null)
        {
            throw new LeftOutException(Places.WhyNoServer);
        }

        for (int i = 0; i < size.Of(4, 60); i++)
        {
            await Samples.RecordAsync(tablet, StatusesOfSession);
        }

        await using SessionStore clinic = await SessionStore.OpenAsync(places.Database());
        long began = Stopwatch.GetTimestamp();
        ForwardingProgress done = await new Forwarder(tablet, clinic, "tablet").ForwardAsync();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return [Promises.Of("record.forward_rows_per_s", done.Rows / seconds, $"{done.Sessions} sessions from SQLite into PostgreSQL, each row hashed again on the way")];
    }
}
