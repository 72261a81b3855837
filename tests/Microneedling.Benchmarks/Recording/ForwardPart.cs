using System.Diagnostics;
using Microneedling.Sessions;
using Microneedling.Sessions.Forwarding;

namespace Microneedling.Benchmarks.Recording;

/// <summary>Finished sessions from a tablet's record into the clinic's on PostgreSQL, checked on the way; and one of an hour opened.</summary>
internal static class ForwardPart
{
    private const int Sessions = 60;
    private const int StatusesOfSession = 6_000;
    private const int StatusesOfHour = 72_000;
    private const int Openings = 10;

    public static async Task<IEnumerable<Row>> MeasureAsync()
    {
        using Places places = new();
        await using SessionStore tablet = await SessionStore.OpenAsync(places.File("tablet.db"));
        long hour = await RecordAsync(tablet, StatusesOfHour);
        List<double> openings = [];
        for (int i = 0; i < Openings; i++)
        {
            long opened = Stopwatch.GetTimestamp();
            _ = await tablet.FindAsync(hour);
            openings.Add(Stopwatch.GetElapsedTime(opened).TotalMilliseconds);
        }

        Row reading = Row.AtMost("a session of one hour read from the record, slowest of 10", openings.Max(), 300, "ms");
        if (Places.Server is null)
        {
            return [reading, Row.Told("forwarding: not measured, MICRONEEDLING_POSTGRES names no server", 0, "")];
        }

        for (int i = 0; i < Sessions; i++)
        {
            await RecordAsync(tablet, StatusesOfSession);
        }

        await using SessionStore clinic = await SessionStore.OpenAsync(places.Database());
        long began = Stopwatch.GetTimestamp();
        ForwardingProgress done = await new Forwarder(tablet, clinic, "tablet").ForwardAsync();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return [reading, Row.AtLeast($"rows forwarded into PostgreSQL, {done.Sessions} sessions", done.Rows / seconds, 20_000, "/s")];
    }

    private static async Task<long> RecordAsync(SessionStore store, int statuses)
    {
        SessionRecorder recorder = await store.BeginAsync(Samples.Device(), Samples.Status(0), Samples.OnTestBlock);
        for (int i = 1; i < statuses; i++)
        {
            recorder.RecordStatus(Samples.Status(i));
        }

        await recorder.FinishAsync(SessionOutcome.Completed, null);
        return recorder.SessionId;
    }
}
