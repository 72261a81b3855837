// Verbs that look and command nothing: ports, info, monitor, events, trace.

using System.CommandLine;
using System.Globalization;
using Microneedling.Client;
using Microneedling.Client.Discovery;
using Microneedling.Client.Inspection;
using Microneedling.Protocol;

namespace Microneedling.Cli.Devices;

internal sealed class LookVerbs(Surroundings surroundings) : DeviceVerbs(surroundings)
{
    private static readonly TimeSpan EventsWithin = TimeSpan.FromSeconds(10);
    private static readonly Option<bool> All = new("--all") { Description = "Asks at every serial port, not only at likely ones: other instruments hear a greeting that they may not understand" };
    private static readonly Option<TimeSpan?> For = Values.SecondsOption("--for", "Ends after so long [default: Ctrl-C ends it]");
    private static readonly Option<uint?> Since = Values.NumberOption("--since", "N", "Only events from number N on", 0, uint.MaxValue);
    private static readonly Option<bool> Follow = new("--follow") { Description = "Goes on with events as they come, until Ctrl-C" };

    internal IEnumerable<Command> Commands =>
    [
        Plain("ports", "Lists the serial ports, and asks which of them has a device", PortsAsync, All, Device, NoCartridge),
        Connected("info", "Tells who a device is: identity, versions, limits, capabilities, settings, state", canMove: false, InfoAsync),
        Connected("monitor", "Shows a device's state and values as they change", canMove: false, MonitorAsync, For),
        Connected("events", "Lists what a device remembers to have happened", canMove: false, EventsAsync, Since, Follow),
        Plain("trace", "Connects and shows every frame on the line in words", TraceAsync, For, Device, NoCartridge),
    ];

    private async Task<int> PortsAsync(ParseResult parsed, Voice voice, CancellationToken ct)
    {
        await using var ways = WaysOf(parsed);
        var drivers = Surroundings.Ports().ToDictionary(port => port.Address, port => port.DriverName);
        var found = await ways.Finder.FindAsync(parsed.GetValue(All), ways.Given(parsed.GetValue(Device)) is { } given ? [given] : null, ct);
        voice.Tell(
            new
            {
                Ports = found.Findings.Select(port => new
                {
                    port.Address,
                    Usb = port.Usb?.ToString(),
                    Driver = drivers.GetValueOrDefault(port.Address),
                    Asked = true,
                    Device = port is FoundDevice device ? (uint?)device.Identity.SerialNumber : null,
                    FirmwareVersion = (port as FoundDevice)?.Identity.FirmwareVersion.ToString(),
                    (port as PortWithoutDevice)?.Problem,
                    Words = (port as PortWithoutDevice)?.Message,
                }).Concat(found.NotAsked.Select(port => new
                {
                    port.Address,
                    Usb = port.Usb?.ToString(),
                    Driver = port.DriverName,
                    Asked = false,
                    Device = (uint?)null,
                    FirmwareVersion = (string?)null,
                    Problem = (PortProblem?)null,
                    Words = (string?)null,
                })),
            },
            [
                .. found.Findings.Select(port => port is FoundDevice device
                    ? Voice.Line($"{port.Address}  device {device.Identity.SerialNumber}, firmware {device.Identity.FirmwareVersion}{UsbOf(port.Usb)}")
                    : Voice.Line($"{port.Address}  {((PortWithoutDevice)port).Message}{UsbOf(port.Usb)}")),
                .. found.NotAsked.Select(port => Voice.Line($"{port.Address}  not asked: nothing says that a device is there (--all asks){UsbOf(port.Usb)}")),
                .. found.SharedSerialNumbers.Select(shared => shared.Message),
                .. found.Findings.Count + found.NotAsked.Count == 0 ? ["No serial port was found on this machine. Plug the device in and switch it on."] : Array.Empty<string>(),
            ]);
        return ExitCode.Done;
    }

    private static async Task<int> InfoAsync(Doing doing)
    {
        var (who, status) = (doing.Client.Identity, await doing.Client.GetStatusAsync(doing.Ct));
        var hasService = who.Capabilities.HasFlag(DeviceCapabilities.Service);
        var settings = hasService ? await doing.Client.ReadSettingsAsync(doing.Ct) : null;
        var counters = hasService ? await doing.Client.ReadCountersAsync(doing.Ct) : null;
        var capabilities = Enum.GetValues<DeviceCapabilities>().Where(one => one != DeviceCapabilities.None && who.Capabilities.HasFlag(one)).ToArray();
        doing.Voice.Tell(
            new
            {
                doing.Device.Address,
                who.SerialNumber,
                FirmwareVersion = who.FirmwareVersion.ToString(),
                ProtocolVersion = who.ProtocolVersion.ToString(),
                HostProtocolVersion = Host.Protocol,
                HostVersion = Host.Version,
                Limits = new
                {
                    MinimumDepthMicrometers = who.Limits.MinimumDepth.Micrometers,
                    UnsupervisedDepthMicrometers = who.Limits.UnsupervisedDepth.Micrometers,
                    AbsoluteDepthMicrometers = who.Limits.AbsoluteDepth.Micrometers,
                    MinimumRateMillihertz = who.Limits.MinimumRate.Millihertz,
                    MaximumRateMillihertz = who.Limits.MaximumRate.Millihertz,
                    LinkTimeoutMilliseconds = (int)who.Limits.LinkTimeout.TotalMilliseconds,
                },
                Capabilities = capabilities,
                ZeroOffsetMicrometers = settings?.ZeroOffset.Micrometers,
                GoodSettingsCopies = settings?.GoodCopies,
                LifeStrokes = counters?.Strokes,
                RunTimeMilliseconds = (long?)counters?.RunTime.TotalMilliseconds,
                counters?.Starts,
                LifeFaults = counters?.Faults,
                Status = StatusWords.Json(status, doing.Client.Link.State),
            },
            [
                Voice.Line($"device        {who.SerialNumber} at {doing.Device.Address}"),
                Voice.Line($"firmware      {who.FirmwareVersion}, protocol {who.ProtocolVersion}; this program {Host.Version}, protocol {Host.Protocol}"),
                Voice.Line($"depth         {who.Limits.MinimumDepth} to {who.Limits.UnsupervisedDepth}, unlocked to {who.Limits.AbsoluteDepth}"),
                Voice.Line($"rate          {who.Limits.MinimumRate} to {who.Limits.MaximumRate}"),
                Voice.Line($"link          stops by itself after {who.Limits.LinkTimeout.TotalMilliseconds:0} ms without this program"),
                Voice.Line($"capabilities  {(capabilities.Length == 0 ? "none" : string.Join(", ", capabilities))}"),
                .. settings is null ? Array.Empty<string>() : [Voice.Line($"settings      {settings.GoodCopies} good copies, zero offset {settings.ZeroOffset}, written {settings.Writes} times")],
                .. counters is null ? Array.Empty<string>() : [Voice.Line($"life          {counters.Strokes} strokes in {counters.RunTime}, {counters.Starts} starts, {counters.Faults} faults")],
                Voice.Line($"state         {DeviceWords.Of(status.State)}, {StatusWords.InputsOf(status)}, {status.StrokeCount} strokes since its start"),
                Voice.Line($"fault         {(status.Fault == FaultCode.None ? "none" : $"{(int)status.Fault} {status.Fault}: {DeviceWords.Of(status.Fault)}")}"),
            ]);
        return ExitCode.Done;
    }

    private static async Task<int> MonitorAsync(Doing doing)
    {
        using var patience = PatienceOf(doing.Parsed.GetValue(For), doing.Ct);
        try
        {
            await new LiveStatus(doing).FollowAsync(_ => false, patience.Token);
        }
        catch (OperationCanceledException) when (!doing.Ct.IsCancellationRequested)
        {
            // Its time is over.
        }

        return ExitCode.Done;
    }

    private static async Task<int> EventsAsync(Doing doing)
    {
        var (since, isFollowing) = (doing.Parsed.GetValue(Since) ?? 0, doing.Parsed.GetValue(Follow));
        var latest = (await doing.Client.GetStatusAsync(doing.Ct)).LatestEventNumber;
        using var patience = PatienceOf(isFollowing ? null : EventsWithin, doing.Ct);
        if (latest == 0 && !isFollowing)
        {
            return ExitCode.Done;
        }

        await foreach (var entry in doing.Client.EventsAsync(patience.Token))
        {
            var (number, shape) = entry switch
            {
                DeviceEvent happened => (happened.Number, (object)new
                {
                    Kind = "event",
                    happened.Number,
                    DeviceTimeMilliseconds = (long)happened.DeviceTime.TotalMilliseconds,
                    happened.Code,
                    happened.Argument1,
                    happened.Argument2,
                    Words = DeviceWords.Of(happened),
                }),
                MissingEvents missing => (missing.LastNumber, new { Kind = "missing", missing.FirstNumber, missing.LastNumber }),
                DeviceRestarted restarted => (0u, new { Kind = "restarted", restarted.BootId }),
                _ => (0u, new { Kind = "unknown" }),
            };
            if (number >= since || number == 0)
            {
                doing.Voice.TellNext(shape, entry switch
                {
                    DeviceEvent happened => Voice.Line($"{number,6}  {happened.DeviceTime.TotalSeconds,10:0.000} s  {DeviceWords.Of(happened)}"),
                    DeviceRestarted => "        The device has started anew: its events are numbered from 1 again.",
                    _ => Voice.Line($"{number,6}  {DeviceWords.Of(entry)}"),
                });
            }

            if (!isFollowing && number >= latest)
            {
                return ExitCode.Done;
            }
        }

        await doing.Client.Completion;
        return ExitCode.Done;
    }

    private async Task<int> TraceAsync(ParseResult parsed, Voice voice, CancellationToken ct)
    {
        await using var ways = WaysOf(parsed);
        var address = await ways.AddressAsync(parsed.GetValue(Device), ct);
        var line = await ways.OpenAsync(address, null, voice.Remark, ct);
        using TraceWriter writer = new(voice);
        var opened = await Opened.ConnectAsync(ways, address, new TracingTransport(line, writer, TimeProvider.System, voice.Remark), ct);
        await using var client = opened.Client;
        using var patience = PatienceOf(parsed.GetValue(For), ct);
        try
        {
            await client.Completion.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        catch (LinkException lost)
        {
            throw new LostException(lost);
        }

        return ExitCode.Done;
    }

    private static string UsbOf(UsbIdentity? usb) => usb is null ? "" : Voice.Line($"  [{usb}]");

    private static CancellationTokenSource PatienceOf(TimeSpan? patience, CancellationToken ct)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (patience is { } limit)
        {
            source.CancelAfter(limit);
        }

        return source;
    }

    /// <summary>Takes the trace's lines, for people as they are.</summary>
    private sealed class TraceWriter(Voice voice) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void Write(char value)
        {
            if (value != '\n')
            {
                base.Write(value);
                return;
            }

            var line = GetStringBuilder().ToString();
            GetStringBuilder().Clear();
            var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            if (line.StartsWith('#') || parts is not [var at, var direction, var words] || !double.TryParse(at, CultureInfo.InvariantCulture, out var milliseconds))
            {
                voice.TellNext(new { Kind = "remark", Words = line }, line);
                return;
            }

            voice.TellNext(new { Kind = "frame", AtMilliseconds = milliseconds, ToDevice = direction == ">", Words = words }, line);
        }
    }
}
