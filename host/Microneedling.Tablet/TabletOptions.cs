using System.Globalization;
using Microneedling.Sessions;

namespace Microneedling.Tablet;

/// <summary>What the command line decides.</summary>
/// <param name="Device">Address of the device, such as <c>sim:</c>.</param>
/// <param name="DatabasePath">Full path of the session record's file; with a server, of what else this program keeps.</param>
/// <param name="TracePath">Full path of the file that gets every frame to and from the device; null: none.</param>
/// <param name="Port">The only port to use; 0 lets the system choose; null prefers 5080.</param>
/// <param name="LanPort">The port for the local network, by HTTPS; 0 lets the system choose; null: loopback only.</param>
/// <param name="IsDeviceGiven">Whether the command line names the device; else what was chosen last counts.</param>
/// <param name="Server">Connection string of the PostgreSQL database that keeps the sessions; null: the file.</param>
/// <param name="BackupFolder">Full path of the folder of backups; null: <c>backups</c> beside the record.</param>
/// <param name="RestorePath">Full path of the backup to restore, after which the program ends; null: none.</param>
/// <param name="RestoredBy">Who restores it; null: the user of the computer.</param>
/// <param name="Clinic">Connection string of the clinic's PostgreSQL database that finished sessions are forwarded to; null: none.</param>
public sealed record TabletOptions(
    string Device, string DatabasePath, int? Port, string? TracePath = null, int? LanPort = null, bool IsDeviceGiven = false, string? Server = null, string? Clinic = null,
    string? BackupFolder = null, string? RestorePath = null, string? RestoredBy = null)
{
    private const string SimulatedDevice = "sim:";
    private const int UsualLanPort = 5443;

    private const string Usage =
        """
        Options:
          --device ADDRESS    the device: serial:/dev/ttyUSB0, serial:COM5, tcp://host:port, device:NUMBER by its serial
                              number (default: the one chosen last in the program, at first sim:, a simulated one in it)
          --database WHERE    where the sessions are kept: a file (default: Microneedling/microneedling.db in the user's
                              local application data), or a PostgreSQL database, "Host=NAME;Database=NAME;Username=NAME"
          --clinic DATABASE   forwards finished sessions to the clinic's PostgreSQL database whenever it can be reached
                              (passwords: PGPASSWORD or ~/.pgpass)
          --backups FOLDER    where a file's daily backups go, best on another disk (default: backups, beside the file)
          --restore FILE      verifies a backup, puts it in the place of the file, and ends; the file before is kept
          --by NAME           who restores it, for the audit trail (default: the user of this computer)
          --trace FILE        writes every frame to and from the device, in words, to a file
          --port NUMBER       the port on 127.0.0.1 (default: 5080, or the next free one)
          --lan               lets tablets on the local network in too, by HTTPS; the first person must be set up before
          --lan-port NUMBER   the port for them (default: 5443)
        """;

    /// <summary>What the session record is opened with.</summary>
    public string Record => Server ?? DatabasePath;

    /// <summary>Whether the device is simulated in this process.</summary>
    public bool IsSimulated => Device == SimulatedDevice;

    /// <summary>Reads the command line: pairs of <c>--name value</c>, or <c>--name=value</c>.</summary>
    /// <exception cref="TabletOptionException">It cannot be understood; the message says what can.</exception>
    public static TabletOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new TabletOptions(SimulatedDevice, DefaultDatabasePath(), null);
        bool isForLan = false;
        for (int index = 0; index < arguments.Count; index++)
        {
            if (arguments[index] is "--lan")
            {
                isForLan = true;
                continue;
            }

            if (arguments[index] is "--help" or "-h")
            {
                throw new TabletOptionException(Usage);
            }

            var (name, value) = arguments[index].Split('=', 2) is [var before, var after]
                ? (before, after)
                : (arguments[index], index + 1 < arguments.Count ? arguments[++index] : "");
            if (value.Length == 0)
            {
                throw new TabletOptionException($"{name} needs a value.\n{Usage}");
            }

            options = name switch
            {
                "--device" => options with { Device = value, IsDeviceGiven = true },
                "--database" when SessionStore.IsServer(value) => options with { Server = value },
                "--database" => options with { DatabasePath = Path.GetFullPath(value), Server = null },
                "--clinic" when SessionStore.IsServer(value) => options with { Clinic = value },
                "--clinic" => throw new TabletOptionException($"--clinic needs a connection string, \"Host=NAME;Database=NAME;Username=NAME\".\n{Usage}"),
                "--backups" => options with { BackupFolder = Path.GetFullPath(value) },
                "--restore" => options with { RestorePath = Path.GetFullPath(value) },
                "--by" => options with { RestoredBy = value },
                "--trace" => options with { TracePath = Path.GetFullPath(value) },
                "--port" => options with { Port = ParsePort(name, value) },
                "--lan-port" => options with { LanPort = ParsePort(name, value) },
                _ => throw new TabletOptionException($"There is no option {name}.\n{Usage}"),
            };
        }

        if (options is { RestorePath: not null, Server: not null })
        {
            throw new TabletOptionException("--restore is for a record in a file. A database on a server is restored by its own tools: pg_restore.");
        }

        return isForLan ? options with { LanPort = options.LanPort ?? UsualLanPort }
            : options.LanPort is null ? options
            : throw new TabletOptionException($"--lan-port is the port of --lan: give that too.\n{Usage}");
    }

    private static string DefaultDatabasePath() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "Microneedling",
        "microneedling.db");

    private static int ParsePort(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= 65535
            ? port
            : throw new TabletOptionException($"{name} needs a number from 0 to 65535, not {value}.");
}

/// <summary>The command line cannot be followed; the message says why and what can be given.</summary>
public sealed class TabletOptionException(string message) : Exception(message);
