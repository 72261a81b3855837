using Microneedling.Client.Discovery;
using Microneedling.Protocol;

namespace Microneedling.Client.Tests.Discovery;

/// <summary>
/// The ports of a computer, in virtual time: each can be opened once at a time, as serial ports are, and leads to whatever is
/// plugged in there.
/// </summary>
internal sealed class FakePorts
{
    public static readonly UsbIdentity Cp2102 = new(0x10C4, 0xEA60, "Silicon Labs", "CP2102");

    private readonly ManualTime time;
    private readonly Dictionary<string, Func<CancellationToken, Task<ITransport>>> ends = [];
    private readonly List<(string Address, ExclusiveTransport Transport)> opened = [];

    public FakePorts(ManualTime time)
    {
        this.time = time;
        Finder = new DeviceFinder(OpenAsync, () => Listed, Memory, time);
    }

    public DeviceFinder Finder { get; }

    public PortMemory Memory { get; } = new();

    /// <summary>What the operating system lists.</summary>
    public List<SerialPortInfo> Listed { get; } = [];

    /// <summary>Every device that was talked to, in the order of opening.</summary>
    public List<FakeDevice> Devices { get; } = [];

    /// <summary>Every address that was opened, in order; those in vain too.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>When each was opened.</summary>
    public List<TimeSpan> AskedAt { get; } = [];

    /// <summary>Addresses that are open now.</summary>
    public IEnumerable<string> Open => opened.Where(port => !port.Transport.IsDisposed).Select(port => port.Address);

    /// <summary>Most ports that were being asked at the same time.</summary>
    public int MostAtOnce { get; private set; }

    public static string Usb(int number) => $"serial:/dev/ttyUSB{number}";

    /// <summary>A serial port with a device behind it.</summary>
    public void PlugDevice(int number, uint serialNumber, Action<FakeDevice>? change = null) => Plug(number, () => Device(serialNumber, change));

    /// <summary>A serial port with something else behind it.</summary>
    public void Plug(int number, Func<ITransport> connect) => Plug(number, _ => Task.FromResult(connect()));

    public void Plug(int number, Func<CancellationToken, Task<ITransport>> open) => Plug($"/dev/ttyUSB{number}", open, Cp2102);

    public void Plug(string path, Func<CancellationToken, Task<ITransport>> open, UsbIdentity? usb)
    {
        SerialPortInfo port = SerialPortInfo.At(path, usb);
        Listed.RemoveAll(other => other.Address == port.Address);
        Listed.Add(port);
        ends[port.Address] = open;
    }

    /// <summary>An address that no list names.</summary>
    public void Serve(string address, Func<ITransport> connect) => ends[address] = _ => Task.FromResult(connect());

    public void Unplug(int number)
    {
        Listed.RemoveAll(port => port.Address == Usb(number));
        ends.Remove(Usb(number));
    }

    public ITransport Device(uint serialNumber, Action<FakeDevice>? change = null)
    {
        (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
        FakeDevice device = new(line, time);
        device.Hello.SerialNumber = serialNumber;
        change?.Invoke(device);
        Devices.Add(device);
        return host;
    }

    /// <summary>Something that hears everything and says what it is told to say to each piece.</summary>
    public static ITransport Talker(Func<byte[], byte[]> answer)
    {
        (InMemoryTransport host, InMemoryTransport line) = InMemoryTransport.CreatePair();
        _ = TalkAsync();
        return host;

        async Task TalkAsync()
        {
            byte[] buffer = new byte[256];
            for (int count; (count = await line.ReadAsync(buffer, CancellationToken.None)) > 0;)
            {
                if (answer(buffer[..count]) is { Length: > 0 } said)
                {
                    await line.WriteAsync(said, CancellationToken.None);
                }
            }
        }
    }

    public async Task<ITransport> OpenAsync(string address, CancellationToken cancellationToken)
    {
        Asked.Add(address);
        AskedAt.Add(time.Elapsed);
        if (Open.Contains(address))
        {
            throw new LinkException($"{address} is in use by another program. Close it there.", isTransient: true);
        }

        if (!ends.TryGetValue(address, out Func<CancellationToken, Task<ITransport>>? connect))
        {
            throw new LinkException($"{address} is not there. Plug it in.", isTransient: true);
        }

        ExclusiveTransport transport = new(await connect(cancellationToken), address);
        opened.Add((address, transport));
        MostAtOnce = Math.Max(MostAtOnce, Open.Count());
        return transport;
    }

    /// <summary>What devices were told, all together: nothing but questions is allowed.</summary>
    public IEnumerable<MessageId> Told => Devices.SelectMany(device => device.Frames).Select(frame => frame.Id).Distinct();

    private sealed class ExclusiveTransport(ITransport inner, string name) : ITransport
    {
        public bool IsDisposed { get; private set; }

        public string Name => name;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReadAsync(buffer, cancellationToken);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => inner.WriteAsync(bytes, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            IsDisposed = true;
        }
    }
}
