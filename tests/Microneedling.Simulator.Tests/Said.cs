using System.Threading.Channels;

namespace Microneedling.Simulator.Tests;

/// <summary>Lines as they are said, from any thread, and the waiting for one.</summary>
internal sealed class Said
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();

    internal void Say(string line) => lines.Writer.TryWrite(line);

    internal void End() => lines.Writer.TryComplete();

    /// <summary>The next line in which this stands; those before it are passed over.</summary>
    internal async Task<string> NextAsync(string part)
    {
        List<string> passed = [];
        using CancellationTokenSource patience = new(Patience);
        try
        {
            while (await lines.Reader.WaitToReadAsync(patience.Token))
            {
                while (lines.Reader.TryRead(out string? line))
                {
                    if (line.Contains(part, StringComparison.Ordinal))
                    {
                        return line;
                    }

                    passed.Add(line);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }

        throw new TimeoutException($"Nobody has said '{part}'. Said was: {string.Join(" | ", passed)}");
    }

    /// <summary>Everything that was said and not waited for.</summary>
    internal IReadOnlyList<string> Rest()
    {
        List<string> rest = [];
        while (lines.Reader.TryRead(out string? line))
        {
            rest.Add(line);
        }

        return rest;
    }
}
