// `microneedling`: devices and records from the command line. CommandLine has the verbs, ExitCode what the program ends with.

using Microneedling.Cli;

using Interrupts interrupts = new();
return await CommandLine.RunAsync(args, new Surroundings(Console.In, Console.Out, Console.Error)
{
    Interrupted = interrupts.Token,
    IsTerminal = !Console.IsOutputRedirected,
    ErrorsAreTerminal = !Console.IsErrorRedirected,
});
