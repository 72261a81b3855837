// `dotnet run --project host/Microneedling.Tablet`: builds the app, starts it on a loopback address, says where it is.

using Microneedling.Sessions;
using Microneedling.Tablet;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Keeping;
using Microneedling.Tablet.Lan;

TabletOptions? options = null;
try
{
    options = TabletOptions.Parse(args);
    if (options.RestorePath is not null)
    {
        await Restoring.RestoreAsync(options, Console.Out);
        return 0;
    }

    var (port, remark) = LoopbackPort.Choose(options.Port);
    await using var app = await TabletApp.CreateAsync(options, port);
    await app.StartAsync();

    if (remark is not null)
    {
        Console.WriteLine(remark);
    }

    var device = app.Services.GetRequiredService<ConnectionChoice>();
    Console.WriteLine($"Device:   {(device.IsSimulated ? "simulated, in this program" : device.Address)}");
    Console.WriteLine($"Sessions: {app.Services.GetRequiredService<SessionStore>().Name}");
    Console.WriteLine($"Open      {app.Urls.First(url => url.StartsWith("http:", StringComparison.Ordinal))}      (Ctrl+C stops the device, then the program)");
    if (app.Services.GetService<LanAccess>() is { } lan)
    {
        Console.WriteLine($"Network   https://{lan.Names.InUrls.First()}:{app.Services.GetRequiredService<LanPort>().Number}/trust      (how a tablet gets in)");
    }

    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception problem) when (problem is TabletOptionException or SessionStoreException or LanException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(problem.Message);
    if (problem is SessionStoreException { IsDamaged: true } && options is { Server: null })
    {
        await Restoring.OfferAsync(options, Console.Error);
    }

    return 2;
}
