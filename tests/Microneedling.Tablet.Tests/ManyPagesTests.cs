// Several tablets at one device: one treats, the others watch.

using System.Net.Sockets;
using System.Text;
using Microneedling.Protocol;

namespace Microneedling.Tablet.Tests;

[Collection(Alone.Name)]
public sealed class ManyPagesTests
{
    private const int Watchers = 8;

    [Fact]
    public async Task Eight_watching_pages_all_see_a_whole_treatment_and_one_that_does_not_read_delays_nobody()
    {
        await using var tablet = await RunningTablet.StartAsync();
        await using var treating = await WatchingPage.OpenAsync(tablet);
        await treating.HomeAsync();
        using var stuck = await OpenWithoutReadingAsync(tablet.Address);
        List<WatchingPage> watchers = [];
        try
        {
            while (watchers.Count < Watchers)
            {
                watchers.Add(await WatchingPage.OpenAsync(tablet));
            }

            var seen = watchers.Select(SeesTreatmentAsync).ToArray();
            await treating.RunAsync(tablet);
            await treating.SucceedsAsync("/api/stop", new { });
            tablet.Bench.ReleaseTrigger();
            await treating.SeesAsync(DeviceState.Parked);
            await treating.SucceedsAsync("/api/session/finish", new { page = treating.Id, carriedThrough = true });

            string[] whole = [.. new[] { DeviceState.Parked, DeviceState.Armed, DeviceState.Running, DeviceState.Retracting, DeviceState.Parked }.Select(state => state.ToString())];
            Assert.All(await Task.WhenAll(seen), states => Assert.Equal(whole, states));
            var finished = (await treating.SeesAsync(view => view.FinishedSession is not null)).FinishedSession;
            Assert.All(watchers, watcher => Assert.Equal(finished, watcher.Latest!.FinishedSession));
        }
        finally
        {
            foreach (var watcher in watchers)
            {
                await watcher.DisposeAsync();
            }
        }
    }

    /// <summary>The states that a page is told until the session is over, each once as long as it lasts.</summary>
    private static async Task<List<string>> SeesTreatmentAsync(WatchingPage page)
    {
        List<string> states = [];
        await page.SeesAsync(view =>
        {
            if (view.Status is { } status && states.LastOrDefault() != status.State)
            {
                states.Add(status.State);
            }

            return view.FinishedSession is not null;
        });
        return states;
    }

    /// <summary>A page that has asked for the live stream and takes nothing of it.</summary>
    private static async Task<Socket> OpenWithoutReadingAsync(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1024 };
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/live?page=stuck HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"));
        return socket;
    }
}
