using Microneedling.Client.Discovery;

namespace Microneedling.Client.Tests.Discovery;

/// <summary>A copy of the part of sysfs that says what serial ports there are, in a directory of its own.</summary>
internal sealed class FakeSysfs : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("sysfs-").FullName;

    public IReadOnlyList<SerialPortInfo> List() => LinuxSerialPorts.List(Root);

    /// <summary>A USB device; returns its directory below the root.</summary>
    public string AddUsb(string where, params (string Attribute, string Text)[] attributes)
    {
        string directory = $"devices/pci0000:00/0000:00:14.0/usb1/{where}";
        foreach ((string attribute, string text) in attributes)
        {
            Write($"{directory}/{attribute}", text + "\n");
        }

        return directory;
    }

    /// <summary>A port of a USB bridge, which has a directory of its own below the interface.</summary>
    public void AddUsbSerial(string usb, string name, string driver)
    {
        string port = $"{usb}/{Path.GetFileName(usb)}:1.0/{name}";
        AddPort(name, port, "bus/usb-serial", $"bus/usb-serial/drivers/{driver}");
    }

    /// <summary>A terminal on a port: its entry in the class, and the port's subsystem and driver.</summary>
    public string AddPort(string name, string port, string? subsystem, string? driver)
    {
        string terminal = $"{port}/tty/{name}";
        Directory.CreateDirectory(At(terminal));
        Link($"{terminal}/device", port);
        Link($"class/tty/{name}", terminal);
        LinkUnlessNull($"{port}/subsystem", subsystem);
        LinkUnlessNull($"{port}/driver", driver);
        return terminal;
    }

    public void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    public void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllBytes(At(path), bytes);
    }

    /// <summary>A link as sysfs has them: relative, and to a directory that is made when it is not there.</summary>
    public void Link(string link, string target)
    {
        Directory.CreateDirectory(At(target));
        string parent = Path.GetDirectoryName(At(link))!;
        Directory.CreateDirectory(parent);
        File.CreateSymbolicLink(At(link), Path.GetRelativePath(parent, At(target)));
    }

    public string At(string path) => Path.Combine(Root, path);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void LinkUnlessNull(string link, string? target)
    {
        if (target is not null)
        {
            Link(link, target);
        }
    }
}
