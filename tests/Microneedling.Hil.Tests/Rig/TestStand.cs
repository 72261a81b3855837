// What a scenario works with: a device at a line, a bench, a clock. Keeps what was measured and what happened. Waits and
// commands are the same on the simulated device, in virtual time, and on hardware.

using System.Globalization;
using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Qa.Instruments;
using Microneedling.Qa.Reports;
using Microneedling.Simulator;

namespace Microneedling.Hil.Tests;

public sealed class TestStand
{
    private const int MostTraceLines = 120;
    private const long RestMicroseconds = 300_000;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan PollSpacing = TimeSpan.FromMilliseconds(5);

    private readonly Func<Task<ITransport>> open;
    private readonly string address;
    private readonly List<string> trace = [];
    private readonly List<Criterion> criteria = [];
    private readonly List<PlotData> plots = [];
    private DeviceClient? device;
    private ITransport? line;

    internal TestStand(Func<Task<ITransport>> open, IBench? bench, TimeProvider time, SimulatedDevice? simulated, string address = "sim:")
    {
        this.open = open;
        this.address = address;
        BenchOrNull = bench;
        Time = time;
        SimulatedOrNull = simulated;
    }

    /// <summary>Clock of the scenario.</summary>
    public TimeProvider Time { get; }

    /// <summary>The instrument.</summary>
    public IBench Bench => BenchOrNull ?? throw new InvalidOperationException("The scenario needs a bench and does not say so.");

    /// <summary>The simulated device, for scenarios that need it.</summary>
    public SimulatedDevice Simulated => SimulatedOrNull ?? throw new InvalidOperationException("The scenario needs the simulated device and does not say so.");

    /// <summary>The device, connected.</summary>
    public DeviceClient Device => device ?? throw new InvalidOperationException("The device is not connected.");

    internal IBench? BenchOrNull { get; }

    internal SimulatedDevice? SimulatedOrNull { get; }

    internal JudgedDevice? Judged { get; private set; }

    internal IReadOnlyList<string> Trace => trace;

    internal IReadOnlyList<Criterion> Criteria => criteria;

    internal IReadOnlyList<PlotData> Plots => plots;

    /// <summary>Judges a value.</summary>
    public void Judge(string name, double? value, string unit, double? least = null, double? most = null)
    {
        Criterion criterion = new(name, value is { } number && double.IsFinite(number) ? number : null, unit, least, most);
        criteria.Add(criterion);
        Note($"{(criterion.IsMet ? "met" : "MISSED")}: {name} = {criterion.Value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "nothing"} {unit}");
    }

    /// <summary>Judges something that holds or does not.</summary>
    public void Judge(string name, bool holds) => Judge(name, holds ? 1 : 0, "", 1, 1);

    /// <summary>Draws values into the report.</summary>
    public void Plot(string title, string xLabel, string yLabel, IEnumerable<(double X, double Y)> points, params double[] limits)
    {
        (double X, double Y)[] all = [.. points];
        plots.Add(new PlotData(title, xLabel, yLabel, [.. all.Select(point => Math.Round(point.X, 4))], [.. all.Select(point => Math.Round(point.Y, 4))], limits));
    }

    /// <summary>Notes what happened.</summary>
    public void Note(string words)
    {
        if (trace.Count == MostTraceLines)
        {
            trace.RemoveAt(0);
        }

        trace.Add(string.Create(CultureInfo.InvariantCulture, $"{Time.GetUtcNow().UtcDateTime:HH:mm:ss.fff}  {words}"));
    }

    /// <summary>Waits this long.</summary>
    public Task DelayAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Time);

    /// <summary>The line itself, for what no client would send. Disconnect first.</summary>
    public Task<ITransport> OpenAsync() => open();

    /// <summary>Connects, while the device may still be starting.</summary>
    /// <param name="withoutStopByte">The STOP byte is lost on its way, always: what is left is the command.</param>
    public async Task ConnectAsync(bool withoutStopByte = false)
    {
        line = withoutStopByte ? new LineWithoutStopByte(await open()) : await open();
        device = await DeviceClient.ConnectAsync(line, Time);
        var identity = device.Identity;
        Judged = new JudgedDevice(identity.SerialNumber, identity.FirmwareVersion.ToString(), identity.ProtocolVersion.ToString(), address);
        Note($"connected to device {identity.SerialNumber}");
        _ = KeepEventsAsync(device);
    }

    /// <summary>Closes the connection; the client stops the device first if it is armed or moves.</summary>
    public async Task DisconnectAsync()
    {
        if (device is { } open_)
        {
            device = null;
            await open_.DisposeAsync();
            Note("disconnected");
        }
    }

    /// <summary>As if this program had died: nothing more is sent, nothing is said.</summary>
    public async Task AbandonAsync()
    {
        device = null;
        await line!.DisposeAsync();
        Note("the host is dead");
    }

    /// <summary>Waits for a state that comes from now on.</summary>
    public Task<DeviceStatus> ReachAsync(DeviceState state, double seconds = 12) =>
        Device.WaitForAsync(status => status.State == state, TimeSpan.FromSeconds(seconds));

    /// <summary>With a fresh cartridge: connected, a session begun, parked.</summary>
    public async Task HomedAsync()
    {
        await Bench.SwitchAsync(BenchSwitch.Cartridge, false);
        await DelayAsync(0.7);
        await Bench.SwitchAsync(BenchSwitch.Cartridge, true);
        if (device is null)
        {
            await ConnectAsync();
        }

        var status = await Device.WaitForAsync(one => one.State is DeviceState.Unhomed or DeviceState.Parked, Soon);
        await Device.BeginSessionAsync((uint)(Time.GetUtcNow().ToUnixTimeSeconds() & 0x7FFFFFFF) | 1);
        if (status.State == DeviceState.Unhomed)
        {
            await Device.HomeAsync();
            await ReachAsync(DeviceState.Parked);
        }
    }

    /// <summary>Asks for a treatment with a supervisor's unlock.</summary>
    public static TreatmentRequest Request(int depthMicrometers, double strokesPerSecond, int burstStrokes = 0, int? capMicrometers = null) => new(
        Depth.FromMicrometers(depthMicrometers),
        Depth.FromMicrometers(capMicrometers ?? Math.Max(depthMicrometers, 1500)),
        StrokeRate.FromStrokesPerSecond(strokesPerSecond),
        SupervisorUnlock: true,
        burstStrokes);

    /// <summary>Armed with a treatment, its stage standing still.</summary>
    public async Task<AcceptedTreatment> ArmedAsync(TreatmentRequest request)
    {
        var treatment = await Device.ConfigureAsync(request);
        await Device.ArmAsync(treatment);
        await SettledAsync(treatment.Depth, DeviceState.Armed);
        return treatment;
    }

    /// <summary>Running at the rate that was asked for.</summary>
    public async Task<AcceptedTreatment> RunningAsync(TreatmentRequest request)
    {
        var treatment = await ArmedAsync(request);
        await Bench.SwitchAsync(BenchSwitch.Trigger, true);
        await Device.WaitForAsync(status => status.State == DeviceState.Running && status.DrivenRate == treatment.Rate, Soon);
        return treatment;
    }

    /// <summary>The stage has reached a depth and stands still.</summary>
    public Task SettledAsync(Depth depth, DeviceState state) => Device.WaitForAsync(
        status => status.State == state && !status.Is(StatusFlags.StageMoving) && Math.Abs(status.StagePosition.Micrometers - depth.Micrometers) <= 10, Soon);

    /// <summary>Waits until the bench has seen the needles at rest behind the nosecone for 0.3 s.</summary>
    public async Task QuietAsync(double seconds = 6)
    {
        long from = (await Bench.ReadAsync()).AtMicroseconds;
        for (var waited = TimeSpan.Zero; ; waited += PollSpacing)
        {
            var now = await Bench.ReadAsync();
            var extremes = await Bench.ExtremesAsync();
            if (now.TipMicrometers <= 0 && now.AtMicroseconds - Math.Max(from, Math.Max(extremes.LastMotionMicroseconds ?? 0, extremes.LastOutMicroseconds ?? 0)) > RestMicroseconds)
            {
                return;
            }

            if (waited.TotalSeconds > seconds)
            {
                throw new TimeoutException($"The needles are not at rest behind the nosecone after {seconds} s: tips at {now.TipMicrometers:0} µm.");
            }

            await Task.Delay(PollSpacing, Time);
        }
    }

    /// <summary>Waits until the device has stopped by itself, judges why, and acknowledges it.</summary>
    public async Task AcknowledgeAsync(FaultCode fault, double seconds = 8)
    {
        for (var waited = 0.0; ; waited += 0.1)
        {
            var status = await Device.GetStatusAsync();
            if (status.Fault == fault && await RefusalOfAsync(Device.ClearFaultAsync(fault)) is not (RejectionReason.StillRetracting or RejectionReason.FaultStillPresent))
            {
                return;
            }

            if (waited > seconds)
            {
                throw new TimeoutException($"{fault} is not latched or cannot be acknowledged; latched is {status.Fault}.");
            }

            await DelayAsync(0.1);
        }
    }

    /// <summary>The device refuses, and why; null: it accepted.</summary>
    public async Task<RejectionReason?> RefusalOfAsync(Task command)
    {
        try
        {
            await command;
            return null;
        }
        catch (RejectedException e)
        {
            Note($"refused: {e.Message}");
            return e.Reason;
        }
    }

    private async Task KeepEventsAsync(DeviceClient client)
    {
        try
        {
            await foreach (var entry in client.EventsAsync())
            {
                Note(entry is DeviceEvent happened ? DeviceWords.Of(happened) : entry.ToString());
            }
        }
        catch (Exception e) when (e is LinkException or OperationCanceledException)
        {
            Note($"link ended: {e.Message}");
        }
    }
}
