using System.Net;
using Microneedling.Simulator.Operating;
using Microneedling.Simulator.Plugs;

namespace Microneedling.Simulator;

/// <summary>The simulator as a program: devices, their plugs, and a console on the standard streams.</summary>
public static class SimulatorProgram
{
    /// <summary>Follows a command line until Ctrl-C, SIGTERM or the console end it.</summary>
    /// <param name="arguments">As the program got them.</param>
    /// <param name="controllerOf">Makes a device's bench controller, for --bench; null: there are none.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] arguments, Func<SimulatedDevice, IBenchController>? controllerOf = null) => SimulatorCommandLine.RunAsync(
        arguments, (options, cancellationToken) => RunAsync(options, controllerOf, cancellationToken), Console.Out, Console.Error, hasBench: controllerOf is not null);

    private static async Task<int> RunAsync(SimulatorOptions options, Func<SimulatedDevice, IBenchController>? controllerOf, CancellationToken cancellationToken)
    {
        try
        {
            if (!IPAddress.IsLoopback(options.Bind))
            {
                await Console.Error.WriteLineAsync($"Warning: whoever reaches {options.Bind} may move these devices; nobody is asked to sign in.");
            }

            await using DeviceRack rack = await DeviceRack.StartAsync(options, Console.WriteLine, controllerOf);
            foreach (OperatedDevice device in rack.Devices)
            {
                Console.WriteLine($"device {device.Number}  {string.Join("  ", rack.AddressesOf(device))}");
                if (rack.BenchAddressOf(device) is { } bench)
                {
                    Console.WriteLine($"bench {device.Number}  {bench}");
                }
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

    private static void Listen(OperatorConsole console, bool exitAtEof, TaskCompletionSource ended)
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
}
