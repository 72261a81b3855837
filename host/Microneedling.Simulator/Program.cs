// `dotnet run --project host/Microneedling.Simulator -- --tcp 7777`: simulated devices for any client, until Ctrl-C.

using System.Net;
using Microneedling.Simulator;
using Microneedling.Simulator.Operating;

return await SimulatorCommandLine.RunAsync(args, RunAsync, Console.Out, Console.Error);

static async Task<int> RunAsync(SimulatorOptions options, CancellationToken cancellationToken)
{
    try
    {
        if (!IPAddress.IsLoopback(options.Bind))
        {
            await Console.Error.WriteLineAsync($"Warning: whoever reaches {options.Bind} may move these devices; nobody is asked to sign in.");
        }

        await using DeviceRack rack = await DeviceRack.StartAsync(options, Console.WriteLine);
        foreach (OperatedDevice device in rack.Devices)
        {
            Console.WriteLine($"device {device.Number}  {string.Join("  ", rack.AddressesOf(device))}");
        }

        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = cancellationToken.Register(() => ended.TrySetResult());
        Console.WriteLine("ready");
        new Thread(() => Listen(new OperatorConsole(rack.Devices, Console.WriteLine, () => ended.TrySetResult()), options.ExitAtEof, ended))
        {
            IsBackground = true,
            Name = "console",
        }.Start();
        await ended.Task;
        return 0;
    }
    catch (SimulatorException problem)
    {
        await Console.Error.WriteLineAsync(problem.Message);
        return SimulatorCommandLine.BadUsage;
    }
}

static void Listen(OperatorConsole console, bool exitAtEof, TaskCompletionSource ended)
{
    while (!ended.Task.IsCompleted && Console.In.ReadLine() is { } line)
    {
        console.Follow(line);
    }

    if (exitAtEof)
    {
        ended.TrySetResult();
    }
}
