using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microneedling.Protocol;

namespace Microneedling.Benchmarks.Tablet;

/// <summary>What a watching tablet was told, and when it was told.</summary>
internal sealed record Heard(int Tablet, long Timestamp, long DeviceMilliseconds, DeviceState State);

/// <summary>
/// Tablets that only watch, in a process of their own, so that the program's processor time is its alone. It says when all
/// of them hear the program; at the first line that it is given it prints what each has heard since, and ends.
/// </summary>
internal static class WatchersProcess
{
    /// <summary>The argument that makes this program such a process, before the address and the number of tablets.</summary>
    public const string Argument = "watchers";

    private const string End = ".";

    /// <summary>Starts the process and waits until all tablets hear the program.</summary>
    public static async Task<Process> StartAsync(Uri address, int tablets)
    {
        Process process = OwnProcess.Start(Argument, address.ToString(), tablets.ToString(CultureInfo.InvariantCulture));
        await ReadLineAsync(process);
        return process;
    }

    /// <summary>Ends the process; what its tablets have heard.</summary>
    public static async Task<IReadOnlyList<Heard>> EndAsync(Process process)
    {
        await process.StandardInput.WriteLineAsync();
        List<Heard> heard = [];
        for (string line; (line = await ReadLineAsync(process)) != End;)
        {
            string[] parts = line.Split(' ');
            heard.Add(new Heard(Number<int>(parts[0]), Number<long>(parts[1]), Number<long>(parts[2]), Enum.Parse<DeviceState>(parts[3])));
        }

        await process.WaitForExitAsync();
        return heard;
    }

    /// <summary>Is the process.</summary>
    public static async Task RunAsync(Uri address, int tablets)
    {
        using HttpClient http = new() { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        ConcurrentQueue<Heard> heard = [];
        TaskCompletionSource[] first = [.. Enumerable.Range(0, tablets).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        using CancellationTokenSource ending = new();
        Task watching = Task.WhenAll(Enumerable.Range(0, tablets).Select(tablet => WatchAsync(http, tablet, heard, first[tablet], ending.Token)));
        await Task.WhenAll(first.Select(one => one.Task));
        Console.WriteLine();
        await Console.In.ReadLineAsync();
        await ending.CancelAsync();
        await watching;
        foreach (Heard one in heard)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Tablet} {one.Timestamp} {one.DeviceMilliseconds} {one.State}"));
        }

        Console.WriteLine(End);
    }

    private static async Task WatchAsync(HttpClient http, int tablet, ConcurrentQueue<Heard> heard, TaskCompletionSource first, CancellationToken ending)
    {
        try
        {
            using Stream stream = await http.GetStreamAsync(new Uri($"api/live?page={Guid.NewGuid()}", UriKind.Relative), ending);
            await foreach (SseItem<JsonElement> snapshot in SseParser.Create(stream, (_, data) => Read(data)).EnumerateAsync(ending))
            {
                long now = Stopwatch.GetTimestamp();
                if (snapshot.Data is { ValueKind: JsonValueKind.Object } status)
                {
                    heard.Enqueue(new Heard(
                        tablet, now, status.GetProperty("deviceTimeMilliseconds").GetInt64(), Enum.Parse<DeviceState>(status.GetProperty("state").GetString()!)));
                    first.TrySetResult();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to end.
        }
    }

    private static JsonElement Read(ReadOnlySpan<byte> data) => JsonSerializer.Deserialize<JsonElement>(data).GetProperty("status");

    private static T Number<T>(string text)
        where T : IParsable<T> => T.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<string> ReadLineAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The watching tablets' process has ended.");
}
