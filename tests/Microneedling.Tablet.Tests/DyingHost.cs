// A host that treats with the simulated device in virtual time, and dies at a moment that the test chooses: from then on no
// byte of it reaches the device, not even a STOP, and nothing more is noted. Another host asks the device afterwards.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.SimulatedBoard;
using Microneedling.Simulator;
using Microneedling.Tablet.Treat;
using Microneedling.Testing;

namespace Microneedling.Tablet.Tests;

/// <summary>The host, and what it had noted.</summary>
internal sealed class DyingHost
{
    public const uint SessionNumber = 77;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly List<object> _noted = [];
    private readonly DeviceClient _client;
    private readonly CuttableLine _line;
    private PassCount? _count;
    private PassVerdict? _verdict;
    private bool _isDead;

    private DyingHost(DeviceClient client, CuttableLine line) => (_client, _line) = (client, line);

    public DeviceClient Client => _client;

    private DeviceStatus First { get; set; } = null!;

    /// <summary>Connects, homes, begins a session, and notes from then on.</summary>
    public static async Task<DyingHost> BeginAsync(VirtualTime time, SimulatedDevice device)
    {
        CuttableLine line = new(device.Connect());
        var host = new DyingHost(await DeviceClient.ConnectAsync(line, time), line);
        device.Bench.SeatCartridge();
        await host.UntilAsync(status => status.State == DeviceState.Unhomed);
        await host.Client.HomeAsync();
        await host.UntilAsync(status => status.State == DeviceState.Parked);
        await host.Client.BeginSessionAsync(SessionNumber);
        host.First = await host.Client.GetStatusAsync();
        _ = host.NoteStatusesAsync();
        _ = host.NoteEventsAsync();
        return host;
    }

    /// <summary>Confirms and arms, and notes the pass.</summary>
    public async Task ArmAsync()
    {
        var accepted = await Client.ConfigureAsync(new TreatmentRequest(Depth.FromMicrometers(500), Depth.FromMicrometers(1000), StrokeRate.FromStrokesPerSecond(50)));
        var before = await Client.GetStatusAsync();
        await Client.ArmAsync(accepted);
        (_count, _verdict) = (new PassCount(before), new PassVerdict(before));
        NotePass(0, PassEnding.Running);
        await UntilAsync(status => status.State == DeviceState.Armed && !status.Is(StatusFlags.StageMoving | StatusFlags.NeedlesMoving) && status.StagePosition == status.ActiveDepth);
    }

    public Task<DeviceStatus> UntilAsync(Func<DeviceStatus, bool> condition) => Client.WaitForAsync(condition, Soon);

    /// <summary>Nothing more goes out, and nothing that comes in is noted.</summary>
    public async Task DieAsync()
    {
        _isDead = true;
        _line.Cut();
        await Client.DisposeAsync();
    }

    /// <summary>Writes what was noted into a record, as the host had before it died.</summary>
    public async Task<string> LeaveRecordAsync(DirectoryInfo folder, uint serialNumber = 1)
    {
        string path = Path.Combine(folder.FullName, $"{Guid.NewGuid():N}.db");
        string left = Path.Combine(folder.FullName, $"left-{serialNumber}.db");
        await using var store = await SessionStore.OpenAsync(path);
        var identity = Client.Identity with { SerialNumber = serialNumber };
        await using var recorder = await store.BeginAsync(identity, First, new SessionStart(new Actor(null, "Owner"), null, null, null, RunningTablet.TestCartridge));
        foreach (object noted in _noted)
        {
            switch (noted)
            {
                case DeviceStatus status:
                    recorder.RecordStatus(status);
                    break;
                case DeviceLogEntry entry:
                    recorder.RecordEvent(entry);
                    break;
                case Pass pass:
                    recorder.RecordPass(pass);
                    break;
            }
        }

        await recorder.FlushAsync();
        foreach (string suffix in new[] { "", "-wal" })
        {
            File.Copy(path + suffix, left + suffix);
        }

        return left;
    }

    /// <summary>Another host connects and asks.</summary>
    public static async Task<DeviceAccount> AskAsync(VirtualTime time, SimulatedDevice device)
    {
        await using var client = await DeviceClient.ConnectAsync(device.Connect(), time);
        return await new DeviceMemory().TellAsync(client);
    }

    private async Task NoteStatusesAsync()
    {
        await foreach (var status in Client.TelemetryAsync())
        {
            if (!_isDead)
            {
                _noted.Add(status);
                _count?.See(status);
                _verdict?.See(status);
                Conclude();
            }
        }
    }

    private async Task NoteEventsAsync()
    {
        await foreach (var entry in Client.EventsAsync())
        {
            if (!_isDead && entry is DeviceEvent happened && happened.Number > First.LatestEventNumber)
            {
                _noted.Add(entry);
                _verdict?.See(entry);
                Conclude();
            }
        }
    }

    private void Conclude()
    {
        if (_count is not null && _verdict is not null)
        {
            NotePass(_count.Strokes, _verdict.End is null ? PassEnding.Running : _verdict.Ending);
            _verdict = _verdict.End is null ? _verdict : null;
        }
    }

    private void NotePass(long strokes, PassEnding ending) => _noted.Add(new Pass(
        1, "cheek-left", 4500, null, null, new Actor(null, "Owner"), null, null, First.ReceivedAt, ending == PassEnding.Running ? null : First.ReceivedAt.AddSeconds(9), ending,
        strokes, _count!.StrokingTime, Depth.FromMicrometers(500), StrokeRate.FromStrokesPerSecond(50)));
}

/// <summary>A host's line to the device, which ends as when the host's process is killed.</summary>
internal sealed class CuttableLine(ITransport inner) : ITransport
{
    private volatile bool _isCut;

    public string Name => inner.Name;

    /// <summary>Nothing goes out any more.</summary>
    public void Cut() => _isCut = true;

    /// <summary>The same, and the device is free for another host.</summary>
    public ValueTask BreakAsync()
    {
        Cut();
        return inner.DisposeAsync();
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReadAsync(buffer, cancellationToken);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _isCut ? ValueTask.CompletedTask : inner.WriteAsync(bytes, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
