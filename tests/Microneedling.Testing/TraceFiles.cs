// Traces of any test's runs without touching the test: MICRONEEDLING_TRACE names a directory, and every rig and every run in
// virtual time writes <test>-seed<seed>-<n>.vcd and .csv there.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microneedling.SimulatedBoard;

namespace Microneedling.Testing;

/// <summary>Names the files of traces.</summary>
public static class TraceFiles
{
    /// <summary>The environment variable that names the directory.</summary>
    public const string DirectoryVariable = "MICRONEEDLING_TRACE";

    private static readonly ConcurrentDictionary<string, int> Taken = new(StringComparer.Ordinal);

    /// <summary>The options with a trace in the directory that the environment names; unchanged without one, or with a trace of their own.</summary>
    /// <param name="options">How the board begins.</param>
    /// <param name="print">Gets a line with the files' names.</param>
    public static BoardOptions Apply(BoardOptions? options, Action<string> print) =>
        Apply(options ?? new BoardOptions(), print, Environment.GetEnvironmentVariable(DirectoryVariable), NameOfTest);

    /// <inheritdoc cref="Apply(BoardOptions?, Action{string})"/>
    public static BoardOptions Apply(BoardOptions options, Action<string> print, string? directory, Func<string> name)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(print);
        ArgumentNullException.ThrowIfNull(name);
        if (string.IsNullOrEmpty(directory) || options.TracePath is not null)
        {
            return options;
        }

        string run = $"{name()}-seed{options.Seed}";
        string path = Path.Combine(directory, $"{run}-{Taken.AddOrUpdate(run, 1, static (_, count) => count + 1)}");
        print($"Trace: {path}.vcd and .csv");
        return options with { TracePath = path };
    }

    /// <summary>Class and method of the test that calls, or the program's name.</summary>
    public static string NameOfTest()
    {
        foreach (StackFrame frame in new StackTrace().GetFrames())
        {
            if (frame.GetMethod() is MethodInfo method && Written(method) is { DeclaringType: { } type } written && IsTest(written))
            {
                return $"{type.Name}-{written.Name}";
            }
        }

        return Assembly.GetEntryAssembly()?.GetName().Name ?? "board";
    }

    // An asynchronous method runs in a class that the compiler made of it.
    private static MethodInfo Written(MethodInfo method) => method.DeclaringType is { DeclaringType: { } outer } made
        ? outer.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .FirstOrDefault(one => one.GetCustomAttribute<StateMachineAttribute>()?.StateMachineType == made) ?? method
        : method;

    private static bool IsTest(MethodInfo method) =>
        method.CustomAttributes.Any(static attribute => attribute.AttributeType.Name is "FactAttribute" or "TheoryAttribute");
}
