// The settings of a device: read, written, kept in a file. What is written is read back and compared. A file is of one device:
// another does not get it unless somebody insists.

using System.CommandLine;
using System.Text.Json;
using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Cli.Devices;

/// <summary>A backup of settings, as it is in the file.</summary>
internal sealed record SettingsFile(string Format, int Version, uint SerialNumber, int ZeroOffsetMicrometers, string FirmwareVersion, DateTimeOffset ReadAtUtc)
{
    internal const string OurFormat = "microneedling-device-settings";
    internal const int OurVersion = 1;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true, RespectRequiredConstructorParameters = true };

    internal static async Task<SettingsFile> ReadAsync(string path, CancellationToken ct)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<SettingsFile>(file, Form, ct) switch
            {
                { Format: OurFormat, Version: OurVersion } read => read,
                { Format: OurFormat } read => throw new CommandException(Voice.Line($"{path} is of version {read.Version}; this program reads {OurVersion}. Use the program that wrote it.")),
                _ => throw new CommandException(NoBackup(path)),
            };
        }
        catch (JsonException)
        {
            throw new CommandException(NoBackup(path));
        }
    }

    /// <summary>A file that is there is never overwritten.</summary>
    internal async Task WriteAsync(string path, CancellationToken ct)
    {
        await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write);
        await JsonSerializer.SerializeAsync(file, this, Form, ct);
    }

    private static string NoBackup(string path) => $"{path} is no backup of a device's settings. 'settings backup FILE' writes one.";
}

internal sealed class SettingsVerbs(Surroundings surroundings) : DeviceVerbs(surroundings)
{
    private static readonly TimeSpan StoreWithin = TimeSpan.FromSeconds(10);

    private static readonly Option<uint?> SerialNumber = Values.NumberOption("--serial-number", "N", "Serial number of the device [default: as it is]", 1, uint.MaxValue);
    private static readonly Option<Depth?> ZeroOffset = Values.DepthOption("--zero-offset", "Where the tips are when the stage counts 0, -0.30 to 0.30 [default: as it is]");
    private static readonly Option<bool> Force = new("--force") { Description = "Writes them even to another device than they are from" };
    private static readonly Argument<string> Path = new("file") { Description = "The backup's file" };

    internal Command Command => new("settings", "The settings stored on a device")
    {
        Connected("get", "Reads them", canMove: false, GetAsync),
        Connected("set", "Writes them, reads them back and compares", canMove: false, SetAsync, SerialNumber, ZeroOffset),
        Connected("backup", "Writes them into a new file", canMove: false, BackUpAsync, Path),
        Connected("restore", "Writes them from a file, reads them back and compares", canMove: false, RestoreAsync, Path, Force),
    };

    /// <summary>Waits until the device has stored what was written, and reads it back.</summary>
    internal static async Task<DeviceSettings> StoredAsync(DeviceClient client, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(StoreWithin);
        try
        {
            await foreach (var status in client.TelemetryAsync(patience.Token))
            {
                var settings = await client.ReadSettingsAsync(patience.Token);
                if (!settings.IsPending)
                {
                    return settings;
                }
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("The device has accepted the settings and has not stored them. Look at 'events', then write them again.");
        }

        await client.Completion;
        throw new OperationCanceledException("The connection was closed.");
    }

    private static async Task<int> GetAsync(Doing doing)
    {
        var settings = await doing.Client.ReadSettingsAsync(doing.Ct);
        doing.Voice.Tell(Json(settings, null), Words(settings));
        return settings.GoodCopies > 0 ? ExitCode.Done : ExitCode.NotInOrder;
    }

    private static async Task<int> SetAsync(Doing doing)
    {
        var (number, zero) = (doing.Parsed.GetValue(SerialNumber), doing.Parsed.GetValue(ZeroOffset));
        if (number is null && zero is null)
        {
            throw new CommandException("Say what to set: --serial-number N, --zero-offset MM, or both.");
        }

        var now = await doing.Client.ReadSettingsAsync(doing.Ct);
        return now.GoodCopies == 0 && (number is null || zero is null)
            ? throw new CommandException("The device has lost its settings, so there is nothing to keep: give both --serial-number and --zero-offset, from its calibration sheet.")
            : await WriteAsync(doing, number ?? now.SerialNumber, zero ?? now.ZeroOffset);
    }

    private static async Task<int> BackUpAsync(Doing doing)
    {
        var settings = await doing.Client.ReadSettingsAsync(doing.Ct);
        if (settings.GoodCopies == 0 || settings.IsPending)
        {
            throw new CommandException(settings.GoodCopies == 0 ? "The device has lost its settings: there is nothing to back up." : "The device is about to store other settings. Try again.");
        }

        var path = doing.Parsed.GetRequiredValue(Path);
        await new SettingsFile(
            SettingsFile.OurFormat, SettingsFile.OurVersion, settings.SerialNumber, settings.ZeroOffset.Micrometers, doing.Client.Identity.FirmwareVersion.ToString(), DateTimeOffset.UtcNow)
            .WriteAsync(path, doing.Ct);
        doing.Voice.Tell(new { Path = path, settings.SerialNumber, ZeroOffsetMicrometers = settings.ZeroOffset.Micrometers }, [Voice.Line($"{path}: settings of device {settings.SerialNumber}.")]);
        return ExitCode.Done;
    }

    private static async Task<int> RestoreAsync(Doing doing)
    {
        var file = await SettingsFile.ReadAsync(doing.Parsed.GetRequiredValue(Path), doing.Ct);
        var now = await doing.Client.ReadSettingsAsync(doing.Ct);
        if (!doing.Parsed.GetValue(Force) && (now.GoodCopies == 0 || now.SerialNumber != file.SerialNumber))
        {
            throw new CommandException(now.GoodCopies == 0
                ? Voice.Line($"The device has lost its settings and cannot say who it is. If it is device {file.SerialNumber}, whose settings these are, give --force.")
                : Voice.Line($"These are the settings of device {file.SerialNumber}, and this is device {now.SerialNumber}: its needles would go to a wrong depth. Connect device {file.SerialNumber}; --force writes them all the same."));
        }

        return await WriteAsync(doing, file.SerialNumber, Depth.FromMicrometers(file.ZeroOffsetMicrometers));
    }

    private static async Task<int> WriteAsync(Doing doing, uint serialNumber, Depth zeroOffset)
    {
        await doing.Client.WriteSettingsAsync(serialNumber, zeroOffset, doing.Ct);
        var stored = await StoredAsync(doing.Client, doing.Ct);
        var isSame = stored.GoodCopies > 0 && stored.SerialNumber == serialNumber && stored.ZeroOffset == zeroOffset;
        doing.Voice.Tell(
            Json(stored, isSame),
            [.. Words(stored), isSame ? "Read back: as written." : Voice.Line($"READ BACK IS NOT WHAT WAS WRITTEN: device {serialNumber}, zero offset {zeroOffset.Micrometers} um. Do not treat; write them again.")]);
        return isSame ? ExitCode.Done : ExitCode.NotInOrder;
    }

    private static object Json(DeviceSettings settings, bool? isAsWritten) => new
    {
        settings.SerialNumber,
        ZeroOffsetMicrometers = settings.ZeroOffset.Micrometers,
        settings.GoodCopies,
        settings.Writes,
        Pending = settings.IsPending,
        AsWritten = isAsWritten,
    };

    private static IEnumerable<string> Words(DeviceSettings settings) => settings.GoodCopies == 0
        ? [DeviceWords.Of(FaultCode.SettingsLost)]
        :
        [
            Voice.Line($"serial number  {settings.SerialNumber}"),
            Voice.Line($"zero offset    {settings.ZeroOffset.Millimeters:0.000} mm"),
            Voice.Line($"good copies    {settings.GoodCopies} of 2, written {settings.Writes} times{(settings.IsPending ? ", a change is not stored yet" : "")}"),
        ];
}
