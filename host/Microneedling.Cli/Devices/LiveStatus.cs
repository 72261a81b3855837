// A device as it goes on: a table drawn anew on a terminal, elsewhere a line whenever something has changed, and at least one a
// second; with --json every status.

using Microneedling.Client;
using Spectre.Console;

namespace Microneedling.Cli.Devices;

internal sealed class LiveStatus(Doing doing)
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(1);

    private DeviceStatus? told;

    /// <summary>Shows statuses until one ends it.</summary>
    /// <param name="isLast">Gets every status.</param>
    /// <param name="ct">Ends it too.</param>
    /// <exception cref="LinkException">The link was lost.</exception>
    internal async Task<DeviceStatus> FollowAsync(Func<DeviceStatus, bool> isLast, CancellationToken ct)
    {
        if (!doing.Voice.IsLive)
        {
            return await FollowAsync(isLast, Tell, ct);
        }

        var first = await doing.Client.GetStatusAsync(ct);
        return await doing.Voice.Screen()
            .Live(StatusWords.Table(first, doing.Client.Link, doing.Client.Identity))
            .StartAsync(screen => FollowAsync(
                isLast,
                status =>
                {
                    screen.UpdateTarget(StatusWords.Table(status, doing.Client.Link, doing.Client.Identity));
                    screen.Refresh();
                },
                ct));
    }

    private async Task<DeviceStatus> FollowAsync(Func<DeviceStatus, bool> isLast, Action<DeviceStatus> show, CancellationToken ct)
    {
        await foreach (var status in doing.Client.TelemetryAsync(ct))
        {
            show(status);
            if (isLast(status))
            {
                return status;
            }
        }

        await doing.Client.Completion;
        throw new OperationCanceledException("The connection was closed.");
    }

    private void Tell(DeviceStatus status)
    {
        var isNews = told is null || told.State != status.State || told.Fault != status.Fault || told.Inputs != status.Inputs || status.DeviceTime - told.DeviceTime >= LongestSilence;
        var link = doing.Client.Link.State;
        if (isNews || doing.Voice.IsJson)
        {
            told = status;
            doing.Voice.TellNext(StatusWords.Json(status, link), StatusWords.Line(status, link));
        }
    }
}
