// Which device this program connects to. The command line decides when it says so; else what was chosen last, kept in a
// small file beside the session record; else the simulated one.

using Microneedling.Client;

namespace Microneedling.Tablet.Device;

/// <summary>The address of the device, and its memory.</summary>
public sealed class ConnectionChoice
{
    /// <summary>Address of the device that is simulated in this program.</summary>
    public const string Simulated = "sim:";

    private const int LongestAddress = 200;

    private static readonly string[] Schemes = [.. TransportRegistry.CreateStandard().Schemes];

    private readonly string _file;
    private readonly ILogger<ConnectionChoice> _logger;
    private volatile string _address;

    /// <summary>Reads what was chosen last, unless the command line names a device.</summary>
    public ConnectionChoice(TabletOptions options, ILogger<ConnectionChoice> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _logger = logger;
        _file = FileBeside(options.DatabasePath);
        _address = (options.IsDeviceGiven ? null : Remembered()) ?? options.Device;
    }

    /// <summary>The device's address, such as <c>device:12345</c>.</summary>
    public string Address => _address;

    /// <summary>Whether the device is simulated in this program.</summary>
    public bool IsSimulated => Address == Simulated;

    /// <summary>Where the choice is kept for a session record.</summary>
    public static string FileBeside(string databasePath) => databasePath + ".device";

    /// <summary>Whether an address can be tried: a known way, and something after it.</summary>
    public static bool IsAddress(string? address) =>
        address == Simulated
        || (address is { Length: <= LongestAddress } && address.Split(':', 2) is [var scheme, { Length: > 0 }]
            && Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase) && !address.Any(char.IsControl) && !address.Any(char.IsWhiteSpace));

    /// <summary>Chooses an address, for now and for the next start. One that cannot be kept counts for now.</summary>
    /// <exception cref="ArgumentException">It is no address, by <see cref="IsAddress"/>.</exception>
    public void Choose(string address)
    {
        if (!IsAddress(address))
        {
            throw new ArgumentException($"'{address}' is not the address of a device.", nameof(address));
        }

        _address = address;
        try
        {
            File.WriteAllText(_file, address + "\n");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _logger.LogWarning("The choice of the device could not be kept for the next start: {Problem}", problem.Message);
        }
    }

    private string? Remembered()
    {
        try
        {
            string address = File.Exists(_file) ? File.ReadAllText(_file).Trim() : "";
            return IsAddress(address) ? address : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _logger.LogWarning("The device chosen last could not be read: {Problem}", problem.Message);
            return null;
        }
    }
}
