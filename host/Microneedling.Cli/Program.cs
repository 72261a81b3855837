// `microneedling`: what can be done to records without the tablet's pages. See RecordCommands for the words and exit codes.

using Microneedling.Cli;

return await RecordCommands.RunAsync(args, Console.Out, Console.Error);
