// `dotnet run --project host/Microneedling.Simulator -- --tcp 7777`: simulated devices for any client, until Ctrl-C.

return await Microneedling.Simulator.SimulatorProgram.RunAsync(args);
