using System.Diagnostics.CodeAnalysis;

namespace Microneedling.Client.Discovery;

/// <summary>
/// Finds devices by asking who is there: opens a port, greets, reads the answer, closes. Commands nothing. A few ports at a
/// time, each for a few seconds at most, so that a silent or stuck one delays no other. For any thread.
/// </summary>
/// <remarks>
/// <para>
/// A greeting takes a device over from the host that it had: one in motion then stops by itself. Serial ports are opened for
/// this program alone, so a device that another program uses shows as in use and is left as it is. A network address does
/// not protect like that: none is asked unless it is given.
/// </para>
/// <example>
/// <code>
/// var transports = TransportRegistry.CreateStandard();
/// var finder = new DeviceFinder(transports);
/// transports.Add(DeviceAddress.Scheme, finder.OpenAsync);
/// foreach (var found in (await finder.FindAsync()).Devices)
/// {
///     Console.WriteLine($"device {found.Identity.SerialNumber} at {found.Address}");
/// }
///
/// await using var device = await DeviceClient.ConnectAsync(await transports.OpenAsync("device:12345"));
/// </code>
/// </example>
/// </remarks>
public sealed class DeviceFinder
{
    /// <summary>Ports asked at the same time.</summary>
    internal const int AtATime = 4;

    /// <summary>
    /// Longest for one port. A greeting that nothing answers is given up after half of it; the rest is for drivers that open
    /// slowly, and for the state and events that a device tells when it is greeted.
    /// </summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <summary>How long a port may take to close when it is told to, before it is left to itself.</summary>
    internal static readonly TimeSpan ClosingPatience = TimeSpan.FromMilliseconds(500);

    private readonly Func<string, CancellationToken, Task<ITransport>> open;
    private readonly Func<IReadOnlyList<SerialPortInfo>> listPorts;
    private readonly IPortMemory memory;
    private readonly TimeProvider time;

    /// <summary>Makes a finder.</summary>
    /// <param name="transports">Opens the ports and the addresses that are given.</param>
    /// <param name="listPorts">Lists the ports to search; <see cref="SerialPorts.List"/> by default.</param>
    /// <param name="memory">Where devices were last; forgotten with this finder by default.</param>
    /// <param name="time">Clock for the time-outs.</param>
    public DeviceFinder(
        TransportRegistry transports,
        Func<IReadOnlyList<SerialPortInfo>>? listPorts = null,
        IPortMemory? memory = null,
        TimeProvider? time = null)
        : this(OpenElsewhere(transports), listPorts ?? SerialPorts.List, memory ?? new PortMemory(), time ?? TimeProvider.System)
    {
    }

    internal DeviceFinder(
        Func<string, CancellationToken, Task<ITransport>> open,
        Func<IReadOnlyList<SerialPortInfo>> listPorts,
        IPortMemory memory,
        TimeProvider time)
    {
        this.open = open;
        this.listPorts = listPorts;
        this.memory = memory;
        this.time = time;
    }

    /// <summary>Asks at the serial ports and at the given addresses.</summary>
    /// <param name="allPorts">True to ask at every serial port, not only at likely ones: others hear a greeting that they may not understand.</param>
    /// <param name="addresses">Further addresses, such as <c>tcp://…</c>; asked after the ports, each address once.</param>
    /// <param name="cancellationToken">Ends the search; ports are closed before that is reported.</param>
    public async Task<SearchResult> FindAsync(bool allPorts = false, IEnumerable<string>? addresses = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<SerialPortInfo> ports = listPorts();
        string[] given = [.. addresses ?? []];
        SerialPortInfo[] asked = [.. ports.Where(port => allPorts || port.IsLikely || given.Contains(port.Address))];
        IEnumerable<SerialPortInfo> further = given.Except(asked.Select(port => port.Address)).Select(address => new SerialPortInfo(address, address));
        SearchResult result = new(await AskAsync([.. asked, .. further], cancellationToken), [.. ports.Except(asked)]);
        Remember(result, ports);
        return result;
    }

    /// <summary>
    /// Opens the way to the device that a <see cref="DeviceAddress"/> names, at whatever likely serial port it is now. The
    /// port where it was last is asked first, and when it is there the others are left alone.
    /// </summary>
    /// <param name="address">Such as <c>device:12345</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A transport on which nothing has been said. Whoever connects over it asks <see cref="DeviceIdentityCheck"/> afterwards.</returns>
    /// <exception cref="LinkException">The device is not there, or several answer by its number, or the port could not be opened again.</exception>
    public async Task<ITransport> OpenAsync(string address, CancellationToken cancellationToken = default)
    {
        if (!DeviceAddress.TryParse(address, out uint serialNumber))
        {
            throw new LinkException(DiscoveryWords.NoAddress(address), isTransient: false);
        }

        IReadOnlyList<SerialPortInfo> ports = listPorts();
        string? last = memory.WhereWas(serialNumber);
        SerialPortInfo[] first = [.. ports.Where(port => port.Address == last)];
        PortFinding[] findings = await AskAsync(first, cancellationToken);
        if (findings is not [FoundDevice { Identity.SerialNumber: uint found }] || found != serialNumber)
        {
            SerialPortInfo[] others = [.. ports.Where(port => port.IsLikely).Except(first)];
            findings = [.. findings, .. await AskAsync(others, cancellationToken)];
        }

        SearchResult result = new(findings, [.. ports.Where(port => !port.IsLikely).Except(first)]);
        Remember(result, ports);
        return await open(result.The(serialNumber).Address, cancellationToken);
    }

    // A driver may block while it opens a port: not on the caller's thread, nor on that of the other ports.
    private static Func<string, CancellationToken, Task<ITransport>> OpenElsewhere(TransportRegistry transports)
    {
        ArgumentNullException.ThrowIfNull(transports);
        return (address, cancellationToken) => Task.Run(() => transports.OpenAsync(address, cancellationToken), CancellationToken.None);
    }

    // Only serial ports: who is at a network address is asked only by those who give it.
    private void Remember(SearchResult result, IReadOnlyList<SerialPortInfo> ports)
    {
        uint[] shared = [.. result.SharedSerialNumbers.Select(number => number.SerialNumber)];
        foreach (FoundDevice device in result.Devices.Where(device => ports.Any(port => port.Address == device.Address)))
        {
            if (device.Identity.SerialNumber is uint serialNumber and not 0 && !shared.Contains(serialNumber))
            {
                memory.Remember(serialNumber, device.Address);
            }
        }
    }

    private async Task<PortFinding[]> AskAsync(SerialPortInfo[] ports, CancellationToken cancellationToken)
    {
        PortFinding[] findings = new PortFinding[ports.Length];
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => AskOneAfterTheOtherAsync()));
        return findings;

        async Task AskOneAfterTheOtherAsync()
        {
            for (int i; (i = Interlocked.Increment(ref next) - 1) < ports.Length;)
            {
                findings[i] = await AskAsync(ports[i], cancellationToken);
            }
        }
    }

    private async Task<PortFinding> AskAsync(SerialPortInfo port, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using CancellationTokenSource leaving = new(Patience + ClosingPatience, time);
        using CancellationTokenRegistration cancelled = cancellationToken.Register(() => leaving.CancelAfter(ClosingPatience));
        Task<PortFinding> asking = GreetAsync(port, either.Token);
        try
        {
            PortFinding finding = await asking.WaitAsync(leaving.Token);
            cancellationToken.ThrowIfCancellationRequested();
            return finding;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Without(port, PortProblem.Stuck);
        }
    }

    /// <summary>
    /// Asks at one port and closes it, however it ends; also when nobody waits for it any longer. Never fails, and honours its
    /// token as well as the transport does.
    /// </summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a driver throws, there is no device to use there, and the finding says why.")]
    private async Task<PortFinding> GreetAsync(SerialPortInfo port, CancellationToken cancellationToken)
    {
        ProbedTransport line;
        try
        {
            line = new ProbedTransport(await open(port.Address, cancellationToken));
        }
        catch (OperationCanceledException)
        {
            return Without(port, PortProblem.Stuck);
        }
        catch (Exception why)
        {
            return new PortWithoutDevice(port.Address, PortProblem.NotUsable, DiscoveryWords.CannotOpen(why), port.Usb);
        }

        PortFinding finding = await GreetAsync(port, line, cancellationToken);
        return line.IsClosed ? finding : Without(port, PortProblem.Stuck);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a driver throws, there is no device to use there, and the finding says why.")]
    private async Task<PortFinding> GreetAsync(SerialPortInfo port, ProbedTransport line, CancellationToken cancellationToken)
    {
        try
        {
            await using DeviceClient device = await DeviceClient.ConnectAsync(line, time, cancellationToken);
            return new FoundDevice(port.Address, device.Identity, port.Usb);
        }
        catch (RejectedException refusal)
        {
            return new PortWithoutDevice(port.Address, PortProblem.Refused, refusal.Message, port.Usb);
        }
        catch (Exception)
        {
            return Without(port, line.Problem);
        }
    }

    private static PortWithoutDevice Without(SerialPortInfo port, PortProblem problem) =>
        new(port.Address, problem, DiscoveryWords.Of(problem), port.Usb);
}
